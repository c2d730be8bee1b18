//! E-mail addresses: a new one counts once its owner has confirmed it with a code from a mail (contract, section 1.4). What
//! somebody who manages the person sets is given: it counts at once, but is not verified.

use crate::access::actor::Actor;
use crate::access::mail_code::{
    self, BadMailCode, Issued, MailWish, ShownCode, is_other, pending_email,
};
use crate::app::App;
use crate::audit::{self, By};
use crate::error::{Error, Problem, Refusal, Result, require};
use crate::users::UserChange;
use crate::users::rights::Claim;
use tawzi_core::audit::{AuditEvent, SignInRefusal};
use tawzi_core::id::UserId;
use tawzi_core::login::LoginKey;
use tawzi_core::time::Timestamp;
use tawzi_store::{MailPurpose, Tx, User};

/// What became of the wish for another code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationMail {
    /// It is on its way.
    Requested {
        /// Whether it goes out by mail; otherwise it is in the log of the server.
        sent: bool,
        /// From when it is good for nothing.
        expires_at: Timestamp,
    },
    /// The address counts already.
    AlreadyVerified,
}

/// Takes the new address out of a change of one's own, if it is another one, not the same in other letters.
pub(super) fn take_to_confirm(
    actor: &Actor,
    before: &User,
    change: &mut UserChange,
) -> Option<String> {
    let is_own = actor.id() == Some(before.id);
    let new = |email: &mut String| is_own && is_other(email, before);
    change.email.take_if(new)
}

/// Asks for the new address of somebody to be confirmed, under the lock of their company; until then the one they
/// have counts. When somebody else has set another one, no code counts that was mailed before.
pub(super) async fn follow_edit(
    app: &App,
    tx: &mut Tx,
    (before, after): (&User, &User),
    to_confirm: Option<&str>,
    wish: MailWish,
) -> Result<()> {
    if is_other(&after.email, before) {
        tx.end_mail_codes(before.id, MailPurpose::Email).await?;
        tx.end_mail_codes(before.id, MailPurpose::Password).await?;
    }
    let Some(email) = to_confirm else {
        return Ok(());
    };
    tx.lock_user(before.id).await?;
    let wanted = (MailPurpose::Email, email);
    let issued = mail_code::issue(app, tx, before, wanted, wish).await?;
    let too_many = Error::of_field("email", Problem::Refused(Refusal::TooManyMails));
    require(issued != Issued::Enough, too_many)
}

/// Mails the actor a code to confirm their address with, or the new one that they are to have. Anybody else's address
/// is refused, be it somebody's or nobody's.
pub async fn resend_verification(
    app: &App,
    actor: &Actor,
    email: &str,
    wish: MailWish,
) -> Result<VerificationMail> {
    let id = actor.require_user()?.id;
    let mut tx = app.db.begin().await?;
    let user = mail_code::lock_active(&mut tx, id).await?;
    let user = user.ok_or(Refusal::NotOwnEmail)?;
    let pending = pending_email(&mut tx, &user, app.now()).await?;
    let is_pending = |pending: &String| LoginKey::of(pending) == LoginKey::of(email);
    let is_own = !is_other(email, &user) || pending.as_ref().is_some_and(is_pending);
    require(is_own, Refusal::NotOwnEmail)?;
    let wanted = match &pending {
        Some(pending) => pending,
        None if user.email_verified => return Ok(VerificationMail::AlreadyVerified),
        None => &user.email,
    };
    let wanted = (MailPurpose::Email, wanted.as_str());
    let issued = mail_code::issue(app, &mut tx, &user, wanted, wish).await?;
    let Issued::Mailed { expires_at } = issued else {
        return Err(Refusal::TooManyMails.into());
    };
    tx.commit().await?;
    let sent = app.mailer.is_some();
    Ok(VerificationMail::Requested { sent, expires_at })
}

/// Confirms the address to which the code was sent: from now on it is its owner's. Several people may be waiting for one
/// address; the code tells whose it becomes.
pub async fn confirm_email(app: &App, email: &str, shown: ShownCode<'_>) -> Result<()> {
    let mut reader = app.db.read().await?;
    let mailed_to = reader.mailed_to(email, MailPurpose::Email).await?;
    for id in &mailed_to {
        let kept = reader.mail_codes(*id, MailPurpose::Email).await?;
        if mail_code::found(app, kept, MailPurpose::Email, shown).is_some() {
            drop(reader);
            return confirm_as(app, *id, shown).await;
        }
    }
    drop(reader);
    let mut tx = app.db.begin().await?;
    for id in mailed_to {
        mail_code::count_wrong(app, &mut tx, id, MailPurpose::Email, shown).await?;
    }
    tx.commit().await?;
    app.refusals
        .not_let_in(SignInRefusal::WrongCode, None, shown.asker.line());
    Err(BadMailCode::Wrong.into())
}

async fn confirm_as(app: &App, id: UserId, shown: ShownCode<'_>) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let user = mail_code::lock_active(&mut tx, id).await?;
    let user = user.ok_or(BadMailCode::Wrong)?;
    let redeemed = mail_code::redeem(app, &mut tx, id, MailPurpose::Email, shown).await?;
    let code = match redeemed {
        Ok(code) => code,
        Err(bad) => {
            tx.commit().await?;
            app.refusals
                .not_let_in(SignInRefusal::WrongCode, Some(id), shown.asker.line());
            return Err(bad.into());
        }
    };
    let claim = Claim {
        username: &user.username,
        email: &code.email,
        phone: None,
        by: Some(id),
    };
    claim.require_free(&mut tx).await?;
    let saved = async {
        tx.save_confirmed_email(id, &code.email).await?;
        if is_other(&code.email, &user) {
            // What was mailed to the old one is not for its reader any more.
            tx.end_mail_codes(id, MailPurpose::Password).await?;
        }
        let changed = is_other(&code.email, &user).then_some(AuditEvent::EmailChanged(id));
        let by = By::person(id, shown.asker.line());
        audit::commit(tx, by, user.company_id, changed, app.now()).await
    };
    claim.explain(app, saved.await).await
}
