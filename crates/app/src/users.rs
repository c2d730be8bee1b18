//! People, as the administrators of their company manage them (contract, section 2.5). Only an
//! administrator of the company does, and nobody raises themselves (rules, section 4).

pub(crate) mod availability;
mod change_password;
mod departure;
pub(crate) mod email;
mod names;
pub(crate) mod operator;
pub(crate) mod own_name;
pub(crate) mod photos;
pub(crate) mod reset;
mod rights;

pub use change_password::{PasswordChange, change_password};
pub use departure::{
    Deactivated, DeactivationPreview, deactivate_employee, preview_deactivation,
    reactivate_employee,
};

use crate::access::actor::Actor;
use crate::access::mail_code::MailWish;
use crate::access::sign_in::{Me, with_company};
use crate::app::App;
use crate::assignment::waiting::hand_out_in;
use crate::audit::{self, By, person_changes};
use crate::error::{Error, Problem, Refusal, Result, Submitted, Thing, require};
use crate::page::{Page, PageRequest};
use crate::patch::{needed, set, set_or_clear};
use crate::users::names::require_a_name_of_ones_own;
use crate::users::own_name::own_name;
use crate::users::photos::PhotoFile;
use rights::{
    Claim, check_change, counted, lock_managed, lock_visible, no_such_company, require_manager,
    require_not_owner, require_visible,
};
use tawzi_core::audit::AuditEvent;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{NewUser, RowCount, Tx, User, UserOrder};

/// What is said about a person; what is `None` stays, or is what new ones have.
#[derive(Clone, Debug, Default)]
#[expect(
    missing_docs,
    reason = "the fields are those of a user; absent, null and a value are three things"
)]
pub struct UserChange {
    pub company: Option<CompanyId>,
    pub username: Option<String>,
    pub email: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<Option<String>>,
    pub role: Option<Role>,
    pub is_active: Option<bool>,
    pub password: Option<String>,
    pub photo: Option<Option<PhotoFile>>,
    /// Who wants the mail about another address, and in which language.
    pub mail: MailWish,
}

/// The people the actor sees, in whom all words occur.
pub async fn list_users(
    app: &App,
    actor: &Actor,
    words: &[String],
    order: &[(UserOrder, bool)],
    page: PageRequest,
) -> Result<Page<User>> {
    actor.require_subscription()?;
    let mut reader = app.read_list(actor).await?;
    let count = async {
        let count = reader.count_found_users(actor.user_scope(), words).await?;
        Ok(RowCount::Exactly(count))
    };
    let rows = page.counted(count).await?;
    let users = reader
        .find_users(actor.user_scope(), words, order, page.start(), page.size)
        .await?;
    page.placed(rows, users, |user| user.position(order))
}

/// A person the actor may look at: themselves, or one of the company they administer.
pub async fn read_user(app: &App, actor: &Actor, id: UserId) -> Result<Me> {
    actor.require_subscription()?;
    let mut reader = app.db.read().await?;
    let user = require_visible(&mut reader, actor, id).await?;
    with_company(&mut reader, user, app.now()).await
}

/// Creates a person. The first administrator of a company becomes its owner.
pub async fn create_user(
    app: &App,
    actor: &Actor,
    new: impl Into<Submitted<UserChange>>,
) -> Result<Me> {
    let new = new.into();
    let now = app.now();
    actor.require_subscription()?;
    // Whoever may not create anybody learns nothing about who is there.
    if !actor.is_superuser() {
        actor.require_admin()?;
    }
    let new = new.require([])?;
    let username = needed("username", new.username.as_deref())?;
    let email = needed("email", new.email.as_deref())?;
    let role = needed("role", new.role)?;
    let first_name = new.first_name.as_deref().unwrap_or_default();
    let last_name = new.last_name.as_deref().unwrap_or_default();
    require_a_name_of_ones_own(None, username, first_name, last_name)?;
    let password = new.password.as_deref();
    let password = password.ok_or(Refusal::NewUserWithoutPassword)?;
    let company = company_of_new(actor, new.company)?;
    let weakness = own_name::named(password, [username, email, first_name, last_name]);
    require_password(weakness)?;
    let password_hash = app.passwords.hash(actor.asker(), password).await?;
    let user = NewUser {
        company: Some(company),
        username,
        email,
        first_name,
        last_name,
        phone: new.phone.as_ref().and_then(Option::as_deref),
        role: role_word(role),
        password_hash: &password_hash,
        is_superuser: false,
        date_joined: now,
    };
    let claim = Claim {
        username,
        email,
        phone: user.phone,
        by: None,
    };
    let photo = new.photo.as_ref();
    counted(app, actor, async {
        let created = create_in(app, actor.by(), company, user, claim, photo).await;
        claim.explain(app, created).await
    })
    .await
}

