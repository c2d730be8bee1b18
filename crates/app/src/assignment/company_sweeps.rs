//! The sweeps of one company, for its administrators.

use super::preview::preview_sweep;
use super::sweep::{SweepReport, SweepRequest, sweep_by};
use crate::access::actor::Actor;
use crate::app::App;
use crate::error::{Refusal, Result, Thing, require};
use crate::page::{Page, PageRequest};
use crate::progress::NoProgress;
use tawzi_core::id::{CompanyId, SweepId};
use tawzi_store::{CompanySweepRow, SweepCause, SweepMove};

/// A sweep with a page of its moves.
#[derive(Clone, Debug)]
pub struct SweepDetail {
    /// The sweep.
    pub sweep: CompanySweepRow,
    /// Some of its moves, in the order of the plan.
    pub moves: Vec<SweepMove>,
}

/// Sweeps the company of the administrator who asks, now.
pub async fn run_own_sweep(app: &App, actor: &Actor) -> Result<SweepReport> {
    let company = require_re_assigning(app, actor).await?;
    let request = SweepRequest {
        cause: SweepCause::Command,
        only: Some(company),
        progress: &NoProgress,
        stop: &|| false,
    };
    sweep_by(app, request, Some(actor.by())).await
}

/// What that would do; nothing is written.
pub async fn preview_own_sweep(app: &App, actor: &Actor) -> Result<SweepReport> {
    let company = require_re_assigning(app, actor).await?;
    preview_sweep(app, app.now(), Some(company), &NoProgress).await
}

/// The sweeps that found something due in the company of who asks.
pub async fn list_sweeps(
    app: &App,
    actor: &Actor,
    page: PageRequest,
) -> Result<Page<CompanySweepRow>> {
    let company = actor.require_full_sight()?;
    let mut reader = app.read_list(actor).await?;
    let mut tenant = reader.tenant(company);
    let count = tenant.count_company_sweeps().await?;
    page.require_within(count)?;
    let rows = tenant.company_sweeps(page.offset(), page.size).await?;
    Ok(Page::of_all(count, rows))
}

/// One of them, with a page of its moves.
pub async fn read_sweep(
    app: &App,
    actor: &Actor,
    id: SweepId,
    page: PageRequest,
) -> Result<SweepDetail> {
    let company = actor.require_full_sight()?;
    let mut reader = app.read_list(actor).await?;
    let mut tenant = reader.tenant(company);
    let sweep = tenant.company_sweep(id).await?.ok_or(Thing::Sweep)?;
    page.require_within(sweep.moved)?;
    let moves = tenant.sweep_moves(id, page.offset(), page.size).await?;
    Ok(SweepDetail { sweep, moves })
}

async fn require_re_assigning(app: &App, actor: &Actor) -> Result<CompanyId> {
    let company = actor.require_admin()?;
    let mut reader = app.db.read().await?;
    let settings = reader.company(company).await?.ok_or(Thing::Company)?;
    require(settings.re_assign_enabled, Refusal::ReAssignOff)?;
    Ok(company)
}
