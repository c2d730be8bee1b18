//! Clients that nobody could receive when they came, or when whoever had them left, wait until somebody can; they are
//! handed out by the rule for new clients, the longest waiting first (rules, section 1).

use super::unassigned::{Receiver, spread_over};
use crate::app::App;
use crate::error::{Error, Result, with_causes};
use crate::job::{Job, enqueue};
use crate::pace::Pace;
use serde::Serialize;
use tawzi_core::choice::spread;
use tawzi_core::company::AutoAssign;
use tawzi_core::id::CompanyId;
use tawzi_core::roster::Roster;
use tawzi_core::time::Timestamp;
use tawzi_store::{Author, Company, OwnedClient, Reader, Tx, UnassignedCount};

/// How many clients one transaction hands out at most, so that creates in their company never wait long.
const AT_ONCE: i64 = 1_000;

/// What came, or would come, of handing out the clients that wait in a company.
#[derive(Clone, Debug, Serialize)]
pub struct HandedOut {
    /// The company.
    pub company: CompanyId,
    /// Who received which, the longest waiting first.
    pub assigned: Vec<Receiver>,
    /// How many wait on: nobody can receive them, or it was stopped or failed before their turn.
    pub left: i64,
    /// Why the company could not be handled.
    pub error: Option<String>,
}

impl HandedOut {
    /// A company in which nobody waits.
    pub const fn nothing(company: CompanyId) -> Self {
        Self {
            company,
            assigned: Vec::new(),
            left: 0,
            error: None,
        }
    }
}

/// Since when a client waits that nobody has any more and that nobody took from everybody on purpose. Where companies
/// do not assign by themselves, none waits.
pub(crate) fn waits_from(company: &Company, now: Timestamp) -> Option<Timestamp> {
    (company.policy().auto_assign == AutoAssign::On).then_some(now)
}

/// Hands out the clients that wait, after somebody became able to receive them or the company began to assign by
/// itself. The caller holds the company's lock. What is too much for one transaction is left to a job.
pub(crate) async fn hand_out_in(tx: &mut Tx, id: CompanyId, now: Timestamp) -> Result<()> {
    let Some(company) = tx.company(id).await? else {
        return Ok(());
    };
    if step(tx, &company, now).await?.more {
        enqueue(tx, &Job::HandOut(id), now).await?;
    }
    Ok(())
}

/// Hands out what waits in a company, until `stop`; gives how many clients were handed out, and whether
/// it is through.
pub async fn hand_out(
    app: &App,
    company: CompanyId,
    stop: &(dyn Fn() -> bool + Send + Sync),
) -> Result<(usize, bool)> {
    let mut handed_out = HandedOut::nothing(company);
    let through = hand_out_company(app, app.now(), &mut handed_out, stop).await?;
    Ok((handed_out.assigned.len(), through))
}

/// Hands out what waits in every company that assigns by itself, or in one of them, until `stop`; gives what came of
/// it, and whether it is through. A company that fails does not stop the others.
pub(crate) async fn hand_out_all(
    app: &App,
    at: Timestamp,
    only: Option<CompanyId>,
    stop: &(dyn Fn() -> bool + Send + Sync),
) -> Result<(Vec<HandedOut>, bool)> {
    let companies = app
        .db
        .read()
        .await?
        .companies_with_waiting_clients(only)
        .await?;
    let mut reports = Vec::with_capacity(companies.len());
    for company in companies {
        if stop() {
            return Ok((reports, false));
        }
        let mut handed_out = HandedOut::nothing(company);
        let through = match hand_out_company(app, at, &mut handed_out, stop).await {
            Ok(through) => through,
            Err(error) => {
                tracing::error!(
                    company.id = company.get(),
                    error = &error as &dyn std::error::Error,
                    "the waiting clients of a company could not be handed out"
                );
                handed_out.error = Some(with_causes(&error));
                true
            }
        };
        let mut reader = app.db.read().await?;
        handed_out.left = reader.tenant(company).count_waiting_clients().await?;
        reports.push(handed_out);
        if !through {
            return Ok((reports, false));
        }
    }
    Ok((reports, true))
}

async fn hand_out_company(
    app: &App,
    at: Timestamp,
    handed_out: &mut HandedOut,
    stop: &(dyn Fn() -> bool + Send + Sync),
) -> Result<bool> {
    let id = handed_out.company;
    let mut pace = Pace::new();
    loop {
        if stop() {
            return Ok(false);
        }
        let step = pace.step(async {
            let mut tx = app.db.begin().await?;
            let company = tx.lock_company(id).await?;
            // Whoever received somebody since it began was not the last to receive at its beginning.
            let at = at.max(app.now().min(tx.database_clock().await?));
            let step = match &company {
                Some(company) => step(&mut tx, company, at).await?,
                None => Step::default(),
            };
            tx.commit().await?;
            Ok::<_, Error>(step)
        });
        let step = step.await?;
        handed_out.assigned.extend(step.assigned);
        if !step.more {
            return Ok(true);
        }
    }
}

/// What one transaction handed out.
#[derive(Default)]
struct Step {
    assigned: Vec<Receiver>,
    /// Whether there may be more that somebody can receive.
    more: bool,
}

async fn step(tx: &mut Tx, company: &Company, at: Timestamp) -> Result<Step> {
    let mut tenant = tx.tenant(company.id);
    // With nobody waiting, this is one look into an index.
    let waiting = match company.policy().auto_assign {
        AutoAssign::On => tenant.waiting_clients(AT_ONCE).await?,
        AutoAssign::Off => Vec::new(),
    };
    if waiting.is_empty() {
        return Ok(Step::default());
    }
    let report = spread_over(tx, company, &waiting, Author::Nobody, at).await?;
    let full = i64::try_from(waiting.len()) == Ok(AT_ONCE);
    Ok(Step {
        more: full && !report.assigned.is_empty(),
        assigned: report.assigned,
    })
}

/// What handing out would come to, with the employees of the roster, which is left as it will be; nothing is written.
pub(crate) async fn preview(
    reader: &mut Reader,
    company: &Company,
    roster: &mut Roster,
    at: Timestamp,
) -> Result<HandedOut> {
    let mut would = HandedOut::nothing(company.id);
    if company.policy().auto_assign == AutoAssign::Off {
        return Ok(would);
    }
    let waiting = reader.tenant(company.id).waiting_clients(i64::MAX).await?;
    let decisions = spread(roster, waiting.iter().map(OwnedClient::category), at);
    for (client, decision) in waiting.iter().zip(decisions) {
        match decision.assignee {
            Some(to) => would.assigned.push(Receiver {
                client: client.id,
                to,
            }),
            None => would.left += 1,
        }
    }
    Ok(would)
}

/// How many clients nobody has, in each company that has such clients, or in one of them.
pub async fn unassigned_counts(app: &App, only: Option<CompanyId>) -> Result<Vec<UnassignedCount>> {
    Ok(app.db.read().await?.unassigned_counts(only).await?)
}
