//! What a sweep would do; nothing is written.

use super::sweep::due_companies;
use super::sweep::report::{CompanySweep, SweepReport};
use super::sweep::step::CLIENTS_AT_ONCE;
use crate::app::App;
use crate::error::{Result, with_causes};
use crate::progress::Progress;
use tawzi_core::id::CompanyId;
use tawzi_core::roster::Roster;
use tawzi_core::stale;
use tawzi_core::sweep::plan;
use tawzi_core::time::Timestamp;

/// What a sweep at that moment would do; nothing is written.
pub async fn preview_sweep(
    app: &App,
    at: Timestamp,
    only: Option<CompanyId>,
    progress: &dyn Progress,
) -> Result<SweepReport> {
    let mut report = SweepReport {
        id: None,
        at,
        dry_run: true,
        companies: Vec::new(),
        stopped: false,
    };
    for company in due_companies(app, at, only, progress).await? {
        let mut swept = CompanySweep::nothing(company);
        if let Err(error) = preview_company(app, at, progress, &mut swept).await {
            swept.error = Some(with_causes(&error));
        }
        report.companies.push(swept);
    }
    Ok(report)
}

async fn preview_company(
    app: &App,
    at: Timestamp,
    progress: &dyn Progress,
    swept: &mut CompanySweep,
) -> Result<()> {
    let mut reader = app.db.read().await?;
    let Some(company) = reader.company(swept.company).await? else {
        return Ok(());
    };
    let threshold = stale::threshold(at, company.re_assign_hours);
    let mut tenant = reader.tenant(company.id);
    let policy = company.policy();
    let loads = tenant.roster().await?.into_iter().map(|entry| entry.load);
    let mut roster = Roster::new(policy.weights, loads);
    let mut after = None;
    loop {
        let due = tenant
            .due_clients(threshold, after, CLIENTS_AT_ONCE)
            .await?;
        let Some(last) = due.last() else {
            return Ok(());
        };
        after = Some((last.touched_at, last.client));
        let planned = plan(&policy, &mut roster, due, at);
        let part = CompanySweep::planned(company.id, planned);
        progress.advance(part.due.unsigned_abs());
        swept.add(part);
    }
}
