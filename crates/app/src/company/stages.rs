//! The stages of a company: where its activities on clients stand (contract, section 2.11).

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::references::{require_free_name, require_own};
use crate::error::{Error, Result};
use crate::page::PageRequest;
use tawzi_core::id::{CompanyId, StageId};
use tawzi_store::{NewStage, Stage, StageEdit, Tx};

/// A stage as an administrator wants it; it goes behind all others.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a stage")]
pub struct StageDraft {
    pub company: CompanyId,
    pub name: String,
    pub description: Option<String>,
    pub color: String,
    pub required: bool,
    pub auto_advance: bool,
    pub is_active: bool,
}

/// What is to change in a stage; what is `None` stays.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a stage")]
pub struct StageChange {
    /// It can only be the company it is in.
    pub company: Option<CompanyId>,
    pub name: Option<String>,
    pub description: Option<Option<String>>,
    pub color: Option<String>,
    pub required: Option<bool>,
    pub auto_advance: Option<bool>,
    pub position: Option<i64>,
    pub is_active: Option<bool>,
}

/// A page of stages.
#[derive(Clone, Debug)]
pub struct StagePage {
    /// How many there are on all pages.
    pub count: i64,
    /// Those of this page, by position, then by name.
    pub stages: Vec<Stage>,
}

/// A page of the stages of the person's company.
pub async fn list_stages(app: &App, actor: &Actor, page: PageRequest) -> Result<StagePage> {
    actor.require_subscription()?;
    let company = actor.require_member()?;
    let mut reader = app.db.read().await?;
    let mut tenant = reader.tenant(company);
    let count = tenant.count_stages().await?;
    page.require_within(count)?;
    let stages = tenant.page_of_stages(page.offset(), page.size).await?;
    Ok(StagePage { count, stages })
}

/// One stage of the person's company.
pub async fn read_stage(app: &App, actor: &Actor, id: StageId) -> Result<Stage> {
    actor.require_subscription()?;
    let company = actor.require_member()?;
    let mut reader = app.db.read().await?;
    let stage = reader.tenant(company).stage(id).await?;
    stage.ok_or(Error::NotFound("LeadStage"))
}

/// Creates a stage in the administrator's company.
pub async fn create_stage(app: &App, actor: &Actor, draft: &StageDraft) -> Result<Stage> {
    let now = app.now();
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    require_own(actor, draft.company)?;
    let mut tx = app.db.begin().await?;
    // Under the lock no other stage gets the name or the position.
    tx.lock_company(company).await?;
    let mut tenant = tx.tenant_tx(company);
    require_free_name(None, tenant.stage_named(&draft.name).await?)?;
    let new = NewStage {
        name: &draft.name,
        position: tenant.next_stage_position().await?,
    };
    let id = tenant.create_stage(new, now).await?;
    let rest = StageEdit {
        name: &draft.name,
        description: draft.description.as_deref(),
        color: &draft.color,
        required: draft.required,
        auto_advance: draft.auto_advance,
        position: new.position,
        is_active: draft.is_active,
        updated_at: now,
    };
    tenant.save_stage(id, rest).await?;
    let stage = require_stage(&mut tx, company, id).await?;
    tx.commit().await?;
    Ok(stage)
}

/// Changes a stage of the administrator's company.
pub async fn edit_stage(
    app: &App,
    actor: &Actor,
    id: StageId,
    change: StageChange,
) -> Result<Stage> {
    let now = app.now();
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    let mut tx = app.db.begin().await?;
    tx.lock_company(company).await?;
    let before = require_stage(&mut tx, company, id).await?;
    if let Some(company) = change.company {
        require_own(actor, company)?;
    }
    let name = change.name.unwrap_or(before.name);
    let description = change.description.unwrap_or(before.description);
    let color = change.color.unwrap_or(before.color);
    let mut tenant = tx.tenant_tx(company);
    require_free_name(Some(id), tenant.stage_named(&name).await?)?;
    let edit = StageEdit {
        name: &name,
        description: description.as_deref(),
        color: &color,
        required: change.required.unwrap_or(before.required),
        auto_advance: change.auto_advance.unwrap_or(before.auto_advance),
        position: change.position.unwrap_or(before.position),
        is_active: change.is_active.unwrap_or(before.is_active),
        updated_at: now,
    };
    tenant.save_stage(id, edit).await?;
    let after = require_stage(&mut tx, company, id).await?;
    tx.commit().await?;
    Ok(after)
}

/// Deletes a stage of the administrator's company; the activities that were in it stay.
pub async fn delete_stage(app: &App, actor: &Actor, id: StageId) -> Result<()> {
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    let mut tx = app.db.begin().await?;
    tx.lock_company(company).await?;
    require_stage(&mut tx, company, id).await?;
    tx.tenant_tx(company).delete_stage(id).await?;
    tx.commit().await?;
    Ok(())
}

async fn require_stage(tx: &mut Tx, company: CompanyId, id: StageId) -> Result<Stage> {
    let stage = tx.tenant(company).stage(id).await?;
    stage.ok_or(Error::NotFound("LeadStage"))
}
