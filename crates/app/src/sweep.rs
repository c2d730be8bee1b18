//! The sweep: neglected clients move on.

use crate::clock::Clock;
use crate::error::{Error, Result, with_causes};
use crate::ledger::Ledger;
use crate::progress::Progress;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap, HashSet};
use tawzi_core::event;
use tawzi_core::id::{ClientId, CompanyId, SweepId, UserId};
use tawzi_core::load::Weights;
use tawzi_core::roster::{Received, Roster};
use tawzi_core::stale;
use tawzi_core::sweep::{Due, Plan, plan};
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;
use tawzi_store::{Company, CompanyTally, Db, SweepCause, Tx};

/// How many clients of a company one transaction takes at most, so that creates in that company
/// never wait long.
const CHUNK: usize = 5_000;

/// What is to be swept, and how.
pub struct SweepRequest<'a> {
    /// Why.
    pub cause: SweepCause,
    /// A single company, or all that re-assign.
    pub only: Option<CompanyId>,
    /// Whether the report lists every client.
    pub moves: Moves,
    /// Who wants to know how far it has come.
    pub progress: &'a dyn Progress,
    /// Asked between transactions: whether to stop early, with everything so far recorded.
    pub stop: &'a (dyn Fn() -> bool + Send + Sync),
}

/// Whether a report lists the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    /// Every one.
    Listed,
    /// Only how many.
    Counted,
}

/// What a sweep did, or would do.
#[derive(Clone, Debug, Serialize)]
pub struct SweepReport {
    /// The moment it looked from.
    pub at: Timestamp,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// The companies in which something was due, by id.
    pub companies: Vec<CompanySweep>,
    /// Whether it was stopped before its end.
    #[serde(skip)]
    pub stopped: bool,
}

/// What a sweep did in one company.
#[derive(Clone, Debug, Serialize)]
pub struct CompanySweep {
    /// The company.
    pub company: CompanyId,
    /// How many clients were stale.
    pub due: i64,
    /// The clients that moved, in the order of the plan.
    pub moved: Vec<MovedClient>,
    /// The clients that stayed.
    pub kept: Vec<KeptClient>,
    /// Why the company could not be swept.
    pub error: Option<String>,
    /// The same in numbers.
    #[serde(skip)]
    pub tally: CompanyTally,
}

/// A client that moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MovedClient {
    /// The client.
    pub client: ClientId,
    /// Who held it.
    pub from: UserId,
    /// Who holds it now.
    pub to: UserId,
}

/// A stale client that stayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct KeptClient {
    /// The client.
    pub client: ClientId,
    /// Why: `no_other_employee`, or `changed_meanwhile` for one that was contacted or moved while
    /// the sweep ran.
    pub reason: &'static str,
}

impl CompanySweep {
    fn new(company: CompanyId) -> Self {
        Self {
            company,
            due: 0,
            moved: Vec::new(),
            kept: Vec::new(),
            error: None,
            tally: CompanyTally::default(),
        }
    }

    /// Adds a carried out part of a plan; clients outside `moved` did not move.
    fn add(&mut self, plan: &Plan, moved: impl Fn(ClientId) -> bool, moves: Moves) -> CompanyTally {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let really = plan.moved.iter().filter(|m| moved(m.due.client)).count();
        let tally = CompanyTally {
            due: count(plan.moved.len() + plan.kept.len()),
            moved: count(really),
            kept_no_other_employee: count(plan.kept.len()),
            changed_meanwhile: count(plan.moved.len() - really),
        };
        self.due += tally.due;
        self.tally.due += tally.due;
        self.tally.moved += tally.moved;
        self.tally.kept_no_other_employee += tally.kept_no_other_employee;
        self.tally.changed_meanwhile += tally.changed_meanwhile;
        if moves == Moves::Listed {
            for m in &plan.moved {
                if moved(m.due.client) {
                    self.moved.push(MovedClient {
                        client: m.due.client,
                        from: m.due.from,
                        to: m.to,
                    });
                } else {
                    self.kept.push(KeptClient {
                        client: m.due.client,
                        reason: "changed_meanwhile",
                    });
                }
            }
            self.kept.extend(plan.kept.iter().map(|k| KeptClient {
                client: k.due.client,
                reason: k.reason.as_str(),
            }));
        }
        tally
    }
}

/// Moves every stale client of every company that re-assigns. A company that fails does not stop
/// the others; sweeping again moves nothing twice.
pub async fn sweep(db: &Db, clock: &Clock, request: SweepRequest<'_>) -> Result<SweepReport> {
    let at = clock.now();
    let companies = due_companies(db, at, request.only, request.progress).await?;
    let mut tx = db.begin().await?;
    let sweep = tx.start_sweep(request.cause, at).await?;
    tx.commit().await?;

    let mut report = SweepReport {
        at,
        dry_run: false,
        companies: Vec::with_capacity(companies.len()),
        stopped: false,
    };
    for company in companies {
        let mut swept = CompanySweep::new(company);
        match sweep_company(db, &request, sweep, at, &mut swept).await {
            Ok(Ended::Through) => {}
            Ok(Ended::Stopped) => report.stopped = true,
            Err(error) => {
                tracing::error!(
                    company.id = company.get(),
                    error = &error as &dyn std::error::Error,
                    "a company could not be swept"
                );
                let mut tx = db.begin().await?;
                let sentence = with_causes(&error);
                tx.tenant_tx(company)
                    .note_sweep_failure(sweep, &sentence)
                    .await?;
                tx.commit().await?;
                swept.error = Some(sentence);
            }
        }
        report.companies.push(swept);
        if report.stopped {
            return Ok(report);
        }
    }
    let mut tx = db.begin().await?;
    tx.finish_sweep(sweep, clock.now()).await?;
    tx.commit().await?;
    Ok(report)
}

