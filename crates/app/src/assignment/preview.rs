//! What a sweep would do; nothing is written.

use super::sweep::due_companies;
use super::sweep::report::{CompanySweep, SweepReport};
use super::sweep::step::CLIENTS_AT_ONCE;
use super::waiting::{self, HandedOut};
use crate::app::App;
use crate::error::{Result, with_causes};
use crate::progress::Progress;
use std::collections::BTreeSet;
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
        handed_out: Vec::new(),
        companies: Vec::new(),
        stopped: false,
    };
    let due = due_companies(app, at, only, progress).await?;
    let due: BTreeSet<_> = due.into_iter().collect();
    let waiting = app
        .db
        .read()
        .await?
        .companies_with_waiting_clients(only)
        .await?;
    let waiting: BTreeSet<_> = waiting.into_iter().collect();
    for &company in due.union(&waiting) {
        let mut swept = CompanySweep::nothing(company);
        match preview_company(app, at, progress, &mut swept).await {
            Ok(handed_out) if waiting.contains(&company) => report.handed_out.extend(handed_out),
            Ok(_) => {}
            Err(error) => swept.error = Some(with_causes(&error)),
        }
        if due.contains(&company) || swept.error.is_some() {
            report.companies.push(swept);
        }
    }
    Ok(report)
}

/// Fills in what would move, and gives what would be handed out before; `None` when the company is gone.
async fn preview_company(
    app: &App,
    at: Timestamp,
    progress: &dyn Progress,
    swept: &mut CompanySweep,
) -> Result<Option<HandedOut>> {
    let mut reader = app.db.read().await?;
    let Some(company) = reader.company(swept.company).await? else {
        return Ok(None);
    };
    let policy = company.policy();
    let employees = reader.tenant(company.id).roster().await?.into_iter();
    let mut roster = Roster::new(policy.weights, employees.map(|entry| entry.load));
    let handed_out = waiting::preview(&mut reader, &company, &mut roster, at).await?;
    let threshold = stale::threshold(at, company.re_assign_hours);
    let mut tenant = reader.tenant(company.id);
    let mut after = None;
    while policy.re_assign.is_some() {
        let due = tenant
            .due_clients(threshold, after, CLIENTS_AT_ONCE)
            .await?;
        let Some(last) = due.last() else { break };
        after = Some((last.touched_at, last.client));
        let planned = plan(&policy, &mut roster, due, at);
        let part = CompanySweep::planned(company.id, planned);
        progress.advance(part.due.unsigned_abs());
        swept.add(part);
    }
    Ok(Some(handed_out))
}
