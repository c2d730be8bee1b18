//! Records of sweeps: when, why, and what came of them in each company.

use crate::db::engine::{Reader, Tx};
use crate::db::sequence::Sequence;
use crate::db::tenant::{Tenant, TenantTx};
use crate::error::Result;
use serde::Serialize;
use tawzi_core::id::{ClientEventId, ClientId, CompanyId, JobId, SweepId};
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CompanyTally {
    /// Clients that were stale.
    pub due: i64,
    /// Clients that moved.
    pub moved: i64,
    /// Clients that stayed because there is no other employee.
    pub kept_no_other_employee: i64,
    /// Clients that were contacted or moved between the plan and its record.
    pub changed_meanwhile: i64,
    /// The first of the events of the moves; `None` without moves.
    pub first_event_id: Option<ClientEventId>,
    /// The last of them.
    pub last_event_id: Option<ClientEventId>,
}

record! {
    /// What a sweep did in one company.
    pub struct CompanySweepRecord {
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
        /// Clients that stayed because there is no other employee.
        pub kept_no_other_employee: i64,
        /// Clients that were contacted or moved between the plan and its record.
        pub changed_meanwhile: i64,
        /// Why the company could not be swept.
        pub error: Option<String>,
    }
}

record! {
    /// A client that a sweep moved.
    pub struct SweepMove {
        /// The client.
        pub client_id: ClientId,
        /// Its name.
        pub client_name: String,
        /// What the former holder was called.
        pub old_value: Option<String>,
        /// What the receiver was called.
        pub new_value: Option<String>,
        /// When.
        pub created_at: Timestamp,
    }
}

record! {
    /// A sweep with its sums over all companies.
    pub struct Sweep {
        /// Its id.
        pub id: SweepId,
        /// Why it ran: `schedule` or `command`.
        pub cause: String,
        /// When it began.
        pub started_at: Timestamp,
        /// When it ended; null while it runs, or when it was cut off.
        pub finished_at: Option<Timestamp>,
        /// Companies in which something was due.
        pub companies: i64,
        /// Clients that were stale.
        pub due: i64,
        /// Clients that moved.
        pub moved: i64,
        /// Clients that stayed because there is no other employee.
        pub kept_no_other_employee: i64,
        /// Clients that were contacted or moved between the plan and its record.
        pub changed_meanwhile: i64,
        /// Companies whose sweep failed.
        pub failed: i64,
    }
}

statements! {
    FIND_OF_JOB = ["SELECT id FROM sweep WHERE job_id = $1"];
    INSERT = ["INSERT INTO sweep (id, job_id, cause, started_at) VALUES ($1, $2, $3, $4)"];
    FINISH = ["UPDATE sweep SET finished_at = $2 WHERE id = $1"];
    ADD_TALLIES = [
        "INSERT INTO sweep_company (company_id, sweep_id, due, moved, kept_no_other_employee,
             changed_meanwhile, first_event_id, last_event_id)
         SELECT r.company_id, $2, r.due, r.moved, r.kept_no_other_employee, r.changed_meanwhile,
             r.first_event_id, r.last_event_id
         FROM " (ROWS company_id BIGINT, due BIGINT, moved BIGINT, kept_no_other_employee BIGINT,
             changed_meanwhile BIGINT, first_event_id BIGINT, last_event_id BIGINT) "
         WHERE TRUE
         ON CONFLICT (company_id, sweep_id) DO UPDATE
         SET due = sweep_company.due + excluded.due,
             moved = sweep_company.moved + excluded.moved,
             kept_no_other_employee =
                 sweep_company.kept_no_other_employee + excluded.kept_no_other_employee,
             changed_meanwhile = sweep_company.changed_meanwhile + excluded.changed_meanwhile,
             first_event_id = COALESCE(sweep_company.first_event_id, excluded.first_event_id),
             last_event_id = COALESCE(excluded.last_event_id, sweep_company.last_event_id)"
    ];
    COUNT_OF_COMPANY = ["SELECT COUNT(*) FROM sweep_company WHERE company_id = $1"];
    READ_OF_COMPANY = [
        "SELECT s.id, s.cause, s.started_at, s.finished_at, p.due, p.moved,
             p.kept_no_other_employee, p.changed_meanwhile, p.error
         FROM sweep_company p
         JOIN sweep s ON s.id = p.sweep_id
         WHERE p.company_id = $1
         ORDER BY p.sweep_id DESC
         LIMIT $3 OFFSET $2"
    ];
    READ_ONE = [
        "SELECT s.id, s.cause, s.started_at, s.finished_at, p.due, p.moved,
             p.kept_no_other_employee, p.changed_meanwhile, p.error
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
        "INSERT INTO sweep_company (company_id, sweep_id, due, moved, kept_no_other_employee,
             changed_meanwhile, error)
         VALUES ($1, $2, 0, 0, 0, 0, $3)
         ON CONFLICT (company_id, sweep_id) DO UPDATE SET error = excluded.error"
    ];
    READ_NEWEST = [
        "SELECT s.id, s.cause, s.started_at, s.finished_at, COUNT(c.sweep_id) AS companies,
             CAST(COALESCE(SUM(c.due), 0) AS BIGINT) AS due,
             CAST(COALESCE(SUM(c.moved), 0) AS BIGINT) AS moved,
             CAST(COALESCE(SUM(c.kept_no_other_employee), 0) AS BIGINT) AS kept_no_other_employee,
             CAST(COALESCE(SUM(c.changed_meanwhile), 0) AS BIGINT) AS changed_meanwhile,
             COUNT(c.error) AS failed
         FROM (SELECT * FROM sweep ORDER BY id DESC LIMIT $1) s
         LEFT JOIN sweep_company c ON c.sweep_id = s.id
         GROUP BY s.id, s.cause, s.started_at, s.finished_at
         ORDER BY s.id DESC"
    ];
}

#[derive(Serialize)]
struct TallyRow {
    company_id: CompanyId,
    #[serde(flatten)]
    tally: CompanyTally,
}

impl Reader {
    /// The newest sweeps, the newest first.
    pub async fn sweeps(&mut self, limit: i64) -> Result<Vec<Sweep>> {
        fetch_all!(self, Sweep, READ_NEWEST, limit)
    }
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
    ) -> Result<Vec<CompanySweepRecord>> {
        let company = self.company().get();
        fetch_all!(
            self,
            CompanySweepRecord,
            READ_OF_COMPANY,
            company,
            offset,
            limit
        )
    }

    /// What that sweep did in this company.
    pub async fn company_sweep(&mut self, sweep: SweepId) -> Result<Option<CompanySweepRecord>> {
        let company = self.company().get();
        fetch_optional!(self, CompanySweepRecord, READ_ONE, company, sweep.get())
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
        let rows: Vec<_> = tallies
            .iter()
            .map(|&(company_id, tally)| TallyRow { company_id, tally })
            .collect();
        let rows = serde_json::to_string(&rows)?;
        execute!(self, ADD_TALLIES, &rows, sweep.get())?;
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
