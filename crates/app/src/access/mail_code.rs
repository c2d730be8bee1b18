//! Codes that are mailed to somebody, who proves with them that they read what is sent to an address. A mail brings a
//! short code, for people, and a long one, which works wherever it is shown. Both follow from what is kept and the
//! server's key, so that whoever asks again at the same place gets the same ones: nobody makes the code useless that is
//! on its way.
//!
//! A short code belongs to the place where it was asked for, as those to sign in with do: strangers who guess use up
//! nobody's attempts but their own. Nothing else than the code is asked for, so that the guesses at somebody's are bounded
//! from all places together: by the number of mails of a day that bring a short one.

mod issue;
mod mail;
mod redeem;

pub(crate) use issue::{Issued, issue};
pub use mail::{MailedCode, mail_code};
pub use redeem::{BadMailCode, ShownCode};
pub(crate) use redeem::{count_wrong, found, redeem};

use crate::access::account::lock_company_of;
use crate::access::asker::Asker;
use crate::access::token::Hashed;
use crate::app::App;
use crate::error::Result;
use crate::hex::hex;
use crate::language::Language;
use tawzi_core::id::UserId;
use tawzi_core::login::LoginKey;
use tawzi_core::time::Timestamp;
use tawzi_store::{MailCode, MailPurpose, Reader, Tx, User};

/// How many wrong short codes may be tried at a place before the right one is of no use there.
const MAX_WRONG_ATTEMPTS: i64 = 5;

const HOUR: i64 = 3600;

/// Who wants a mail, and in which language.
#[derive(Clone, Copy, Debug)]
pub struct MailWish {
    /// Who asks.
    pub asker: Asker,
    /// The language of the mail.
    pub language: Language,
}

impl Default for MailWish {
    fn default() -> Self {
        Self {
            asker: Asker::Line(None),
            language: Language::default(),
        }
    }
}

/// For how many hours a code is good.
const fn hours(purpose: MailPurpose) -> i64 {
    match purpose {
        MailPurpose::Email => 48,
        MailPurpose::Password => 1,
    }
}

/// Whether the code is good for what it was mailed for. The server that made it may have had another clock: one that was
/// far ahead makes no code that is good for days.
pub(crate) fn is_good(code: &MailCode, purpose: MailPurpose, now: Timestamp) -> bool {
    let latest = now.plus_seconds(2 * hours(purpose) * HOUR);
    !code.nonce.is_empty() && code.expires_at > now && code.expires_at <= latest
}

/// Whether the short code may still be tried.
const fn may_be_guessed(code: &MailCode) -> bool {
    code.wrong_attempts < MAX_WRONG_ATTEMPTS
}

/// The hash of where somebody asks from.
fn place(app: &App, user: UserId, asker: Asker) -> String {
    app.keys.hash(Hashed::AskedFrom, user, &asker.address())
}

/// The short and the long code.
fn codes(app: &App, kept: &MailCode, purpose: MailPurpose) -> (String, String) {
    let about = format!(
        "mail code for {} of {}: {}",
        purpose.as_str(),
        kept.user_id,
        kept.nonce
    );
    let bytes = app.keys.derive(&about);
    let (long, rest) = bytes.split_at(16);
    let number = rest
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    ((100_000 + number % 900_000).to_string(), hex(long))
}

/// The person under the lock of their company and their own, if they may sign in.
pub(crate) async fn lock_active(tx: &mut Tx, id: UserId) -> Result<Option<User>> {
    let Some(user) = tx.user(id).await? else {
        return Ok(None);
    };
    lock_company_of(tx, &user).await?;
    tx.lock_user(id).await?;
    let user = tx.user(id).await?;
    Ok(user.filter(|user| user.is_active))
}

/// The address that somebody is to have once it is confirmed, if it is another one than they have.
pub(crate) async fn pending_email(
    reader: &mut Reader,
    user: &User,
    now: Timestamp,
) -> Result<Option<String>> {
    let kept = reader.mail_codes(user.id, MailPurpose::Email).await?;
    let good = kept
        .into_iter()
        .filter(|code| is_good(code, MailPurpose::Email, now));
    let mut others = good.map(|code| code.email);
    Ok(others.find(|email| is_other(email, user)))
}

/// Whether it is another address than the person has, not the same in other letters.
pub(crate) fn is_other(email: &str, user: &User) -> bool {
    LoginKey::of(email) != LoginKey::of(&user.email)
}
