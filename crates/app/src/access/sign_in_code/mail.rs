//! The mail with a code: a job of the worker, whose payload holds the code until the job ends.

use super::code::{LIFETIME_SECONDS, require_good};
use crate::app::App;
use crate::error::Result;
use crate::language::Language;
use crate::mail::{Mail, MailError};
use serde::{Deserialize, Serialize};
use tawzi_core::id::UserId;
use tawzi_store::User;

/// What the job has to know. The address is read when the mail is sent, so that it stands in one
/// place alone.
#[derive(Debug, Serialize, Deserialize)]
pub struct CodeMail {
    /// By the hash of the code's token the job is known as this code's.
    #[serde(skip)]
    pub(crate) key: String,
    pub(super) user: i64,
    pub(super) code: String,
    /// Says whether the code is still the one that counts, without the key.
    pub(super) code_hash: String,
    pub(super) language: String,
}

impl CodeMail {
    /// The mail of a stored job; `None` when the payload is none.
    pub fn parse(payload: &str) -> Option<Self> {
        serde_json::from_str(payload).ok()
    }
}

/// What became of a mail with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeMailed {
    /// The mail server has it.
    Sent,
    /// The code was used or replaced meanwhile, or its owner may not sign in any more.
    NotWanted,
    /// The code expired before the mail could be sent.
    TooLate,
}

/// Sends the mail of a job. When it runs twice, the same code comes twice.
pub async fn mail_sign_in_code(app: &App, wanted: &CodeMail) -> Result<CodeMailed> {
    let now = app.now();
    let mut reader = app.db.read().await?;
    let id = UserId::new(wanted.user);
    let kept = reader.request_of_code(id, &wanted.code_hash).await?;
    let Some(kept) = kept else {
        return Ok(CodeMailed::NotWanted);
    };
    let Some(user) = reader.user(id).await?.filter(|user| user.is_active) else {
        return Ok(CodeMailed::NotWanted);
    };
    drop(reader);
    if require_good(kept.expires_at, now).is_err() {
        return Ok(CodeMailed::TooLate);
    }
    let mailer = app.mailer.as_ref().ok_or(MailError::NotSetUp)?;
    mailer.send(&written(wanted, user)).await?;
    Ok(CodeMailed::Sent)
}

fn written(wanted: &CodeMail, user: User) -> Mail {
    let language = Language::of_tag(&wanted.language).unwrap_or_default();
    let minutes = (LIFETIME_SECONDS / 60).to_string();
    let paragraphs = [
        // Without a name: whoever chose theirs would write what others read in a mail of the company.
        language.text("mail-code-greeting"),
        language.text("mail-code-what"),
        wanted.code.clone(),
        language.text_with("mail-code-minutes", &[("minutes", &minutes)]),
        language.text("mail-code-unasked"),
    ];
    Mail {
        to: user.email,
        subject: language.text("mail-code-subject"),
        body: format!("{}\n", paragraphs.join("\n\n")),
    }
}
