//! Mailing codes, as long as those are not too many for one person.
//!
//! Anybody can ask for a code for anybody's password, and from many places, so that mails to one person are bounded,
//! whoever asks. A bound that refused further askers would let strangers lock the person out. So the long code from the
//! last mail, which only the person can read, works for everybody; and when that is about to expire, there is another mail,
//! with a long code alone.

use super::{HOUR, MAX_WRONG_ATTEMPTS, MailWish, MailedCode, codes, hours, is_good};
use super::{may_be_guessed, place};
use crate::app::App;
use crate::error::Result;
use crate::job::{Job, enqueue};
use tawzi_core::login::LoginKey;
use tawzi_core::time::Timestamp;
use tawzi_store::{MailCode, MailPurpose, Tx, User};

/// How many mails with a short code somebody gets in a day for one purpose.
const MOST_MAILS: i64 = 6;

const DAY: i64 = 24 * HOUR;

/// For how long codes are kept, at least as long as they are good.
const KEPT: i64 = 2 * DAY;

/// For how long a code has to be good still for somebody who is to find its mail.
const LEAST_SECONDS: i64 = 600;

/// What became of the wish for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issued {
    /// A mail is on its way, or in the log where mail is not set up.
    Mailed {
        /// From when the code is good for nothing.
        expires_at: Timestamp,
    },
    /// The person got enough mails.
    Enough,
}

/// Mails the person, whose lock the caller holds, a code for that address.
pub(crate) async fn issue(
    app: &App,
    tx: &mut Tx,
    user: &User,
    (purpose, email): (MailPurpose, &str),
    wish: MailWish,
) -> Result<Issued> {
    let now = app.now();
    let (after, until) = (now.plus_seconds(-KEPT), now.plus_seconds(KEPT));
    tx.delete_mail_codes_unless_within(user.id, purpose, after, until)
        .await?;
    let kept = tx.mail_codes(user.id, purpose).await?;
    let mails: i64 = kept
        .iter()
        .filter(|code| is_of_today(code, now))
        .map(|code| code.mails)
        .sum();
    let few = mails < MOST_MAILS;
    if !few && is_enough(&kept, purpose, now) {
        return Ok(Issued::Enough);
    }
    let place = place(app, user.id, wish.asker);
    let before = kept.into_iter().find(|code| code.asked_from == place);
    let mut code = MailCode {
        user_id: user.id,
        asked_from: place,
        email: email.to_owned(),
        nonce: format!("{:032x}", rand::random::<u128>()),
        wrong_attempts: if few { 0 } else { MAX_WRONG_ATTEMPTS },
        last_wrong_hash: None,
        mails: 1,
        mailed_at: now,
        expires_at: now.plus_seconds(hours(purpose) * HOUR),
    };
    if let Some(before) = before {
        if is_of_today(&before, now) {
            code.mails += before.mails;
        }
        if LoginKey::of(&before.email) == LoginKey::of(email)
            && is_good(&before, purpose, now)
            && may_be_guessed(&before)
        {
            code.nonce = before.nonce;
            code.wrong_attempts = before.wrong_attempts;
            code.last_wrong_hash = before.last_wrong_hash;
        }
    }
    tx.save_mail_code(&code, purpose).await?;
    // There is one address at a time that counts for the purpose.
    tx.end_mail_codes_unless_to(user.id, purpose, email).await?;
    send(app, tx, &code, purpose, wish).await?;
    let expires_at = code.expires_at;
    Ok(Issued::Mailed { expires_at })
}

fn is_of_today(code: &MailCode, now: Timestamp) -> bool {
    code.mailed_at > now.plus_seconds(-DAY)
}

/// Whether somebody who got the mails of a day gets none. Nobody else can ask for an address to be confirmed than the person
/// themselves, who is told so.
fn is_enough(kept: &[MailCode], purpose: MailPurpose, now: Timestamp) -> bool {
    let soon = now.plus_seconds(LEAST_SECONDS);
    let has_one = || kept.iter().any(|code| is_good(code, purpose, soon));
    purpose == MailPurpose::Email || has_one()
}

async fn send(
    app: &App,
    tx: &mut Tx,
    code: &MailCode,
    purpose: MailPurpose,
    wish: MailWish,
) -> Result<()> {
    let (short, long) = codes(app, code, purpose);
    if app.mailer.is_none() {
        tracing::warn!(
            user.id = code.user_id.get(),
            purpose = purpose.as_str(),
            code = short,
            token = long,
            "mail is not set up, so this code goes nowhere else; set TAWZI_SMTP_URL and TAWZI_MAIL_FROM"
        );
        return Ok(());
    }
    let short = Some(short).filter(|_| may_be_guessed(code));
    let mail = MailedCode::new(code, purpose, (short, long), wish.language);
    enqueue(tx, &Job::MailCode(mail), code.mailed_at).await?;
    Ok(())
}
