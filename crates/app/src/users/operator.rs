//! People, as the operator of an installation creates and changes them.

use crate::access::account::lock_company_of;
use crate::access::asker::Asker;
use crate::app::App;
use crate::assignment::waiting::hand_out_in;
use crate::audit::{self, By};
use crate::error::{Result, Thing, require};
use crate::users::names::require_a_name_of_ones_own;
use crate::users::reset::follow_new_password;
use crate::users::rights::Claim;
use crate::users::{committed, own_name, owner_event, require_password, role_word};
use tawzi_core::audit::AuditEvent;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::text::{Email, NamePart, NewPassword, Username};
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{NewUser, Tx};

/// A person as the operator describes them.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a user")]
pub struct OperatorUserDraft {
    pub company: CompanyId,
    pub username: Username,
    pub email: Email,
    pub first_name: NamePart,
    pub last_name: NamePart,
    pub role: Role,
    pub password: NewPassword,
}

/// Creates a person. The first administrator of a company becomes its owner.
pub async fn create_user_as_operator(app: &App, draft: &OperatorUserDraft) -> Result<UserId> {
    let names = [
        draft.username.as_str(),
        draft.email.as_str(),
        draft.first_name.as_str(),
        draft.last_name.as_str(),
    ];
    let now = app.now();
    let password = draft.password.as_str();
    require_password(own_name::named(password, names))?;
    let password_hash = app.passwords.hash(Asker::Operator, password).await?;
    let created = async {
        let mut tx = app.db.begin().await?;
        let (user, owns) = create_in(&mut tx, draft, &password_hash, now).await?;
        let owner = owner_event(owns, user);
        committed(tx, By::OPERATOR, user, None, owner, now).await?;
        Ok(user)
    };
    claim(draft).explain(app, created.await).await
}

/// Creates a person with that hash of their password, at that moment; and whether they own the company now.
pub(crate) async fn create_in(
    tx: &mut Tx,
    draft: &OperatorUserDraft,
    password_hash: &str,
    now: Timestamp,
) -> Result<(UserId, bool)> {
    let company = tx.lock_company(draft.company).await?;
    require(company.is_some(), Thing::Company)?;
    let (username, email) = (draft.username.as_str(), draft.email.as_str());
    let (first_name, last_name) = (draft.first_name.as_str(), draft.last_name.as_str());
    require_a_name_of_ones_own(None, username, first_name, last_name)?;
    claim(draft).require_free(tx).await?;
    let new = NewUser {
        company: Some(draft.company),
        username,
        email,
        first_name,
        last_name,
        phone: None,
        role: role_word(draft.role),
        password_hash,
        is_superuser: false,
        date_joined: now,
    };
    let user = tx.create_user(new).await?;
    let owns = draft.role == Role::Admin && tx.save_first_owner(draft.company, user).await?;
    if draft.role == Role::Employee {
        hand_out_in(tx, draft.company, now).await?;
    }
    Ok((user, owns))
}

fn claim(draft: &OperatorUserDraft) -> Claim<'_> {
    Claim {
        username: draft.username.as_str(),
        email: draft.email.as_str(),
        phone: None,
        by: None,
    }
}

/// Sets the password of the person with that user name or e-mail address, and signs them out
/// everywhere.
pub async fn set_password(app: &App, login: &str, password: &NewPassword) -> Result<()> {
    let user = app.db.read().await?.find_user(login).await?;
    let user = user.ok_or(Thing::User)?;
    require_password(own_name::own_name(password.as_str(), &user))?;
    let hash = app
        .passwords
        .hash(Asker::Operator, password.as_str())
        .await?;
    let mut tx = app.db.begin().await?;
    lock_company_of(&mut tx, &user).await?;
    tx.save_password(user.id, &hash).await?;
    follow_new_password(&mut tx, user.id, None).await?;
    let changed = [AuditEvent::PasswordChanged(user.id)];
    audit::commit(tx, By::OPERATOR, user.company_id, changed, app.now()).await
}
