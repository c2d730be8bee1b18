//! Records of sweeps: when, why, and what came of them in each company.

use crate::db::engine::Tx;
use crate::db::sequence::Sequence;
use crate::db::tenant::{Tenant, TenantTx};
use crate::error::Result;
use serde::Serialize;
use tawzi_core::id::{ClientEventId, ClientId, CompanyId, JobId, SweepId};
use tawzi_core::sweep::KeptCounts;
use tawzi_core::time::Timestamp;

/// Why a sweep ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepCause {
    /// Its hour had come: the job that runs it.
    Schedule(JobId),
    /// Somebody asked for it.
    Command,
}

/// What a sweep did in one company, or one part of a company.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyTally {
    /// Clients that were stale.
    pub due: i64,
    /// Clients that moved.
    pub moved: i64,
    /// Clients that stayed, by the reason.
    pub kept: KeptCounts,
    /// The first and the last of the events of the moves; `None` without moves.
    pub events: Option<(ClientEventId, ClientEventId)>,
}

row! {
    /// What a sweep did in one company.
    pub struct CompanySweepRow {
        /// The sweep.
        pub id: SweepId,
        /// Why it ran: `schedule` or `command`.
        pub cause: String,
        /// When it began.
        pub started_at: Timestamp,
        /// When it ended; null while it runs, or when it was cut off.
        pub finished_at: Option<Timestamp>,
        /// Clients that were stale.
        pub due: i64,
        /// Clients that moved.
        pub moved: i64,
        /// Clients that stayed, by the reason.
        pub kept: KeptCounts,
        /// Why the company could not be swept.
        pub error: Option<String>,
    }
}

row! {
    /// A client that a sweep moved.
    pub struct SweepMove {
        /// The client.
        pub client_id: ClientId,
        /// Its name.
        pub client_name: String,
        /// What the former assignee was called.
        pub old_value: Option<String>,
        /// What the receiver was called.
        pub new_value: Option<String>,
        /// When.
        pub created_at: Timestamp,
    }
}

/// What is read of a sweep in one company.
macro_rules! of_company {
    () => {
        "SELECT s.id, s.cause, s.started_at, s.finished_at, p.due, p.moved, p.error, "
    };
}

statements! {
    FIND_OF_JOB = ["SELECT id FROM sweep WHERE job_id = $1"];
    INSERT = ["INSERT INTO sweep (id, job_id, cause, started_at) VALUES ($1, $2, $3, $4)"];
    FINISH = ["UPDATE sweep SET finished_at = $2 WHERE id = $1"];
    ADD_TALLIES = [
        "INSERT INTO sweep_company (company_id, sweep_id, due, moved, first_event_id, last_event_id)
         SELECT r.company_id, $2, r.due, r.moved, r.first_event_id, r.last_event_id
         FROM " (ROWS company_id BIGINT, due BIGINT, moved BIGINT, first_event_id BIGINT,
             last_event_id BIGINT) "
         WHERE TRUE
         ON CONFLICT (company_id, sweep_id) DO UPDATE
         SET due = sweep_company.due + excluded.due,
             moved = sweep_company.moved + excluded.moved,
             first_event_id = COALESCE(sweep_company.first_event_id, excluded.first_event_id),
             last_event_id = COALESCE(excluded.last_event_id, sweep_company.last_event_id)"
    ];
    ADD_KEPT = [
        "INSERT INTO sweep_kept (company_id, sweep_id, reason, clients)
         SELECT r.company_id, $2, r.reason, r.clients
         FROM " (ROWS company_id BIGINT, reason TEXT, clients BIGINT) "
         WHERE TRUE
         ON CONFLICT (company_id, sweep_id, reason) DO UPDATE
         SET clients = sweep_kept.clients + excluded.clients"
    ];
    COUNT_OF_COMPANY = ["SELECT COUNT(*) FROM sweep_company WHERE company_id = $1"];
    READ_OF_COMPANY = [
        (TEXT of_company) "(SELECT " (JSON "q.reason", "q.clients") "
              FROM sweep_kept q
              WHERE q.company_id = p.company_id AND q.sweep_id = p.sweep_id) AS kept
         FROM sweep_company p
         JOIN sweep s ON s.id = p.sweep_id
         WHERE p.company_id = $1
         ORDER BY p.sweep_id DESC
         LIMIT $3 OFFSET $2"
    ];
    READ_ONE = [
        (TEXT of_company) "(SELECT " (JSON "q.reason", "q.clients") "
              FROM sweep_kept q
              WHERE q.company_id = p.company_id AND q.sweep_id = p.sweep_id) AS kept
         FROM sweep_company p
         JOIN sweep s ON s.id = p.sweep_id
         WHERE p.company_id = $1 AND p.sweep_id = $2"
    ];
    /// The events of others that were written meanwhile stand between those of the sweep.
    READ_MOVES = [
        "SELECT e.client_id, k.name AS client_name, e.old_value, e.new_value, e.created_at
         FROM sweep_company p
         JOIN client_event e
             ON e.company_id = p.company_id
             AND e.id BETWEEN p.first_event_id AND p.last_event_id
             AND e.sweep_id = p.sweep_id
         JOIN client k ON k.company_id = e.company_id AND k.id = e.client_id
         WHERE p.company_id = $1 AND p.sweep_id = $2
         ORDER BY e.id
         LIMIT $4 OFFSET $3"
    ];
    NOTE_FAILURE = [
        "INSERT INTO sweep_company (company_id, sweep_id, due, moved, error)
         VALUES ($1, $2, 0, 0, $3)
         ON CONFLICT (company_id, sweep_id) DO UPDATE SET error = excluded.error"
    ];
}

