//! Setting a new password with a code from a mail, by somebody who does not know the old one any more.

use crate::access::account::Account;
use crate::access::mail_code::{self, BadMailCode, MailWish, ShownCode};
use crate::app::App;
use crate::audit::{self, By};
use crate::error::{Error, Result};
use crate::users::own_name::own_name;
use tawzi_core::audit::{AuditEvent, SignInRefusal};
use tawzi_core::id::UserId;
use tawzi_core::text::NewPassword;
use tawzi_store::{MailPurpose, Tx};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How many wishes for a code may wait.
const QUEUE: usize = 256;

/// A wish for a code to set a new password with.
type Wish = (Account, MailWish);

/// The way to what carries such wishes out, behind their answers: how long an answer takes does not tell whether the
/// address is anybody's.
#[derive(Clone, Debug)]
pub(crate) struct Resets {
    queue: mpsc::Sender<Wish>,
}

impl Resets {
    /// The way, and what waits at its end.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Wish>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        (Self { queue }, waiting)
    }

    /// Carries out what waits. It ends, with everything done, once every copy of the way is gone; the application
    /// is one that has none.
    pub(crate) fn start(app: App, mut waiting: mpsc::Receiver<Wish>) -> JoinHandle<()> {
        tokio::spawn(async move {
            while let Some((account, wish)) = waiting.recv().await {
                if let Err(error) = mail_reset(&app, account, wish).await {
                    tracing::error!(%error, "a code for a new password could not be mailed");
                }
            }
        })
    }
}

/// Mails a code to set a new password with to the person whose account it is, if there is one who may sign in. Whether
/// there is, nobody is told; but whether mails go out, everybody is: otherwise codes are in the log of the server.
pub async fn forgot_password(app: &App, account: Account, wish: MailWish) -> Result<bool> {
    let sent = app.resets.queue.send((account, wish)).await;
    sent.map_err(|_| Error::Stopping)?;
    Ok(app.mailer.is_some())
}

async fn mail_reset(app: &App, account: Account, wish: MailWish) -> Result<()> {
    let Some(user) = account.user else {
        return Ok(());
    };
    let mut tx = app.db.begin().await?;
    let Some(user) = mail_code::lock_active(&mut tx, user.id).await? else {
        return Ok(());
    };
    let wanted = (MailPurpose::Password, user.email.as_str());
    mail_code::issue(app, &mut tx, &user, wanted, wish).await?;
    tx.commit().await?;
    Ok(())
}

/// Sets the password of the person whose account it is and to whom the code was mailed, and signs them out everywhere.
pub async fn reset_password(
    app: &App,
    account: Account,
    shown: ShownCode<'_>,
    new: &NewPassword,
) -> Result<()> {
    // It takes long; whether the account is anybody's must not be told by that.
    let hash = app.passwords.hash(shown.asker, new.as_str()).await?;
    let user = account.user.ok_or(BadMailCode::Wrong)?;
    let mut tx = app.db.begin().await?;
    let user = mail_code::lock_active(&mut tx, user.id).await?;
    let user = user.ok_or(BadMailCode::Wrong)?;
    let redeemed = mail_code::redeem(app, &mut tx, user.id, MailPurpose::Password, shown).await?;
    if let Err(bad) = redeemed {
        tx.commit().await?;
        let line = shown.asker.line();
        app.refusals
            .not_let_in(SignInRefusal::WrongCode, Some(user.id), line);
        return Err(bad.into());
    }
    // The code is still good for another password.
    if let Some(problem) = own_name(new.as_str(), &user) {
        return Err(Error::of_field("new_password", problem));
    }
    tx.save_password(user.id, &hash).await?;
    follow_new_password(&mut tx, user.id, None).await?;
    // The code came through that address.
    tx.save_confirmed_email(user.id, &user.email).await?;
    let by = By::person(user.id, shown.asker);
    let changed = [AuditEvent::PasswordChanged(user.id)];
    audit::commit(tx, by, user.company_id, changed, app.now()).await
}

/// What was good beside the old password is not beside the new one: tokens, but for those of the surviving session, and
/// codes to set another one.
pub(super) async fn follow_new_password(
    tx: &mut Tx,
    user: UserId,
    surviving: Option<&str>,
) -> Result<()> {
    tx.revoke_tokens(user, surviving).await?;
    tx.end_mail_codes(user, MailPurpose::Password).await?;
    Ok(())
}
