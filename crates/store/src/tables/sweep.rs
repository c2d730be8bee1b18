//! Records of sweeps: when, why, and what came of them in each company.

use crate::db::engine::Tx;
use crate::error::Result;
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

/// The beginning of a statement that reads what sweeps did in a company.
macro_rules! of_company {
    ($engine:ident) => {
        concat!(
            "SELECT s.id, s.cause, s.started_at, s.finished_at, p.due, p.moved, p.error,
             (SELECT ",
            sql_part!($engine (JSON "q.reason", "q.clients")),
            "
              FROM sweep_kept q
              WHERE q.company_id = p.company_id AND q.sweep_id = p.sweep_id) AS kept
         FROM sweep_company p
         JOIN sweep s ON s.id = p.sweep_id
         WHERE p.company_id = $1"
        )
    };
}

statements! {
    const FIND_OF_JOB = ["SELECT id FROM sweep WHERE job_id = $1"];
    const INSERT = ["INSERT INTO sweep (id, job_id, cause, started_at) VALUES ($1, $2, $3, $4)"];
    const ADD_TALLIES = [
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
    const ADD_KEPT = [
        "INSERT INTO sweep_kept (company_id, sweep_id, reason, clients)
         SELECT r.company_id, $2, r.reason, r.clients
         FROM " (ROWS company_id BIGINT, reason TEXT, clients BIGINT) "
         WHERE TRUE
         ON CONFLICT (company_id, sweep_id, reason) DO UPDATE
         SET clients = sweep_kept.clients + excluded.clients"
    ];

    impl Tenant<'_> {
        /// How many sweeps found something due in this company, or failed there.
        pub fn count_company_sweeps() -> i64 {
            "SELECT COUNT(*) FROM sweep_company WHERE company_id = $1"
        }

        /// A page of them, the newest first.
        pub fn company_sweeps(offset: i64, limit: i64) -> Vec<CompanySweepRow> {
            (TEXT_WITH of_company) " ORDER BY p.sweep_id DESC LIMIT $3 OFFSET $2"
        }

        /// What that sweep did in this company.
        pub fn company_sweep(sweep: SweepId) -> Option<CompanySweepRow> {
            (TEXT_WITH of_company) " AND p.sweep_id = $2"
        }

        /// A page of the clients that it moved and that are still there, in the order of the plan. The events
        /// of others that were written meanwhile stand between those of the sweep.
        pub fn sweep_moves(sweep: SweepId, offset: i64, limit: i64) -> Vec<SweepMove> {
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
        }
    }

    impl Reader {
        /// How many sweeps began after that moment.
        pub fn count_sweeps_since(moment: Timestamp) -> i64 {
            "SELECT COUNT(*) FROM sweep WHERE started_at > $1"
        }
    }

    impl TenantTx<'_> {
        /// Notes that the sweep of this company failed.
        pub fn note_sweep_failure(sweep: SweepId, error: &str) {
            "INSERT INTO sweep_company (company_id, sweep_id, due, moved, error)
             VALUES ($1, $2, 0, 0, $3)
             ON CONFLICT (company_id, sweep_id) DO UPDATE SET error = excluded.error"
        }
    }

    impl Tx {
        /// Ends the record of a sweep.
        pub fn finish_sweep(sweep: SweepId, at: Timestamp) {
            "UPDATE sweep SET finished_at = $2 WHERE id = $1"
        }
    }
}

impl Tx {
    /// Starts the record of a sweep; a job that is repeated goes on with the record it started.
    pub async fn start_sweep(&mut self, cause: SweepCause, at: Timestamp) -> Result<SweepId> {
        let (job, word) = match cause {
            SweepCause::Schedule(job) => (Some(job), "schedule"),
            SweepCause::Command => (None, "command"),
        };
        if let Some(job) = job
            && let Some(id) = fetch!(self, FIND_OF_JOB, job)?
        {
            return Ok(id);
        }
        let id = self.writer().take_id().await?;
        execute!(self, INSERT, id, job, word, at)?;
        Ok(id)
    }

    /// Adds what was done in this transaction to the companies' parts of the record; each company
    /// at most once.
    pub async fn add_to_sweep(
        &mut self,
        sweep: SweepId,
        tallies: &[(CompanyId, CompanyTally)],
    ) -> Result<()> {
        let rows = json_rows!(tallies, (company, tally) => {
            company_id: *company,
            due: tally.due,
            moved: tally.moved,
            first_event_id: tally.events.map(|(first, _)| first),
            last_event_id: tally.events.map(|(_, last)| last),
        })?;
        execute!(self, ADD_TALLIES, rows, sweep)?;
        let kept = tallies.iter().flat_map(|(company, tally)| {
            let kept = tally.kept.iter();
            kept.map(|(reason, clients)| (*company, reason, clients))
        });
        let kept: Vec<_> = kept.collect();
        if kept.is_empty() {
            return Ok(());
        }
        let rows = json_rows!(kept, (company, reason, clients) => {
            company_id: company, reason: reason, clients: clients,
        })?;
        execute!(self, ADD_KEPT, rows, sweep)
    }
}
