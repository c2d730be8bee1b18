//! Giving the clients that nobody has to the employees.

use super::handover::{self, Handover};
use crate::access::actor::Actor;
use crate::app::App;
use crate::error::{Denied, Result, Thing};
use serde::Serialize;
use std::collections::HashMap;
use tawzi_core::choice::spread;
use tawzi_core::event;
use tawzi_core::id::{ClientId, CompanyId, UserId};
use tawzi_core::roster::Roster;
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;
use tawzi_store::{Author, Company, OwnedClient, Tx};

/// What came of spreading the unassigned clients of a company.
#[derive(Clone, Debug, Serialize)]
pub struct SpreadReport {
    /// The company.
    pub company: CompanyId,
    /// How many clients nobody had.
    pub unassigned: usize,
    /// Who received which, the oldest client first.
    pub assigned: Vec<Receiver>,
    /// Clients that stay without anybody.
    pub left: Vec<Left>,
    /// Why the company could not be handled.
    pub error: Option<String>,
    /// The assignees' names in the order of their first client.
    #[serde(skip)]
    pub names: Vec<DisplayName>,
}

impl SpreadReport {
    /// The report of a company that could not be handled.
    pub const fn failed(company: CompanyId, error: String) -> Self {
        Self {
            company,
            unassigned: 0,
            assigned: Vec::new(),
            left: Vec::new(),
            error: Some(error),
            names: Vec::new(),
        }
    }
}

/// A client and who received it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Receiver {
    /// The client.
    pub client: ClientId,
    /// Who received it.
    pub to: UserId,
}

/// A client that nobody received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Left {
    /// The client.
    pub client: ClientId,
    /// Why: `no_employee`.
    pub reason: &'static str,
}

/// What came of an administrator's wish to spread the unassigned clients.
#[derive(Clone, Debug)]
pub enum SpreadResult {
    /// Every one of them was given to somebody.
    Spread(SpreadReport),
    /// There was none.
    NothingUnassigned,
    /// The company does not assign by itself; nothing was changed.
    AutoAssignOff,
    /// The company has no active employee; nothing was changed.
    NobodyEligible,
}

/// Spreads the clients that nobody has over the employees, for the administrator who asks. The
/// checks come in the order of the contract, section 2.9.
pub async fn assign_unassigned(app: &App, actor: &Actor) -> Result<SpreadResult> {
    let now = app.now();
    actor.require_subscription()?;
    actor.company().ok_or(Denied::NoCompany)?;
    let company = actor.require_full_sight()?;
    let mut tx = app.db.begin().await?;
    let settings = tx.lock_company(company).await?.ok_or(Thing::Company)?;
    if tx.tenant(company).unassigned_clients().await?.is_empty() {
        return Ok(SpreadResult::NothingUnassigned);
    }
    if !settings.auto_assign_enabled {
        return Ok(SpreadResult::AutoAssignOff);
    }
    let report = spread_in(&mut tx, &settings, actor.author(), now).await?;
    if report.assigned.is_empty() {
        return Ok(SpreadResult::NobodyEligible);
    }
    tx.commit().await?;
    Ok(SpreadResult::Spread(report))
}

/// Spreads the clients that nobody has over the employees of a company, on nobody's behalf; with `dry_run`
/// nothing is written.
///
/// `Ok(None)` when the company does not assign by itself.
pub async fn spread_unassigned(
    app: &App,
    company: CompanyId,
    dry_run: bool,
) -> Result<Option<SpreadReport>> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let settings = tx.lock_company(company).await?.ok_or(Thing::Company)?;
    if !settings.auto_assign_enabled {
        return Ok(None);
    }
    let report = spread_in(&mut tx, &settings, Author::Nobody, now).await?;
    if !dry_run {
        tx.commit().await?;
    }
    Ok(Some(report))
}

async fn spread_in(
    tx: &mut Tx,
    company: &Company,
    author: Author,
    now: Timestamp,
) -> Result<SpreadReport> {
    let unassigned = tx.tenant(company.id).unassigned_clients().await?;
    spread_over(tx, company, &unassigned, author, now).await
}

/// Gives those clients, whom nobody has, to the employees, one after the other. The caller holds the company's lock.
pub(crate) async fn spread_over(
    tx: &mut Tx,
    company: &Company,
    unassigned: &[OwnedClient],
    author: Author,
    now: Timestamp,
) -> Result<SpreadReport> {
    let id = company.id;
    let employees = tx.tenant(id).roster().await?;
    let names: HashMap<_, _> = employees.iter().map(|e| (e.load.user, e.name())).collect();
    let loads = employees.iter().map(|entry| entry.load);
    let mut roster = Roster::new(company.policy().weights, loads);
    let orders = roster.next_order()..;
    let categories = unassigned.iter().map(OwnedClient::category);
    let decisions = spread(&mut roster, categories, now);

    let mut report = SpreadReport {
        company: id,
        unassigned: unassigned.len(),
        assigned: Vec::with_capacity(unassigned.len()),
        left: Vec::new(),
        error: None,
        names: Vec::new(),
    };
    let mut handovers = Vec::with_capacity(unassigned.len());
    for ((client, decision), order) in unassigned.iter().zip(decisions).zip(orders) {
        let Some((to, name)) = decision.assignee.and_then(|to| Some((to, names.get(&to)?))) else {
            report.left.push(Left {
                client: client.id,
                reason: "no_employee",
            });
            continue;
        };
        report.assigned.push(Receiver {
            client: client.id,
            to,
        });
        if !report.names.contains(name) {
            report.names.push(name.clone());
        }
        handovers.push(Handover {
            company: id,
            client: client.id,
            category: client.category(),
            from: None,
            to: Some(to),
            order,
            waiting_since: None,
            swept: None,
            event: event::auto_assigned(name),
            author,
        });
    }
    let recorded = handover::record(tx, &handovers, now).await?;
    let changed = recorded.changed_meanwhile;
    report
        .assigned
        .retain(|receiver| !changed.contains(&(id, receiver.client)));
    Ok(report)
}
