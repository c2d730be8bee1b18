//! The sweeps and the workload of one company, for its administrators.

use super::{Moves, SweepReport, SweepRequest, preview_sweep, sweep};
use crate::access::actor::Actor;
use crate::clients::PageRequest;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::progress::NoProgress;
use std::collections::HashMap;
use tawzi_core::id::{CompanyId, SweepId};
use tawzi_core::stale;
use tawzi_store::{
    CompanySweepRecord, Db, Reader, RosterEntry, StaleOfHolder, SweepCause, SweepMove,
};

/// A page of a company's sweeps.
#[derive(Clone, Debug)]
pub struct SweepPage {
    /// How many there are on all pages.
    pub count: i64,
    /// Those of this page, the newest first.
    pub sweeps: Vec<CompanySweepRecord>,
}

/// A sweep with a page of its moves.
#[derive(Clone, Debug)]
pub struct SweepDetail {
    /// The sweep.
    pub sweep: CompanySweepRecord,
    /// Some of its moves, in the order of the plan.
    pub moves: Vec<SweepMove>,
}

/// How busy an employee is.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The employee with their load.
    pub employee: RosterEntry,
    /// Their stale clients, if they have any.
    pub stale: Option<StaleOfHolder>,
}

/// Sweeps the company of the administrator who asks, now.
pub async fn run_own_sweep(db: &Db, clock: &Clock, actor: &Actor) -> Result<SweepReport> {
    let company = require_re_assigning(db, actor).await?;
    let request = SweepRequest {
        cause: SweepCause::Command,
        only: Some(company),
        moves: Moves::Listed,
        progress: &NoProgress,
        stop: &|| false,
    };
    sweep(db, clock, request).await
}

/// What that would do; nothing is written.
pub async fn preview_own_sweep(db: &Db, clock: &Clock, actor: &Actor) -> Result<SweepReport> {
    let company = require_re_assigning(db, actor).await?;
    preview_sweep(db, clock.now(), Some(company), &NoProgress).await
}

/// The sweeps that found something due in the company of who asks.
pub async fn list_sweeps(db: &Db, actor: &Actor, page: PageRequest) -> Result<SweepPage> {
    actor.require_subscription()?;
    let company = actor.require_full_sight()?;
    let mut reader = db.read().await?;
    let mut tenant = reader.tenant(company);
    let count = tenant.count_company_sweeps().await?;
    page.require_within(count)?;
    let sweeps = tenant.company_sweeps(page.offset(), page.size).await?;
    Ok(SweepPage { count, sweeps })
}

/// One of them, with a page of its moves.
pub async fn read_sweep(
    db: &Db,
    actor: &Actor,
    id: SweepId,
    page: PageRequest,
) -> Result<SweepDetail> {
    actor.require_subscription()?;
    let company = actor.require_full_sight()?;
    let mut reader = db.read().await?;
    let mut tenant = reader.tenant(company);
    let sweep = tenant.company_sweep(id).await?;
    let sweep = sweep.ok_or(Error::NotFound("Sweep"))?;
    page.require_within(sweep.moved)?;
    let moves = tenant.sweep_moves(id, page.offset(), page.size).await?;
    Ok(SweepDetail { sweep, moves })
}

/// How busy each active employee is, the least busy first: who comes first receives next.
pub async fn workload(db: &Db, actor: &Actor, clock: &Clock) -> Result<Vec<Workload>> {
    actor.require_subscription()?;
    let company = actor.require_full_sight()?;
    let mut reader = db.read().await?;
    let hours = settings(&mut reader, company).await?.re_assign_hours;
    let mut tenant = reader.tenant(company);
    let mut employees = tenant.roster().await?;
    let stale = tenant
        .stale_by_holder(stale::threshold(clock.now(), hours))
        .await?;
    let mut stale: HashMap<_, _> = stale.into_iter().map(|s| (s.assigned_to, s)).collect();
    employees.sort_by_key(|employee| {
        let member = &employee.member;
        (member.clients.total(), member.last_received, member.user)
    });
    Ok(employees
        .into_iter()
        .map(|employee| Workload {
            stale: stale.remove(&employee.member.user),
            employee,
        })
        .collect())
}

async fn require_re_assigning(db: &Db, actor: &Actor) -> Result<CompanyId> {
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    let mut reader = db.read().await?;
    if settings(&mut reader, company).await?.re_assign_enabled {
        return Ok(company);
    }
    let sentence = "Re-assignment is switched off for your company; switch it on first.";
    Err(Error::Refused(sentence.to_owned()))
}

async fn settings(reader: &mut Reader, company: CompanyId) -> Result<tawzi_store::Company> {
    let company = reader.company(company).await?;
    company.ok_or(Error::NotFound("Company"))
}