async fn create_in(
    app: &App,
    by: By,
    company: CompanyId,
    user: NewUser<'_>,
    claim: Claim<'_>,
    photo: Option<&Option<PhotoFile>>,
) -> Result<Me> {
    let (role, now) = (user.role, user.date_joined);
    let mut tx = app.db.begin().await?;
    let there = tx.lock_company(company).await?.is_some();
    require(there, no_such_company(company))?;
    claim.require_free(&mut tx).await?;
    let id = tx.create_user(user).await?;
    let owns = role == role_word(Role::Admin) && tx.save_first_owner(company, id).await?;
    if let Some(Some(photo)) = photo {
        photo.save(&mut tx, id, now).await?;
    }
    if role == role_word(Role::Employee) {
        hand_out_in(&mut tx, company, now).await?;
    }
    committed(tx, by, id, None, owner_event(owns, id), now).await
}

/// Nothing is wrong with the password of somebody.
fn require_password(weakness: Option<Problem>) -> Result<()> {
    weakness.map_or(Ok(()), |weakness| {
        Err(Error::of_field("password", weakness))
    })
}

/// The company of a new person: the administrator's own, or the one that a super administrator names.
fn company_of_new(actor: &Actor, named: Option<CompanyId>) -> Result<CompanyId> {
    match named {
        Some(company) if actor.is_superuser() => Ok(company),
        Some(company) if company != actor.require_admin()? => Err(no_such_company(company)),
        _ => actor.require_admin(),
    }
}

/// Changes a person. Everybody may change their own name, address, phone number and photo; the rest
/// is for the administrators of the company. One's own new address counts once it is confirmed.
pub async fn edit_user(
    app: &App,
    actor: &Actor,
    id: UserId,
    change: impl Into<Submitted<UserChange>>,
) -> Result<Me> {
    let change = change.into();
    let now = app.now();
    actor.require_subscription()?;
    actor.require_user()?;
    // What cannot be seen is not there, whatever is said about it.
    let seen = require_visible(&mut app.db.read().await?, actor, id).await?;
    let mut change = change.require([])?;
    let new_hash = match &change.password {
        Some(password) => {
            // It takes long: not for a change that is refused.
            if actor.id() != Some(id) {
                require_manager(actor, &seen)?;
            }
            check_change(&mut app.db.read().await?, actor, &seen, &change).await?;
            Some(app.passwords.hash(actor.asker(), password).await?)
        }
        None => None,
    };
    let mut tx = app.db.begin().await?;
    let before = lock_visible(&mut tx, actor, id).await?;
    if actor.id() != Some(id) {
        require_manager(actor, &before)?;
    }
    check_change(&mut tx, actor, &before, &change).await?;
    let to_confirm = email::take_to_confirm(actor, &before, &mut change);
    let to_confirm = to_confirm.as_deref();
    let after = edited(&before, &change);
    let User {
        username,
        first_name,
        last_name,
        ..
    } = &after;
    require_a_name_of_ones_own(Some(&before), username, first_name, last_name)?;
    let password = change.password.as_deref();
    require_password(password.and_then(|password| own_name(password, &after)))?;
    let claim = Claim {
        username: &after.username,
        email: to_confirm.unwrap_or(&after.email),
        phone: after.phone.as_deref(),
        by: Some(id),
    };
    counted(app, actor, async {
        claim.require_free(&mut tx).await?;
        email::follow_edit(app, &mut tx, (&before, &after), to_confirm, change.mail).await?;
        let edited = edit_in(tx, actor, &before, &after, &change, new_hash, now).await;
        claim.explain(app, edited).await
    })
    .await
}

