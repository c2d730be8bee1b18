//! The mail with a code: a job of the worker, which has no key, so that its payload holds the codes until the job ends.
//! Nothing that somebody typed stands in it: whose address it is, is only known once the code comes back.

use super::{hours, is_good};
use crate::access::sign_in_code::CodeMailed;
use crate::app::App;
use crate::error::Result;
use crate::language::Language;
use crate::mail::{Mail, MailError};
use serde::{Deserialize, Serialize};
use tawzi_core::id::UserId;
use tawzi_store::{MailCode, MailPurpose};

/// What the job has to know. The address is read when the mail is sent.
#[derive(Debug, Serialize, Deserialize)]
pub struct MailedCode {
    /// By this the job is known as this mail's.
    #[serde(skip)]
    pub(crate) key: String,
    user: i64,
    purpose: String,
    nonce: String,
    /// Absent where the long code alone works.
    code: Option<String>,
    token: String,
    language: String,
}

impl MailedCode {
    pub(super) fn new(
        kept: &MailCode,
        purpose: MailPurpose,
        (code, token): (Option<String>, String),
        language: Language,
    ) -> Self {
        Self {
            // The same code is mailed again to whoever asks again.
            key: format!(
                "{}@{}@{}",
                kept.nonce,
                kept.mailed_at.microseconds(),
                kept.mails
            ),
            user: kept.user_id.get(),
            purpose: purpose.as_str().to_owned(),
            nonce: kept.nonce.clone(),
            code,
            token,
            language: language.tag().to_owned(),
        }
    }

    /// The mail of a stored job; `None` when the payload is none.
    pub fn parse(payload: &str) -> Option<Self> {
        serde_json::from_str(payload).ok()
    }
}

/// Sends the mail of a job. When it runs twice, the same code comes twice.
pub async fn mail_code(app: &App, wanted: &MailedCode) -> Result<CodeMailed> {
    let now = app.now();
    let id = UserId::new(wanted.user);
    let Some(purpose) = MailPurpose::parse(&wanted.purpose) else {
        return Ok(CodeMailed::NotWanted);
    };
    let mut reader = app.db.read().await?;
    let mut kept = reader.mail_codes(id, purpose).await?.into_iter();
    let Some(kept) = kept.find(|kept| kept.nonce == wanted.nonce) else {
        return Ok(CodeMailed::NotWanted);
    };
    if reader.user(id).await?.is_none_or(|user| !user.is_active) {
        return Ok(CodeMailed::NotWanted);
    }
    drop(reader);
    if !is_good(&kept, purpose, now) {
        return Ok(CodeMailed::TooLate);
    }
    let mailer = app.mailer.as_ref().ok_or(MailError::NotSetUp)?;
    mailer.send(&written(wanted, purpose, kept.email)).await?;
    Ok(CodeMailed::Sent)
}

fn written(wanted: &MailedCode, purpose: MailPurpose, to: String) -> Mail {
    let language = Language::of_tag(&wanted.language).unwrap_or_default();
    let [subject, what, unasked] = match purpose {
        MailPurpose::Email => [
            "mail-email-subject",
            "mail-email-what",
            "mail-email-unasked",
        ],
        MailPurpose::Password => [
            "mail-password-subject",
            "mail-password-what",
            "mail-password-unasked",
        ],
    };
    let hours = hours(purpose).to_string();
    let within = language.text_with("mail-once-within", &[("hours", &hours)]);
    let mut paragraphs = Vec::new();
    match &wanted.code {
        Some(code) => paragraphs.extend([
            language.text(what),
            code.clone(),
            within,
            language.text("mail-long-code"),
            wanted.token.clone(),
        ]),
        None => paragraphs.extend([language.text(what), wanted.token.clone(), within]),
    }
    paragraphs.push(language.text(unasked));
    Mail {
        to,
        subject: language.text(subject),
        body: format!("{}\n", paragraphs.join("\n\n")),
    }
}
