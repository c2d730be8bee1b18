//! The sweep: neglected clients move on.

mod queue;
pub(crate) mod report;
pub(crate) mod step;

pub use report::{CompanySweep, KeptClient, MovedClient, SweepReport};

use crate::app::App;
use crate::assignment::waiting::hand_out_all;
use crate::audit::{self, By};
use crate::error::{Error, Result, Thing, with_causes};
use crate::pace::Pace;
use crate::progress::Progress;
use queue::Queue;
use tawzi_core::audit::AuditEvent;
use tawzi_core::id::{CompanyId, SweepId};
use tawzi_core::stale;
use tawzi_core::time::Timestamp;
use tawzi_store::SweepCause;

/// What is to be swept, and how.
pub struct SweepRequest<'a> {
    /// Why.
    pub cause: SweepCause,
    /// A single company, or all that re-assign.
    pub only: Option<CompanyId>,
    /// Who wants to know how far it has come.
    pub progress: &'a dyn Progress,
    /// Asked between transactions: whether to stop early, with everything so far recorded.
    pub stop: &'a (dyn Fn() -> bool + Send + Sync),
}

/// Hands out the clients that wait for somebody, and moves every stale client of every company that re-assigns. A
/// company that fails does not stop the others; sweeping again moves nothing twice.
pub async fn sweep(app: &App, request: SweepRequest<'_>) -> Result<SweepReport> {
    sweep_by(app, request, None).await
}

/// The same, because the operator of the installation wants it now.
pub async fn sweep_by_operator(app: &App, request: SweepRequest<'_>) -> Result<SweepReport> {
    sweep_by(app, request, Some(By::OPERATOR)).await
}

/// The same; whoever wants it now stands in the security log.
pub(crate) async fn sweep_by(
    app: &App,
    request: SweepRequest<'_>,
    by_hand: Option<By>,
) -> Result<SweepReport> {
    // A clock that is ahead must not make neglected who is not, so that the database's has a say.
    let at = app.now().min(app.db.read().await?.database_clock().await?);
    let (handed_out, through) = hand_out_all(app, at, request.only, request.stop).await?;
    let companies = due_companies(app, at, request.only, request.progress).await?;
    let mut tx = app.db.begin().await?;
    let sweep = tx.start_sweep(request.cause, at).await?;
    if companies.is_empty() && through {
        tx.finish_sweep(sweep, app.now()).await?;
    }
    match by_hand {
        Some(by) => audit::commit(tx, by, request.only, [AuditEvent::SweepRun(sweep)], at).await?,
        None => tx.commit().await?,
    }

    let mut report = SweepReport {
        id: Some(sweep),
        at,
        dry_run: false,
        handed_out,
        companies: Vec::with_capacity(companies.len()),
        stopped: !through,
    };
    if companies.is_empty() || !through {
        return Ok(report);
    }
    let mut queue = Queue::new(companies);
    let mut pace = Pace::new();
    while !queue.is_empty() {
        if (request.stop)() {
            report.stopped = true;
            return Ok(report);
        }
        let places = queue.next();
        match pace.step(step::take(app, sweep, &places, at)).await {
            Ok(step) => {
                queue.proceed(step.through, step.after);
                for part in step.parts {
                    request.progress.advance(part.due.unsigned_abs());
                    report.company(part.company).add(part);
                }
            }
            // Which company it was shows when each is swept by itself.
            Err(error) if places.len() > 1 => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "companies could not be swept together; each is tried by itself"
                );
                queue.take_singly();
            }
            Err(error) => {
                let Some(company) = queue.skip() else { break };
                note_failure(app, sweep, company, &error).await?;
                report.company(company).error = Some(with_causes(&error));
            }
        }
    }
    let mut tx = app.db.begin().await?;
    tx.finish_sweep(sweep, app.now()).await?;
    tx.commit().await?;
    Ok(report)
}

/// Says in the log and in the record of the sweep why a company could not be swept.
async fn note_failure(app: &App, sweep: SweepId, company: CompanyId, error: &Error) -> Result<()> {
    tracing::error!(
        company.id = company.get(),
        error = error as &dyn std::error::Error,
        "a company could not be swept"
    );
    let mut tx = app.db.begin().await?;
    tx.tenant_tx(company)
        .note_sweep_failure(sweep, &with_causes(error))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The companies with stale clients, by id. Whoever watches is told how many clients that is.
pub(crate) async fn due_companies(
    app: &App,
    at: Timestamp,
    only: Option<CompanyId>,
    progress: &dyn Progress,
) -> Result<Vec<CompanyId>> {
    let mut reader = app.db.read().await?;
    if let Some(id) = only {
        reader.company(id).await?.ok_or(Thing::Company)?;
    }
    let companies = reader.companies_with_due_clients(at, only).await?;
    if progress.wanted() {
        let mut due = 0;
        for &id in &companies {
            if let Some(company) = reader.company(id).await? {
                let threshold = stale::threshold(at, company.re_assign_hours);
                due += reader.tenant(id).count_due_clients(threshold).await?;
            }
        }
        progress.begin("stale clients", due.unsigned_abs());
    }
    Ok(companies)
}
