//! The sweep: neglected clients move on.

mod batch;
mod own;

pub use own::{
    SweepDetail, SweepPage, Workload, list_sweeps, preview_own_sweep, read_sweep, run_own_sweep,
    workload,
};

use crate::clock::Clock;
use crate::error::{Error, Result, with_causes};
use crate::progress::Progress;
use batch::{CLIENTS_AT_ONCE, Part, Queue};
use serde::Serialize;
use std::time::{Duration, Instant};
use tawzi_core::id::{ClientId, CompanyId, SweepId, UserId};
use tawzi_core::load::Weights;
use tawzi_core::roster::Roster;
use tawzi_core::stale;
use tawzi_core::sweep::{Due, plan};
use tawzi_core::time::Timestamp;
use tawzi_store::{CompanyTally, Db, SweepCause};

/// A sweep rests after each transaction for as long as that took, so that half of the time is left to
/// whoever works meanwhile; but not for longer than this, should it have waited for somebody.
const LONGEST_REST: Duration = Duration::from_millis(200);

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
    /// Its record; a dry run has none.
    #[serde(skip)]
    pub id: Option<SweepId>,
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
    /// A company in which nothing was due.
    pub fn nothing(company: CompanyId) -> Self {
        Self {
            company,
            due: 0,
            moved: Vec::new(),
            kept: Vec::new(),
            error: None,
            tally: CompanyTally::default(),
        }
    }

    /// Adds what one transaction did.
    fn add(&mut self, part: &Part, moves: Moves) {
        let tally = part.tally();
        self.due += tally.due;
        self.tally.due += tally.due;
        self.tally.moved += tally.moved;
        self.tally.kept_no_other_employee += tally.kept_no_other_employee;
        self.tally.changed_meanwhile += tally.changed_meanwhile;
        if moves == Moves::Counted {
            return;
        }
        self.moved.extend(part.moved.iter().map(|m| MovedClient {
            client: m.due.client,
            from: m.due.from,
            to: m.to,
        }));
        let changed = part
            .changed
            .iter()
            .map(|&client| (client, "changed_meanwhile"));
        let kept = part.kept.iter().map(|k| (k.due.client, k.reason.as_str()));
        let clients = changed.chain(kept);
        self.kept
            .extend(clients.map(|(client, reason)| KeptClient { client, reason }));
    }
}

impl SweepReport {
    /// The entry of a company; companies come in order of id.
    fn company(&mut self, company: CompanyId) -> &mut CompanySweep {
        if self
            .companies
            .last()
            .is_none_or(|last| last.company != company)
        {
            self.companies.push(CompanySweep::nothing(company));
        }
        let newest = self.companies.len() - 1;
        &mut self.companies[newest]
    }
}

/// Moves every stale client of every company that re-assigns. A company that fails does not stop
/// the others; sweeping again moves nothing twice.
pub async fn sweep(db: &Db, clock: &Clock, request: SweepRequest<'_>) -> Result<SweepReport> {
    let at = clock.now();
    let companies = due_companies(db, at, request.only, request.progress).await?;
    let mut tx = db.begin().await?;
    let sweep = tx.start_sweep(request.cause, at).await?;
    if companies.is_empty() {
        tx.finish_sweep(sweep, clock.now()).await?;
    }
    tx.commit().await?;

    let mut report = SweepReport {
        id: Some(sweep),
        at,
        dry_run: false,
        companies: Vec::with_capacity(companies.len()),
        stopped: false,
    };
    if companies.is_empty() {
        return Ok(report);
    }
    let mut queue = Queue::new(companies);
    let mut rest = Duration::ZERO;
    while !queue.is_empty() {
        if (request.stop)() {
            report.stopped = true;
            return Ok(report);
        }
        tokio::time::sleep(rest).await;
        let begun = Instant::now();
        match batch::sweep(db, sweep, &queue.next(), at).await {
            Ok(batch) => {
                for part in &batch.parts {
                    report.company(part.company).add(part, request.moves);
                    request.progress.advance(part.tally().due.unsigned_abs());
                }
                queue.proceed(&batch);
                rest = begun.elapsed().min(LONGEST_REST);
            }
            // Which company it was shows when each is swept by itself.
            Err(error) if queue.next().len() > 1 => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "companies could not be swept together; each is tried by itself"
                );
                queue.take_singly();
            }
            Err(error) => {
                let Some(company) = queue.skip() else { break };
                tracing::error!(
                    company.id = company.get(),
                    error = &error as &dyn std::error::Error,
                    "a company could not be swept"
                );
                let sentence = with_causes(&error);
                let mut tx = db.begin().await?;
                tx.tenant_tx(company)
                    .note_sweep_failure(sweep, &sentence)
                    .await?;
                tx.commit().await?;
                report.company(company).error = Some(sentence);
            }
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
        id: None,
        at,
        dry_run: true,
        companies: Vec::new(),
        stopped: false,
    };
    for company in due_companies(db, at, only, progress).await? {
        let mut swept = CompanySweep::nothing(company);
        if let Err(error) = preview_company(db, at, progress, &mut swept).await {
            swept.error = Some(with_causes(&error));
        }
        report.companies.push(swept);
    }
    Ok(report)
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
        let due = tenant
            .due_clients(threshold, after, CLIENTS_AT_ONCE)
            .await?;
        let Some(last) = due.last() else {
            return Ok(());
        };
        after = Some((last.touched_at, last.id));
        let found = due.len();
        let plan = plan(&mut roster, due.into_iter().map(Due::from).collect(), at);
        swept.add(&Part::planned(company.id, plan), Moves::Listed);
        progress.advance(u64::try_from(found).unwrap_or(0));
    }
}
