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

/// Mails a code to set a new password with to the person whose account it is, if there is one who may sign in. Whether
/// there is, nobody is told; but whether mails go out, everybody is: otherwise codes are in the log of the server.
pub async fn forgot_password(app: &App, account: Account, wish: MailWish) -> Result<bool> {
    let mailing = app.clone();
    let mail = async move {
        if let Err(error) = mail_reset(&mailing, account, wish).await {
            tracing::error!(%error, "a code for a new password could not be mailed");
        }
    };
    app.afterwards.put(mail).await?;
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
    let by = By::person(user.id, shown.asker.line());
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