/// What a sweep at that moment would do; nothing is written.
pub async fn preview_sweep(
    db: &Db,
    at: Timestamp,
    only: Option<CompanyId>,
    progress: &dyn Progress,
) -> Result<SweepReport> {
    let mut report = SweepReport {
        at,
        dry_run: true,
        companies: Vec::new(),
        stopped: false,
    };
    for company in due_companies(db, at, only, progress).await? {
        let mut swept = CompanySweep::new(company);
        if let Err(error) = preview_company(db, at, progress, &mut swept).await {
            swept.error = Some(with_causes(&error));
        }
        report.companies.push(swept);
    }
    Ok(report)
}

/// How the sweep of a company ended.
enum Ended {
    Through,
    Stopped,
}

async fn due_companies(
    db: &Db,
    at: Timestamp,
    only: Option<CompanyId>,
    progress: &dyn Progress,
) -> Result<Vec<CompanyId>> {
    let mut reader = db.read().await?;
    if let Some(id) = only
        && reader.company(id).await?.is_none()
    {
        return Err(Error::NotFound("Company"));
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

async fn sweep_company(
    db: &Db,
    request: &SweepRequest<'_>,
    sweep: SweepId,
    at: Timestamp,
    swept: &mut CompanySweep,
) -> Result<Ended> {
    let mut after = None;
    loop {
        if (request.stop)() {
            return Ok(Ended::Stopped);
        }
        let mut tx = db.begin().await?;
        let Some(company) = tx.lock_company(swept.company).await? else {
            return Ok(Ended::Through);
        };
        if !company.re_assign_enabled {
            return Ok(Ended::Through);
        }
        let threshold = stale::threshold(at, company.re_assign_hours);
        let due = tx
            .tenant(company.id)
            .due_clients(threshold, after, CHUNK)
            .await?;
        let Some(last) = due.last() else {
            return Ok(Ended::Through);
        };
        after = Some((last.touched_at, last.id));
        let (found, full) = (due.len(), due.len() == CHUNK);
        let due = due.into_iter().map(Due::from).collect();
        let (plan, moved) = carry_out(&mut tx, &company, sweep, due, at).await?;
        let tally = swept.add(&plan, |client| moved.contains(&client), request.moves);
        tx.tenant_tx(company.id).add_to_sweep(sweep, tally).await?;
        tx.commit().await?;
        request.progress.advance(u64::try_from(found).unwrap_or(0));
        if !full {
            return Ok(Ended::Through);
        }
    }
}

/// Plans the moves and records those that nobody has forestalled: clients, events and loads.
async fn carry_out(
    tx: &mut Tx,
    company: &Company,
    sweep: SweepId,
    due: Vec<Due>,
    at: Timestamp,
) -> Result<(Plan, HashSet<ClientId>)> {
    let employees = tx.tenant(company.id).roster().await?;
    let mut roster = Roster::new(Weights::default(), employees.iter().map(|e| e.member));
    let first_order = roster.next_order();
    let plan = plan(&mut roster, due, at);
    if plan.moved.is_empty() {
        return Ok((plan, HashSet::new()));
    }
    let moved: HashSet<_> = tx
        .tenant_tx(company.id)
        .move_clients(&plan.moved, at)
        .await?
        .into_iter()
        .collect();

    let mut names: HashMap<UserId, DisplayName> = employees
        .into_iter()
        .map(|e| (e.member.user, e.name))
        .collect();
    let former: BTreeSet<_> = plan
        .moved
        .iter()
        .map(|m| m.due.from)
        .filter(|user| !names.contains_key(user))
        .collect();
    for person in tx.person_names(&former).await? {
        names.insert(person.id, person.display_name());
    }
    let nobody = DisplayName::new("", "", event::UNASSIGNED);
    let name = |user: &UserId| names.get(user).unwrap_or(&nobody);
    let mut ledger = Ledger::default();
    let mut events = Vec::with_capacity(moved.len());
    for (m, order) in plan.moved.iter().zip(first_order..) {
        if moved.contains(&m.due.client) {
            ledger.took(company.id, m.due.from, m.due.category);
            ledger.gave(company.id, m.to, m.due.category, Received { at, order });
            events.push((m.due.client, name(&m.due.from), name(&m.to)));
        }
    }
    let notes = event::re_assigned_notes(company.re_assign_hours);
    tx.tenant_tx(company.id)
        .insert_sweep_events(sweep, &events, &notes, at)
        .await?;
    tx.change_loads(&ledger.changes()).await?;
    Ok((plan, moved))
}

async fn preview_company(
    db: &Db,
    at: Timestamp,
    progress: &dyn Progress,
    swept: &mut CompanySweep,
) -> Result<()> {
    let mut reader = db.read().await?;
    let Some(company) = reader.company(swept.company).await? else {
        return Ok(());
    };
    let threshold = stale::threshold(at, company.re_assign_hours);
    let mut tenant = reader.tenant(company.id);
    let members = tenant.roster().await?.into_iter().map(|entry| entry.member);
    let mut roster = Roster::new(Weights::default(), members);
    let mut after = None;
    loop {
        let due = tenant.due_clients(threshold, after, CHUNK).await?;
        let Some(last) = due.last() else {
            return Ok(());
        };
        after = Some((last.touched_at, last.id));
        let found = due.len();
        let plan = plan(&mut roster, due.into_iter().map(Due::from).collect(), at);
        swept.add(&plan, |_| true, Moves::Listed);
        progress.advance(u64::try_from(found).unwrap_or(0));
    }
}
