//! Sending mail through an SMTP server.

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::time::Duration;

/// How long the mail server may take for each answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// The way to a mail server.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailer(..)")
    }
}

/// The setting of the mail server or of the sender makes no sense. Neither says the password.
#[derive(Debug, thiserror::Error)]
pub enum BadMailSetting {
    /// The address of the server cannot be understood.
    #[error("it is no address of a mail server; write smtps://USER:PASSWORD@HOST or smtp://HOST")]
    Url(#[source] lettre::transport::smtp::Error),
    /// The password would be sent in clear.
    #[error("it would send the password unencrypted; use smtps://, or add ?tls=required")]
    PasswordInClear,
    /// The sender is no mail address.
    #[error("{0:?} is no sender; write it as crm@example.org or \"CRM <crm@example.org>\"")]
    Sender(String),
}

/// Why a mail was not sent. Nothing here says to whom it should have gone.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// This process has no mail server.
    #[error("mail is not set up for this worker; set TAWZI_SMTP_URL and TAWZI_MAIL_FROM for it")]
    NotSetUp,
    /// The recipient's address is none that mail can be sent to.
    #[error("the person's e-mail address is none that mail can be sent to")]
    Address,
    /// The mail could not be written.
    #[error("the mail could not be written")]
    Message(#[source] lettre::error::Error),
    /// The mail server said no, and would say so again.
    #[error("the mail server refuses the mail for good (code {0})")]
    Refused(u16),
    /// The mail server said no for now.
    #[error("the mail server does not take the mail now (code {0})")]
    NotNow(u16),
    /// The mail server was not reached, or broke off.
    #[error("the mail server could not be reached")]
    Unreached(#[source] lettre::transport::smtp::Error),
}

impl MailError {
    /// Whether another try would end alike.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Address | Self::Message(_) | Self::Refused(_))
    }
}

/// A mail in plain text.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) body: String,
}

impl Mailer {
    /// The way to the server at that address (`smtps://USER:PASSWORD@HOST:PORT`,
    /// `smtp://USER:PASSWORD@HOST:PORT?tls=required`, `smtp://HOST` for one that asks for nothing),
    /// for mails from that sender. Nothing is sent yet.
    pub fn new(url: &str, from: &str) -> Result<Self, BadMailSetting> {
        if url.starts_with("smtp://") && url.contains('@') && !url.contains("tls=") {
            return Err(BadMailSetting::PasswordInClear);
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        let builder = builder.map_err(BadMailSetting::Url)?;
        let sender = from.parse();
        Ok(Self {
            transport: builder.timeout(Some(PATIENCE)).build(),
            from: sender.map_err(|_| BadMailSetting::Sender(from.to_owned()))?,
        })
    }

    /// Hands a mail to the server.
    pub(crate) async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let to: Address = mail.to.parse().map_err(|_| MailError::Address)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&mail.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(MailError::Message)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            // What the server says may name the recipient; its code does not.
            Err(error) => Err(match error.status() {
                Some(code) if error.is_permanent() => MailError::Refused(code.into()),
                Some(code) => MailError::NotNow(code.into()),
                None => MailError::Unreached(error),
            }),
        }
    }
}
