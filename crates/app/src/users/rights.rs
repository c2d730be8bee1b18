//! Who may look at people, and change what about them.

use super::UserChange;
use crate::access::actor::Actor;
use crate::error::{Denied, Error, Problem, Refusal, Result, Thing, require};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_store::{Reader, Taken, Tx, User};

/// What only other people who administer the company may change, and not in every way.
pub(super) async fn check_change(
    tx: &mut Tx,
    actor: &Actor,
    before: &User,
    change: &UserChange,
) -> Result<()> {
    let manages = require_manager(actor, before).is_ok() && actor.id() != Some(before.id);
    if let Some(company) = change.company
        && before.company_id != Some(company)
    {
        return Err(no_such_company(company));
    }
    let refused = |field, refusal| Error::of_field(field, Problem::Refused(refusal));
    if change.role.is_some_and(|role| role != before.role()) {
        require(manages, refused("role", Refusal::OwnRole))?;
        let owns = owns_company(tx, before).await?;
        require(!owns, refused("role", Refusal::OwnerStaysAdmin))?;
    }
    if change.is_active == Some(!before.is_active) {
        require(manages, refused("is_active", Refusal::DeactivatesSelf))?;
        let owns = owns_company(tx, before).await?;
        require(!owns, refused("is_active", Refusal::DeactivatesOwner))?;
    }
    let may_set_password = manages || change.password.is_none();
    require(may_set_password, refused("password", Refusal::OwnPassword))
}

/// The company is not one of which the user can be.
pub(super) fn no_such_company(company: CompanyId) -> Error {
    Error::of_field("company_id", Problem::no_such(company.get()))
}

pub(super) async fn owns_company(reader: &mut Reader, user: &User) -> Result<bool> {
    let Some(company) = user.company_id else {
        return Ok(false);
    };
    let company = reader.company(company).await?;
    Ok(company.is_some_and(|company| company.owner_id == Some(user.id)))
}

/// The person, if the actor may look at them. Super administrators see everybody in the list, but
/// a company's people are its administrators' business.
pub(super) async fn require_visible(
    reader: &mut Reader,
    actor: &Actor,
    id: UserId,
) -> Result<User> {
    let user = reader.user(id).await?.ok_or(Thing::User)?;
    if actor.id() == Some(user.id) {
        return Ok(user);
    }
    require(!actor.is_superuser(), Denied::NotAdmin)?;
    match actor.require_full_sight() {
        Ok(company) if user.company_id == Some(company) => Ok(user),
        _ => Err(Error::NotFound(Thing::User)),
    }
}

/// A user whom the actor may see, under the lock of their company: nobody else changes its users meanwhile.
pub(super) async fn lock_visible(tx: &mut Tx, actor: &Actor, id: UserId) -> Result<User> {
    let user = require_visible(tx, actor, id).await?;
    let Some(company) = user.company_id else {
        return Ok(user);
    };
    tx.lock_company(company).await?;
    require_visible(tx, actor, id).await
}

/// A user whom the actor may manage, and their company, which is locked.
pub(super) async fn lock_managed(
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
) -> Result<(User, CompanyId)> {
    let user = lock_visible(tx, actor, id).await?;
    let company = require_manager(actor, &user)?;
    Ok((user, company))
}

/// The company of a person whom the actor may manage.
pub(super) fn require_manager(actor: &Actor, user: &User) -> Result<CompanyId> {
    let company = actor.require_admin()?;
    require(user.company_id == Some(company), Thing::User)?;
    // Whoever takes over a super administrator takes over all companies.
    require(!user.is_superuser || actor.is_superuser(), Denied::NotAdmin)?;
    Ok(company)
}

pub(super) async fn require_free(
    tx: &mut Tx,
    username: &str,
    email: &str,
    phone: Option<&str>,
    except: Option<UserId>,
) -> Result<()> {
    let phone = phone.filter(|phone| !phone.is_empty());
    let Taken {
        username,
        email,
        phone,
    } = tx.taken(username, email, phone, except).await?;
    let fields = [(username, "username"), (email, "email"), (phone, "phone")];
    let problems: Vec<_> = fields
        .into_iter()
        .filter(|(taken, _)| *taken)
        .map(|(_, field)| Problem::Taken.of(field))
        .collect();
    require(problems.is_empty(), Error::Invalid(problems))
}