#[derive(Serialize)]
struct TallyRow {
    company_id: CompanyId,
    due: i64,
    moved: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_event_id: Option<ClientEventId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event_id: Option<ClientEventId>,
}

#[derive(Serialize)]
struct KeptRow {
    company_id: CompanyId,
    reason: &'static str,
    clients: i64,
}

impl Tenant<'_> {
    /// How many sweeps found something due in this company, or failed there.
    pub async fn count_company_sweeps(&mut self) -> Result<i64> {
        let company = self.company().get();
        Ok(fetch_one!(self, (i64,), COUNT_OF_COMPANY, company)?.0)
    }

    /// A page of them, the newest first.
    pub async fn company_sweeps(
        &mut self,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<CompanySweepRow>> {
        let company = self.company().get();
        fetch_all!(
            self,
            CompanySweepRow,
            READ_OF_COMPANY,
            company,
            offset,
            limit
        )
    }

    /// What that sweep did in this company.
    pub async fn company_sweep(&mut self, sweep: SweepId) -> Result<Option<CompanySweepRow>> {
        let company = self.company().get();
        fetch_optional!(self, CompanySweepRow, READ_ONE, company, sweep.get())
    }

    /// A page of the clients that it moved and that are still there, in the order of the plan.
    pub async fn sweep_moves(
        &mut self,
        sweep: SweepId,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<SweepMove>> {
        let company = self.company().get();
        fetch_all!(
            self,
            SweepMove,
            READ_MOVES,
            company,
            sweep.get(),
            offset,
            limit
        )
    }
}

impl Tx {
    /// Starts the record of a sweep; a job that is repeated goes on with the record it started.
    pub async fn start_sweep(&mut self, cause: SweepCause, at: Timestamp) -> Result<SweepId> {
        let (job, word) = match cause {
            SweepCause::Schedule(job) => (Some(job.get()), "schedule"),
            SweepCause::Command => (None, "command"),
        };
        if let Some(job) = job
            && let Some((id,)) = fetch_optional!(self, (i64,), FIND_OF_JOB, job)?
        {
            return Ok(SweepId::new(id));
        }
        let id = self.take_id(Sequence::Sweep).await?;
        execute!(self, INSERT, id, job, word, at.microseconds())?;
        Ok(SweepId::new(id))
    }

    /// Ends the record of a sweep.
    pub async fn finish_sweep(&mut self, sweep: SweepId, at: Timestamp) -> Result<()> {
        execute!(self, FINISH, sweep.get(), at.microseconds())?;
        Ok(())
    }

    /// Adds what was done in this transaction to the companies' parts of the record; each company
    /// at most once.
    pub async fn add_to_sweep(
        &mut self,
        sweep: SweepId,
        tallies: &[(CompanyId, CompanyTally)],
    ) -> Result<()> {
        let row = |(company_id, tally): &(CompanyId, CompanyTally)| TallyRow {
            company_id: *company_id,
            due: tally.due,
            moved: tally.moved,
            first_event_id: tally.events.map(|(first, _)| first),
            last_event_id: tally.events.map(|(_, last)| last),
        };
        let rows = serde_json::to_string(&tallies.iter().map(row).collect::<Vec<_>>())?;
        execute!(self, ADD_TALLIES, &rows, sweep.get())?;
        let kept = tallies.iter().flat_map(|(company_id, tally)| {
            tally.kept.iter().map(|(reason, clients)| KeptRow {
                company_id: *company_id,
                reason: reason.as_str(),
                clients,
            })
        });
        let kept: Vec<_> = kept.collect();
        if !kept.is_empty() {
            execute!(self, ADD_KEPT, &serde_json::to_string(&kept)?, sweep.get())?;
        }
        Ok(())
    }
}

impl TenantTx<'_> {
    /// Notes that the sweep of this company failed.
    pub async fn note_sweep_failure(&mut self, sweep: SweepId, error: &str) -> Result<()> {
        let company = self.company().get();
        execute!(self, NOTE_FAILURE, company, sweep.get(), error)?;
        Ok(())
    }
}