/// Writes what is to change about a person, under the lock of their company.
async fn edit_in(
    mut tx: Tx,
    actor: &Actor,
    before: &User,
    after: &User,
    change: &UserChange,
    new_hash: Option<String>,
    now: Timestamp,
) -> Result<Me> {
    let id = before.id;
    tx.save_user(after).await?;
    if let Some(hash) = new_hash {
        tx.save_password(id, &hash).await?;
        reset::follow_new_password(&mut tx, id, None).await?;
    }
    save_photo(&mut tx, id, change, now).await?;
    match change.is_active {
        Some(false) if before.is_active => {
            departure::deactivate_in(&mut tx, actor, before, false, now).await?;
        }
        Some(true) if !before.is_active => tx.save_active(id, true).await?,
        _ => {}
    }
    let is_active = change.is_active.unwrap_or(before.is_active);
    let became = |role| {
        let is = is_active && after.role() == role;
        is && !(before.is_active && before.role() == role)
    };
    let mut owns = false;
    if let Some(company) = before.company_id {
        if became(Role::Admin) {
            owns = tx.save_first_owner(company, id).await?;
        }
        if became(Role::Employee) {
            hand_out_in(&mut tx, company, now).await?;
        }
    }
    let owner = owner_event(owns, id);
    committed(tx, actor.by(), id, Some(before), owner, now).await
}

/// What stands in the row of a person afterwards.
fn edited(before: &User, change: &UserChange) -> User {
    let mut user = before.clone();
    set(&mut user.username, change.username.as_deref());
    set(&mut user.email, change.email.as_deref());
    set(&mut user.first_name, change.first_name.as_deref());
    set(&mut user.last_name, change.last_name.as_deref());
    set_or_clear(&mut user.phone, change.phone.clone());
    set(&mut user.role_word, change.role.map(role_word));
    user
}

async fn save_photo(tx: &mut Tx, user: UserId, said: &UserChange, now: Timestamp) -> Result<()> {
    match &said.photo {
        Some(Some(photo)) => photo.save(tx, user, now).await,
        Some(None) => Ok(tx.delete_photo(user).await?),
        None => Ok(()),
    }
}

/// That a company without an owner is that person's now, if it is.
fn owner_event(owns: bool, id: UserId) -> Option<AuditEvent> {
    owns.then_some(AuditEvent::OwnerChanged(Some(id)))
}

/// Commits what was written, with what has changed about the person since `before`, and gives the person as they are now.
async fn committed(
    mut tx: Tx,
    by: By,
    id: UserId,
    before: Option<&User>,
    owner: Option<AuditEvent>,
    now: Timestamp,
) -> Result<Me> {
    let user = tx.user(id).await?.ok_or(Thing::User)?;
    let changes = person_changes(before, &user).into_iter().chain(owner);
    let (changes, company): (Vec<_>, _) = (changes.collect(), user.company_id);
    let user = with_company(&mut tx, user, now).await?;
    audit::commit(tx, by, company, changes, now).await?;
    Ok(user)
}

/// Deletes a person; their clients are nobody's afterwards, each with an event that says so.
pub async fn delete_user(app: &App, actor: &Actor, id: UserId) -> Result<()> {
    let now = app.now();
    actor.require_subscription()?;
    actor.require_user()?;
    let mut tx = app.db.begin().await?;
    let (user, company) = lock_managed(&mut tx, actor, id).await?;
    require_not_owner(&mut tx, &user, Refusal::DeletesOwner).await?;
    require(actor.id() != Some(id), Refusal::DeletesSelf)?;
    departure::hand_over(&mut tx, actor, &user, company, false, now).await?;
    match tx.tenant_tx(company).delete_user(id).await {
        Err(tawzi_store::Error::Conflict(_)) => {
            return Err(Refusal::UserInOtherRecords.into());
        }
        deleted => deleted?,
    }
    audit::commit(
        tx,
        actor.by(),
        Some(company),
        [AuditEvent::UserDeleted(id)],
        now,
    )
    .await
}

pub(crate) const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Employee | Role::Other => "employee",
    }
}
