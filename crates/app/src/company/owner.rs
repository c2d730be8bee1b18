//! Whose a company is: its first administrator's, until it is handed over. Nobody becomes the owner by being made an
//! administrator, and nobody but the owner gives the company away: the owner, a super administrator, or the operator
//! of the installation (rules, section 4).

use crate::access::actor::Actor;
use crate::app::App;
use crate::audit::{self, By, company_changes};
use crate::company::register::CompanyUpdate;
use crate::error::{Denied, Error, Problem, Result, Submitted, Thing, require};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_store::{Company, Reader, Tx, User};

/// Hands a company over to one of its administrators, as the operator; gives who owned it before, if anybody.
pub async fn hand_over_company(app: &App, id: CompanyId, owner: UserId) -> Result<Option<UserId>> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let before = tx.lock_company(id).await?.ok_or(Thing::Company)?;
    let mut company = before.clone();
    change_owner(&mut tx, &mut company, owner).await?;
    company.updated_at = now;
    tx.save_company(&company).await?;
    let changes = company_changes(&before, &company);
    audit::commit(tx, By::OPERATOR, Some(id), changes, now).await?;
    Ok(before.owner_id)
}

/// Whether the actor may change companies at all: as a super administrator, or because they do nothing but hand over
/// the company that they administer. That it is theirs is asked again under its lock, by [`require_owner`].
pub(super) fn require_editor(
    actor: &Actor,
    id: CompanyId,
    update: &Submitted<CompanyUpdate>,
) -> Result<()> {
    if actor.is_superuser() {
        return Ok(());
    }
    let own = actor.require_admin()?;
    require(own == id && hands_over_only(update), Denied::NotAdmin)
}

/// Whether the actor may hand over the company, which is locked.
pub(super) fn require_owner(actor: &Actor, company: &Company) -> Result<()> {
    let owns = actor.id().is_some() && actor.id() == company.owner_id;
    require(owns || actor.is_superuser(), Denied::NotAdmin)
}

/// Lets the company, which is locked, be that person's: one of its administrators who may work.
pub(super) async fn change_owner(tx: &mut Tx, company: &mut Company, owner: UserId) -> Result<()> {
    if company.owner_id == Some(owner) {
        return Ok(());
    }
    let user = tx.user(owner).await?;
    let may_own = |user: &User| {
        user.company_id == Some(company.id) && user.role_word == "admin" && user.is_active
    };
    let nobody = Error::of_field("owner", Problem::no_such(owner.get()));
    require(user.as_ref().is_some_and(may_own), nobody)?;
    company.owner_id = Some(owner);
    Ok(())
}

/// Whether the company is that person's.
pub(crate) async fn owns_company(reader: &mut Reader, user: &User) -> Result<bool> {
    let Some(company) = user.company_id else {
        return Ok(false);
    };
    let company = reader.company(company).await?;
    Ok(company.is_some_and(|company| company.owner_id == Some(user.id)))
}

/// Whether another owner is all that is said, be it in a way that makes sense or not.
fn hands_over_only(update: &Submitted<CompanyUpdate>) -> bool {
    let CompanyUpdate {
        name: None,
        domain: None,
        specialization: None,
        owner,
        auto_assign_enabled: None,
        re_assign_enabled: None,
        re_assign_hours: None,
    } = &update.value
    else {
        return false;
    };
    let mut problems = update.problems.iter();
    let something = owner.is_some() || !update.problems.is_empty();
    something && problems.all(|problem| problem.field == "owner")
}
