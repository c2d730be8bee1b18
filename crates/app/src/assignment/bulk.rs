//! Giving many clients away at once.

use crate::access::actor::Actor;
use crate::assignment::load_changes::Ledger;
use crate::clients::next_received;
use crate::error::{Denied, Error, Result};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use tawzi_core::assign::spread;
use tawzi_core::event;
use tawzi_core::id::{ClientId, CompanyId, UserId};
use tawzi_core::load::Weights;
use tawzi_core::roster::{Received, Roster};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;
use tawzi_store::{Author, Db, NewEvent, OwnedClient, Tx};

/// How many clients one statement writes at most.
const CHUNK: usize = 5_000;

/// What came of a bulk assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAssigned {
    /// So many clients went to somebody.
    Assigned(usize),
    /// So many clients were taken from everybody.
    Unassigned(usize),
}

/// Gives those clients to one person, or takes them from everybody. Ids of other companies, and
/// clients that are already where they should be, are passed over (contract, section 2.8).
pub async fn bulk_assign(
    db: &Db,
    actor: &Actor,
    clients: &[ClientId],
    receiver: Option<UserId>,
    now: Timestamp,
) -> Result<BulkAssigned> {
    actor.require_subscription()?;
    let company = actor.require_full_sight()?;
    let mut tx = db.begin().await?;
    tx.lock_company(company).await?;
    let receiver_name = match receiver {
        None => None,
        Some(user) => Some(require_assignee(&mut tx, company, user).await?),
    };
    let mut changing = Vec::new();
    for chunk in clients.chunks(CHUNK) {
        changing.extend(tx.tenant(company).owned_clients(chunk).await?);
    }
    changing.retain(|client| client.assigned_to != receiver);
    changing.sort_unstable_by_key(|client| client.id);
    changing.dedup_by_key(|client| client.id);

    let holders: BTreeSet<_> = changing
        .iter()
        .filter_map(|client| client.assigned_to)
        .collect();
    let names: HashMap<_, _> = tx
        .person_names(&holders)
        .await?
        .into_iter()
        .map(|person| (person.id, person.display_name()))
        .collect();
    let first = next_received(&mut tx, company, now).await?;
    let mut ledger = Ledger::default();
    let mut events = Vec::with_capacity(changing.len());
    for (client, order) in changing.iter().zip(first.order..) {
        let received = Received { order, ..first };
        move_in_ledger(&mut ledger, company, client, receiver, received);
        let old = client.assigned_to.and_then(|user| names.get(&user));
        events.push(NewEvent {
            company,
            client: client.id,
            text: event::bulk_assigned(old, receiver_name.as_ref()),
            created_by: actor.author(),
            sweep: None,
            at: now,
        });
    }
    let assignments: Vec<_> = changing
        .iter()
        .map(|client| (client.id, receiver))
        .collect();
    record(&mut tx, company, &assignments, &events, &ledger, now).await?;
    tx.commit().await?;
    Ok(match receiver {
        Some(_) => BulkAssigned::Assigned(assignments.len()),
        None => BulkAssigned::Unassigned(assignments.len()),
    })
}

