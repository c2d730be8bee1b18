//! The code that whoever asks is to show: a new one that is mailed, as long as those are not too many for one person.
//!
//! Anybody can ask for anybody's code, and from many addresses, so that mails to one person are bounded whoever asks. A
//! bound that refused further askers would let strangers lock the person out. So they are not refused: they are to show the
//! code that was mailed last, which only the person can read.

use super::{CodeMail, CodeRefusal};
use crate::access::token::Hashed;
use crate::app::App;
use crate::error::Result;
use crate::job::{Job, enqueue};
use crate::language::Language;
use tawzi_core::time::Timestamp;
use tawzi_store::{NewCodeRequest, Tx, User};

/// For how long a code is good.
pub(super) const LIFETIME_SECONDS: i64 = 600;

/// How many codes are mailed to one person for all the requests whose codes are good. Beyond that it is one whenever the
/// last of them is about to expire.
const MOST_MAILS: i64 = 6;

/// For how long a code has to be good still for somebody who is to find its mail.
const LEAST_SECONDS: i64 = 120;

/// A code that is to be shown.
pub(super) struct Code {
    pub(super) hash: String,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    /// The code itself, if it is a new one.
    pub(super) to_be_sent: Option<String>,
}

/// Chooses the code for somebody who asks now. Until commit nobody else gets one for that person.
pub(super) async fn choose(app: &App, tx: &mut Tx, user: &User, now: Timestamp) -> Result<Code> {
    if !tx.lock_user(user.id).await? {
        return Err(CodeRefusal::NoUser.into());
    }
    tx.delete_codes_unless_within(user.id, now, latest_expiry(now))
        .await?;
    if tx.count_code_mails(user.id).await? >= MOST_MAILS
        && let Some(last) = tx.newest_code_request(user.id).await?
        && last.expires_at >= now.plus_seconds(LEAST_SECONDS)
    {
        return Ok(Code {
            hash: last.code_hash,
            created_at: last.created_at,
            expires_at: last.expires_at,
            to_be_sent: None,
        });
    }
    let code = rand::random_range(100_000..=999_999_u32).to_string();
    Ok(Code {
        hash: app.keys.hash(Hashed::Code, user.id, &code),
        created_at: now,
        expires_at: now.plus_seconds(LIFETIME_SECONDS),
        to_be_sent: Some(code),
    })
}

/// Sends the new code of a request.
pub(super) async fn send(
    app: &App,
    tx: &mut Tx,
    request: NewCodeRequest<'_>,
    code: String,
    language: Language,
) -> Result<()> {
    if app.mailer.is_none() {
        tracing::warn!(
            user.id = request.user.get(),
            code,
            "mail is not set up, so this code to sign in with goes nowhere else; set \
             TAWZI_SMTP_URL and TAWZI_MAIL_FROM"
        );
        return Ok(());
    }
    let mail = CodeMail {
        key: request.token_hash.to_owned(),
        user: request.user.get(),
        code,
        code_hash: request.code_hash.to_owned(),
        language: language.tag().to_owned(),
    };
    enqueue(tx, &Job::MailSignInCode(mail), request.created_at).await?;
    Ok(())
}

/// Whether a code that expires then is good. The server that made it may have had another clock: one that was far ahead
/// makes no code that is good for days.
pub(super) fn require_good(expires_at: Timestamp, now: Timestamp) -> Result<(), CodeRefusal> {
    if expires_at <= now || expires_at > latest_expiry(now) {
        return Err(CodeRefusal::Expired);
    }
    Ok(())
}

/// When a code expires at the latest that was made by a clock which is not far ahead of this one.
fn latest_expiry(now: Timestamp) -> Timestamp {
    now.plus_seconds(2 * LIFETIME_SECONDS)
}
