//! The statuses of a company: where its clients stand, and what they weigh in the load of who
//! holds them (contract, section 2.11).

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::references::{require_free_name, require_own};
use crate::error::{Error, Result};
use crate::page::PageRequest;
use tawzi_core::id::{CompanyId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_store::{NewStatus, Status, StatusEdit, Tx};

/// A status as an administrator wants it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a status")]
pub struct StatusDraft {
    pub company: CompanyId,
    pub name: String,
    pub description: Option<String>,
    pub category: StatusCategory,
    pub color: String,
    pub is_default: bool,
    pub is_hidden: bool,
    pub is_active: bool,
}

/// What is to change in a status; what is `None` stays.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a status")]
pub struct StatusChange {
    /// It can only be the company it is in.
    pub company: Option<CompanyId>,
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    pub category: Option<StatusCategory>,
    pub color: Option<String>,
    pub is_default: Option<bool>,
    pub is_hidden: Option<bool>,
    pub is_active: Option<bool>,
}

/// A page of statuses.
#[derive(Clone, Debug)]
pub struct StatusPage {
    /// How many there are on all pages.
    pub count: i64,
    /// Those of this page, the default first, then by name.
    pub statuses: Vec<Status>,
}

/// A page of the statuses of the person's company.
pub async fn list_statuses(app: &App, actor: &Actor, page: PageRequest) -> Result<StatusPage> {
    actor.require_subscription()?;
    let company = actor.require_member()?;
    let mut reader = app.db.read().await?;
    let mut tenant = reader.tenant(company);
    let count = tenant.count_statuses().await?;
    page.require_within(count)?;
    let statuses = tenant.page_of_statuses(page.offset(), page.size).await?;
    Ok(StatusPage { count, statuses })
}

/// One status of the person's company.
pub async fn read_status(app: &App, actor: &Actor, id: StatusId) -> Result<Status> {
    actor.require_subscription()?;
    let company = actor.require_member()?;
    let mut reader = app.db.read().await?;
    let status = reader.tenant(company).status(id).await?;
    status.ok_or(Error::NotFound("LeadStatus"))
}

/// Creates a status in the administrator's company. If it is the default, no other is.
pub async fn create_status(app: &App, actor: &Actor, draft: &StatusDraft) -> Result<Status> {
    let now = app.now();
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    require_own(actor, draft.company)?;
    let mut tx = app.db.begin().await?;
    tx.lock_company(company).await?;
    let mut tenant = tx.tenant_tx(company);
    require_free_name(None, tenant.status_named(&draft.name).await?)?;
    let new = NewStatus {
        name: &draft.name,
        category: draft.category,
        color: &draft.color,
        is_default: draft.is_default,
    };
    let id = tenant.create_status(new, now).await?;
    let rest = StatusEdit {
        name: &draft.name,
        description: draft.description.as_deref(),
        category: draft.category,
        color: &draft.color,
        is_default: draft.is_default,
        is_hidden: draft.is_hidden,
        is_active: draft.is_active,
        updated_at: now,
    };
    save(&mut tx, company, id, rest).await?;
    let status = require_status(&mut tx, company, id).await?;
    tx.commit().await?;
    Ok(status)
}

/// Changes a status of the administrator's company. If it becomes the default, no other is; with
/// another category its clients weigh differently from now on.
pub async fn edit_status(
    app: &App,
    actor: &Actor,
    id: StatusId,
    change: StatusChange,
) -> Result<Status> {
    let now = app.now();
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    let mut tx = app.db.begin().await?;
    // Loads may change, and nobody may choose by them meanwhile.
    tx.lock_company(company).await?;
    let before = require_status(&mut tx, company, id).await?;
    if let Some(company) = change.company {
        require_own(actor, company)?;
    }
    let name = change.name.unwrap_or(before.name);
    let description = change.description.unwrap_or(before.description);
    let color = change.color.unwrap_or(before.color);
    let mut tenant = tx.tenant_tx(company);
    require_free_name(Some(id), tenant.status_named(&name).await?)?;
    let edit = StatusEdit {
        name: &name,
        description: description.as_deref(),
        category: change.category.unwrap_or(before.category),
        color: &color,
        is_default: change.is_default.unwrap_or(before.is_default),
        is_hidden: change.is_hidden.unwrap_or(before.is_hidden),
        is_active: change.is_active.unwrap_or(before.is_active),
        updated_at: now,
    };
    save(&mut tx, company, id, edit).await?;
    if edit.category != before.category {
        tx.tenant_tx(company).recount_loads().await?;
    }
    let after = require_status(&mut tx, company, id).await?;
    tx.commit().await?;
    Ok(after)
}

/// Deletes a status of the administrator's company; the clients that were in it stay, without a
/// status, and weigh as such.
pub async fn delete_status(app: &App, actor: &Actor, id: StatusId) -> Result<()> {
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    let mut tx = app.db.begin().await?;
    // Loads may change, and no client may get the status meanwhile.
    tx.lock_company(company).await?;
    require_status(&mut tx, company, id).await?;
    let mut tenant = tx.tenant_tx(company);
    if tenant.delete_status(id).await? > 0 {
        tenant.recount_loads().await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn save(tx: &mut Tx, company: CompanyId, id: StatusId, edit: StatusEdit<'_>) -> Result<()> {
    let mut tenant = tx.tenant_tx(company);
    tenant.save_status(id, edit).await?;
    if edit.is_default {
        tenant.clear_other_defaults(id).await?;
    }
    Ok(())
}

async fn require_status(tx: &mut Tx, company: CompanyId, id: StatusId) -> Result<Status> {
    let status = tx.tenant(company).status(id).await?;
    status.ok_or(Error::NotFound("LeadStatus"))
}