/// What came of spreading the unassigned clients of a company.
#[derive(Clone, Debug, Serialize)]
pub struct SpreadReport {
    /// The company.
    pub company: CompanyId,
    /// How many clients nobody held.
    pub unassigned: usize,
    /// Who received which, the oldest client first.
    pub assigned: Vec<Receiver>,
    /// Clients that stay without anybody.
    pub left: Vec<Left>,
    /// Why the company could not be handled.
    pub error: Option<String>,
    /// The receivers' names in the order of their first client.
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
pub enum SpreadOutcome {
    /// Every one of them was given to somebody.
    Spread(SpreadReport),
    /// There was none.
    NothingUnassigned,
    /// The company does not assign by itself; nothing was changed.
    AutoAssignOff,
    /// The company has no active employee; nothing was changed.
    NobodyEligible,
}

/// Spreads the clients that nobody holds over the employees, for the administrator who asks. The
/// checks come in the order of the contract, section 2.9.
pub async fn assign_unassigned(db: &Db, actor: &Actor, now: Timestamp) -> Result<SpreadOutcome> {
    actor.require_subscription()?;
    actor.company().ok_or(Denied::NoCompany)?;
    let company = actor.require_full_sight()?;
    let mut tx = db.begin().await?;
    let settings = tx
        .lock_company(company)
        .await?
        .ok_or(Error::NotFound("Company"))?;
    if tx.tenant(company).unassigned_clients().await?.is_empty() {
        return Ok(SpreadOutcome::NothingUnassigned);
    }
    if !settings.auto_assign_enabled {
        return Ok(SpreadOutcome::AutoAssignOff);
    }
    let report = spread_in(&mut tx, company, actor.author(), now).await?;
    if report.assigned.is_empty() {
        return Ok(SpreadOutcome::NobodyEligible);
    }
    tx.commit().await?;
    Ok(SpreadOutcome::Spread(report))
}

/// The same for one company on nobody's behalf; with `dry_run` nothing is written.
///
/// `Ok(None)` when the company does not assign by itself.
pub async fn spread_unassigned(
    db: &Db,
    company: CompanyId,
    dry_run: bool,
    now: Timestamp,
) -> Result<Option<SpreadReport>> {
    let mut tx = db.begin().await?;
    let settings = tx
        .lock_company(company)
        .await?
        .ok_or(Error::NotFound("Company"))?;
    if !settings.auto_assign_enabled {
        return Ok(None);
    }
    let report = spread_in(&mut tx, company, Author::Nobody, now).await?;
    if !dry_run {
        tx.commit().await?;
    }
    Ok(Some(report))
}

async fn spread_in(
    tx: &mut Tx,
    company: CompanyId,
    author: Author,
    now: Timestamp,
) -> Result<SpreadReport> {
    let unassigned = tx.tenant(company).unassigned_clients().await?;
    let employees = tx.tenant(company).roster().await?;
    let names: HashMap<_, _> = employees
        .iter()
        .map(|e| (e.member.user, e.name.clone()))
        .collect();
    let mut roster = Roster::new(Weights::default(), employees.iter().map(|e| e.member));
    let first = Received {
        at: now,
        order: roster.next_order(),
    };
    let category = |client: &tawzi_store::UnassignedClient| {
        client.status_category.unwrap_or(StatusCategory::None)
    };
    let receivers = spread(&mut roster, unassigned.iter().map(category), now);

    let mut report = SpreadReport {
        company,
        unassigned: unassigned.len(),
        assigned: Vec::with_capacity(unassigned.len()),
        left: Vec::new(),
        error: None,
        names: Vec::new(),
    };
    let mut ledger = Ledger::default();
    let mut events = Vec::with_capacity(unassigned.len());
    for ((client, receiver), order) in unassigned.iter().zip(receivers).zip(first.order..) {
        let Some((to, name)) = receiver.and_then(|to| Some((to, names.get(&to)?))) else {
            report.left.push(Left {
                client: client.id,
                reason: "no_employee",
            });
            continue;
        };
        ledger.gave(company, to, category(client), Received { order, ..first });
        report.assigned.push(Receiver {
            client: client.id,
            to,
        });
        if !report.names.contains(name) {
            report.names.push(name.clone());
        }
        events.push(NewEvent {
            company,
            client: client.id,
            text: event::auto_assigned(name),
            created_by: author,
            sweep: None,
            at: now,
        });
    }
    let assignments: Vec<_> = report
        .assigned
        .iter()
        .map(|r| (r.client, Some(r.to)))
        .collect();
    record(tx, company, &assignments, &events, &ledger, now).await?;
    Ok(report)
}

/// Writes assignments with their events and loads, under the company's lock.
pub(crate) async fn record(
    tx: &mut Tx,
    company: CompanyId,
    assignments: &[(ClientId, Option<UserId>)],
    events: &[NewEvent],
    ledger: &Ledger,
    now: Timestamp,
) -> Result<()> {
    for chunk in assignments.chunks(CHUNK) {
        tx.tenant_tx(company)
            .assign_clients(chunk.iter().copied(), now)
            .await?;
    }
    for chunk in events.chunks(CHUNK) {
        tx.insert_events(chunk).await?;
    }
    tx.change_loads(&ledger.changes()).await?;
    Ok(())
}

fn move_in_ledger(
    ledger: &mut Ledger,
    company: CompanyId,
    client: &OwnedClient,
    receiver: Option<UserId>,
    received: Received,
) {
    let category = client.status_category.unwrap_or(StatusCategory::None);
    if let Some(holder) = client.assigned_to {
        ledger.took(company, holder, category);
    }
    if let Some(receiver) = receiver {
        ledger.gave(company, receiver, category, received);
    }
}

/// The name of a person who may receive clients of the company.
async fn require_assignee(tx: &mut Tx, company: CompanyId, user: UserId) -> Result<DisplayName> {
    tx.person_names(&BTreeSet::from([user]))
        .await?
        .into_iter()
        .find(|person| person.company_id == Some(company) && person.is_active)
        .map(|person| person.display_name())
        .ok_or(Error::NotFound("User"))
}
