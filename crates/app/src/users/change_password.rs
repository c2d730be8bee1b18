//! Changing one's own password.

use crate::access::account::lock_company_of;
use crate::access::actor::Actor;
use crate::access::password::PasswordCheck;
use crate::access::sign_in::still_good;
use crate::app::App;
use crate::audit;
use crate::error::{Result, Thing};
use crate::users::reset;
use tawzi_core::audit::{AuditEvent, SignInRefusal};

/// What may be wrong with a change of one's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordChange {
    /// It was changed.
    Changed,
    /// The current password is another one.
    WrongCurrent,
}

/// Changes one's own password. Everywhere else one is signed out; the session at hand goes on.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    current: &str,
    new: &str,
) -> Result<PasswordChange> {
    let user = actor.require_user()?;
    let id = user.id;
    let mut hashed = None;
    let mut stored = user.password_hash.clone();
    let mut tx = loop {
        let check = app
            .passwords
            .verify(actor.asker(), current, &stored)
            .await?;
        if check == PasswordCheck::Wrong {
            let wrong = SignInRefusal::WrongPassword;
            app.refusals.not_let_in(wrong, Some(id), actor.by().address);
            return Ok(PasswordChange::WrongCurrent);
        }
        let hash = match hashed {
            Some(hash) => hash,
            None => app.passwords.hash(actor.asker(), new).await?,
        };
        let mut tx = app.db.begin().await?;
        lock_company_of(&mut tx, user).await?;
        if tx.replace_password(id, &stored, &hash).await? {
            break tx;
        }
        // Somebody was faster: another password, or a new hash of the same one.
        hashed = Some(hash);
        let user = tx.user(id).await?.ok_or(Thing::User)?;
        stored = user.password_hash;
    };
    // A session that has ended meanwhile does not come back by that.
    if let Some(session) = actor.session() {
        still_good(tx.user(id).await?, session)?;
    }
    let surviving = actor.session().map(|session| session.id.as_str());
    reset::follow_new_password(&mut tx, id, surviving).await?;
    let changed = [AuditEvent::PasswordChanged(id)];
    audit::commit(tx, actor.by(), user.company_id, changed, app.now()).await?;
    Ok(PasswordChange::Changed)
}
