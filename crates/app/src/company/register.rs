//! Companies, as super administrators and the operator of an installation manage them (contract, section 2.6).

use crate::access::actor::Actor;
use crate::app::App;
use crate::assignment::waiting::hand_out_in;
use crate::audit::{self, By, company_changes};
use crate::company::owner;
use crate::error::{Error, Problem, Refusal, Result, Submitted, Thing, require};
use crate::page::{Page, PageRequest};
use crate::patch::{needed, set};
use tawzi_core::audit::AuditEvent;
use tawzi_core::company::{ReAssignHours, Specialization};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_core::text::{CompanyName, Domain};
use tawzi_core::time::Timestamp;
use tawzi_store::{Channel, Company, NewCompany, NewSubscription, Plan, Stage, Status, Tx};

/// For how long a company that the operator creates is subscribed: until 2099.
const SUBSCRIBED_UNTIL: Timestamp = Timestamp::from_microseconds(4_070_908_800_000_000);

/// A company as the operator describes it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a company")]
pub struct CompanyDraft {
    pub name: CompanyName,
    pub domain: Domain,
    pub specialization: Specialization,
    pub auto_assign_enabled: bool,
    pub re_assign_enabled: bool,
    pub re_assign_hours: ReAssignHours,
}

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
    Ok(Page::of_all(count, rows))
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
    let mut tx = app.db.begin().await?;
    let id = create_in(&mut tx, &draft, now).await?;
    let created = tx.company(id).await?.ok_or(Thing::Company)?;
    audit::commit(tx, actor.by(), Some(id), [AuditEvent::CompanyCreated], now).await?;
    Ok(created)
}

/// Creates a company that can be worked with at once: subscribed, with a few statuses, stages and
/// a channel.
pub async fn create_company(app: &App, draft: &CompanyDraft) -> Result<CompanyId> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let company = create_in(&mut tx, draft, now).await?;
    let event = AuditEvent::CompanyCreated;
    audit::commit(tx, By::OPERATOR, Some(company), [event], now).await?;
    Ok(company)
}

/// Creates a company at that moment. Somebody else's domain is refused.
pub(crate) async fn create_in(
    tx: &mut Tx,
    draft: &CompanyDraft,
    now: Timestamp,
) -> Result<CompanyId> {
    let new = NewCompany {
        name: draft.name.as_str(),
        domain: draft.domain.as_str(),
        specialization: draft.specialization.as_str(),
        auto_assign_enabled: draft.auto_assign_enabled,
        re_assign_enabled: draft.re_assign_enabled,
        re_assign_hours: draft.re_assign_hours,
        created_at: now,
    };
    let company = match tx.create_company(new).await {
        Err(tawzi_store::Error::Conflict(_)) => {
            return Err(Error::of_field("domain", Problem::Taken));
        }
        created => created?,
    };
    let subscription = NewSubscription {
        plan: "Tawzi",
        plan_ar: "توزيع",
        start: now,
        end: SUBSCRIBED_UNTIL,
    };
    tx.create_subscription(company, subscription).await?;
    furnish(tx, company, now).await?;
    Ok(company)
}

/// Gives a new company what its first client needs.
async fn furnish(tx: &mut Tx, company: CompanyId, now: Timestamp) -> Result<()> {
    let mut tenant = tx.tenant_tx(company);
    let statuses = [
        ("New", StatusCategory::Active, "#3b82f6"),
        ("Following up", StatusCategory::FollowUp, "#f59e0b"),
        ("Dormant", StatusCategory::Inactive, "#808080"),
        ("Won", StatusCategory::Closed, "#22c55e"),
        ("Lost", StatusCategory::Closed, "#ef4444"),
    ];
    for (place, (name, category, color)) in statuses.into_iter().enumerate() {
        let status = Status {
            color: color.to_owned(),
            is_default: place == 0,
            ..Status::new(name, category, now)
        };
        tenant.create_status(status).await?;
    }
    for (name, position) in [("Call", 0), ("Meeting", 1), ("Offer", 2)] {
        tenant.create_stage(Stage::new(name, position, now)).await?;
    }
    tenant
        .create_channel(Channel::new("Website", "Web", now))
        .await?;
    Ok(())
}

/// Changes a company, as a super administrator; its owner can hand it over. An owner is one of its own
/// administrators.
pub async fn edit_company(
    app: &App,
    actor: &Actor,
    id: CompanyId,
    update: Submitted<CompanyUpdate>,
) -> Result<Company> {
    let now = app.now();
    owner::require_editor(actor, id, &update)?;
    let mut tx = app.db.begin().await?;
    let before = tx.lock_company(id).await?.ok_or(Thing::Company)?;
    owner::require_owner(actor, &before)?;
    let mut company = before.clone();
    let update = update.require([])?;
    set(&mut company.name, update.name);
    set(&mut company.domain, update.domain);
    let holder = tx.company_of_domain(&company.domain).await?;
    let free = holder.is_none_or(|holder| holder == id);
    require(free, Error::of_field("domain", Problem::Taken))?;
    if let Some(owner) = update.owner {
        owner::change_owner(&mut tx, &mut company, owner).await?;
    }
    let specialization = update.specialization.map(Specialization::as_str);
    set(&mut company.specialization, specialization);
    set(&mut company.auto_assign_enabled, update.auto_assign_enabled);
    set(&mut company.re_assign_enabled, update.re_assign_enabled);
    set(&mut company.re_assign_hours, update.re_assign_hours);
    company.updated_at = now;
    tx.save_company(&company).await?;
    if company.auto_assign_enabled && !before.auto_assign_enabled {
        hand_out_in(&mut tx, id, now).await?;
    }
    let after = tx.company(id).await?.ok_or(Thing::Company)?;
    let changes = company_changes(&before, &after);
    audit::commit(tx, actor.by(), Some(id), changes, now).await?;
    Ok(after)
}

/// Deletes a company with its people, clients and everything else, as the reference does.
pub async fn delete_company(app: &App, actor: &Actor, id: CompanyId) -> Result<()> {
    let now = app.now();
    actor.require_superuser()?;
    let mut tx = app.db.begin().await?;
    tx.lock_company(id).await?.ok_or(Thing::Company)?;
    match tx.tenant_tx(id).delete_company().await {
        Err(tawzi_store::Error::Conflict(_)) => {
            return Err(Refusal::CompanyInOtherRecords.into());
        }
        deleted => deleted?,
    }
    audit::commit(tx, actor.by(), Some(id), [AuditEvent::CompanyDeleted], now).await
}

/// All plans that a company can subscribe to, for everybody to see.
pub async fn list_plans(app: &App) -> Result<Vec<Plan>> {
    Ok(app.db.read().await?.plans().await?)
}
