//! Companies, as super administrators manage them (contract, section 2.6).

use crate::access::actor::Actor;
use crate::app::App;
use crate::error::{Error, Problem, Refusal, Result, Submitted, Thing};
use crate::page::{Page, PageRequest};
use crate::patch::needed;
use crate::users::operator::{CompanyDraft, create_company};
use tawzi_core::company::{ReAssignHours, Specialization};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::text::{CompanyName, Domain};
use tawzi_store::{Company, CompanyEdit, Tx};

/// What is to change about a company; what is `None` stays.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a company")]
pub struct CompanyUpdate {
    pub name: Option<CompanyName>,
    pub domain: Option<Domain>,
    pub specialization: Option<Specialization>,
    pub owner: Option<UserId>,
    pub auto_assign_enabled: Option<bool>,
    pub re_assign_enabled: Option<bool>,
    pub re_assign_hours: Option<ReAssignHours>,
}

/// The companies in which all words occur, the newest first.
pub async fn list_companies(
    app: &App,
    actor: &Actor,
    words: &[String],
    page: PageRequest,
) -> Result<Page<Company>> {
    actor.require_superuser()?;
    let mut reader = app.db.read().await?;
    let count = reader.count_companies_with(words).await?;
    page.require_within(count)?;
    let rows = reader
        .companies_with(words, page.offset(), page.size)
        .await?;
    Ok(Page { count, rows })
}

/// One company.
pub async fn read_company(app: &App, actor: &Actor, id: CompanyId) -> Result<Company> {
    actor.require_superuser()?;
    let company = app.db.read().await?.company(id).await?;
    Ok(company.ok_or(Thing::Company)?)
}

/// Creates a company that can be worked with at once. Its owner is its first administrator.
pub async fn register_company(
    app: &App,
    actor: &Actor,
    new: Submitted<CompanyUpdate>,
) -> Result<Company> {
    let now = app.now();
    actor.require_superuser()?;
    // Users come afterwards, so that it cannot have an owner yet.
    let owner = new.value.owner;
    let owned = owner.map(|_| Problem::Refused(Refusal::OwnerOfNewCompany).of("owner"));
    let new = new.require(owned)?;
    let draft = CompanyDraft {
        name: needed("name", new.name)?,
        domain: needed("domain", new.domain)?,
        specialization: new.specialization.unwrap_or(Specialization::RealEstate),
        auto_assign_enabled: new.auto_assign_enabled.unwrap_or(false),
        re_assign_enabled: new.re_assign_enabled.unwrap_or(false),
        re_assign_hours: new.re_assign_hours.unwrap_or(ReAssignHours::DEFAULT),
    };
    let taken = app
        .db
        .read()
        .await?
        .company_of_domain(draft.domain.as_str())
        .await?;
    if taken.is_some() {
        return Err(Error::of_field("domain", Problem::Taken));
    }
    let id = create_company(app, &draft, now).await?;
    read_company(app, actor, id).await
}

/// Changes a company. Its owner is one of its own administrators.
pub async fn edit_company(
    app: &App,
    actor: &Actor,
    id: CompanyId,
    update: Submitted<CompanyUpdate>,
) -> Result<Company> {
    let now = app.now();
    actor.require_superuser()?;
    let mut tx = app.db.begin().await?;
    let before = tx.lock_company(id).await?.ok_or(Thing::Company)?;
    let update = update.require([])?;
    let domain = update.domain.map_or(before.domain, String::from);
    let owner = tx.company_of_domain(&domain).await?;
    if owner.is_some_and(|owner| owner != id) {
        return Err(Error::of_field("domain", Problem::Taken));
    }
    if let Some(owner) = update.owner {
        require_owner(&mut tx, id, owner).await?;
    }
    let edit = CompanyEdit {
        name: &update.name.map_or(before.name, String::from),
        domain: &domain,
        specialization: match update.specialization {
            Some(specialization) => specialization.as_str(),
            None => &before.specialization,
        },
        owner: update.owner.or(before.owner_id),
        auto_assign_enabled: update
            .auto_assign_enabled
            .unwrap_or(before.auto_assign_enabled),
        re_assign_enabled: update.re_assign_enabled.unwrap_or(before.re_assign_enabled),
        re_assign_hours: update.re_assign_hours.unwrap_or(before.re_assign_hours),
        updated_at: now,
    };
    tx.save_company(id, &edit).await?;
    let after = tx.company(id).await?.ok_or(Thing::Company)?;
    tx.commit().await?;
    Ok(after)
}

/// Deletes a company with its people, clients and everything else, as the reference does.
pub async fn delete_company(app: &App, actor: &Actor, id: CompanyId) -> Result<()> {
    actor.require_superuser()?;
    let mut tx = app.db.begin().await?;
    tx.lock_company(id).await?.ok_or(Thing::Company)?;
    match tx.tenant_tx(id).delete_company().await {
        Err(tawzi_store::Error::Conflict(_)) => {
            return Err(Refusal::CompanyInOtherRecords.into());
        }
        deleted => deleted?,
    }
    tx.commit().await?;
    Ok(())
}

async fn require_owner(tx: &mut Tx, company: CompanyId, owner: UserId) -> Result<()> {
    match tx.user(owner).await? {
        Some(user) if user.company_id == Some(company) && user.role_word == "admin" => Ok(()),
        _ => Err(Error::of_field("owner", Problem::no_such(owner.get()))),
    }
}
