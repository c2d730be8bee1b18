//! The way to a mail server: from the environment alone, because it has a password.

use anyhow::{Context, bail};
use tawzi_app::Mailer;

const URL: &str = "TAWZI_SMTP_URL";
const FROM: &str = "TAWZI_MAIL_FROM";

/// The mail server that the environment names; `None` when it names none.
pub(crate) fn mailer() -> anyhow::Result<Option<Mailer>> {
    let Some(url) = setting(URL)? else {
        return Ok(None);
    };
    let Some(from) = setting(FROM)? else {
        bail!("{URL} is set, but {FROM} is not; say who mails are from, such as crm@example.org");
    };
    let mailer = Mailer::new(&url, &from);
    mailer
        .map(Some)
        .with_context(|| format!("mail cannot be sent with {URL} and {FROM}"))
}

/// The value of a variable; an empty one counts as none.
fn setting(name: &str) -> anyhow::Result<Option<String>> {
    let Some(value) = std::env::var_os(name) else {
        return Ok(None);
    };
    match value.into_string() {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(_) => bail!("{name} is no text"),
    }
}
