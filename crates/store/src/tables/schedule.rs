//! What is to happen again and again, and when next.

use crate::db::engine::{Reader, Tx};
use crate::error::Result;
use tawzi_core::time::Timestamp;

row! {
    /// A line of the schedule.
    pub struct Schedule {
        /// Its name.
        pub name: String,
        /// When: a cron expression.
        pub cron: String,
        /// The time zone the expression is read in.
        pub time_zone: String,
        /// The kind of job that is due then.
        pub job_kind: String,
        /// Whether it is switched on.
        pub enabled: bool,
        /// When it is due next.
        pub next_run_at: Timestamp,
        /// When it was due last.
        pub last_run_at: Option<Timestamp>,
    }
}

/// A line to be registered.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of Schedule")]
pub struct NewSchedule<'a> {
    pub name: &'a str,
    pub cron: &'a str,
    pub time_zone: &'a str,
    pub job_kind: &'a str,
    pub next_run_at: Timestamp,
    pub created_at: Timestamp,
}

statements! {
    READ_ALL = [
        "SELECT name, cron, time_zone, job_kind, enabled, next_run_at, last_run_at
         FROM schedule
         ORDER BY name"
    ];
    READ_DUE = [
        "SELECT name, cron, time_zone, job_kind, enabled, next_run_at, last_run_at
         FROM schedule
         WHERE enabled AND next_run_at <= " NOW "
         ORDER BY name"
    ];
    READ_CLOCK = ["SELECT " NOW];
    INSERT = [
        "INSERT INTO schedule (name, cron, time_zone, job_kind, enabled, next_run_at, created_at)
         VALUES ($1, $2, $3, $4, TRUE, $5, $6)
         ON CONFLICT (name) DO NOTHING"
    ];
    SAVE_CRON = [
        "UPDATE schedule SET cron = $2, next_run_at = $3, enabled = TRUE WHERE name = $1"
    ];
    /// Only one of the workers that see the same tick moves the schedule on.
    ADVANCE = [
        "UPDATE schedule
         SET last_run_at = next_run_at, next_run_at = $3
         WHERE name = $1 AND next_run_at = $2 AND enabled"
    ];
}

impl Reader {
    /// The whole schedule, by name.
    pub async fn schedule(&mut self) -> Result<Vec<Schedule>> {
        fetch_all!(self, Schedule, READ_ALL)
    }

    /// What is due by the database's clock.
    pub async fn due_schedule(&mut self) -> Result<Vec<Schedule>> {
        fetch_all!(self, Schedule, READ_DUE)
    }

    /// The database's clock.
    pub async fn database_clock(&mut self) -> Result<Timestamp> {
        let (now,) = fetch_one!(self, (i64,), READ_CLOCK)?;
        Ok(Timestamp::from_microseconds(now))
    }
}

impl Tx {
    /// Registers a line; `false` when there is one of that name, which stays as it is.
    pub async fn create_schedule(&mut self, new: NewSchedule<'_>) -> Result<bool> {
        let created = execute!(
            self,
            INSERT,
            new.name,
            new.cron,
            new.time_zone,
            new.job_kind,
            new.next_run_at.microseconds(),
            new.created_at.microseconds()
        )?;
        Ok(created > 0)
    }

    /// Changes when a line is due.
    pub async fn save_cron(&mut self, name: &str, cron: &str, next: Timestamp) -> Result<()> {
        execute!(self, SAVE_CRON, name, cron, next.microseconds())?;
        Ok(())
    }

    /// Moves a line from the tick that was seen to the next one; `false` when another worker has.
    pub async fn advance_schedule(
        &mut self,
        name: &str,
        seen: Timestamp,
        next: Timestamp,
    ) -> Result<bool> {
        let moved = execute!(
            self,
            ADVANCE,
            name,
            seen.microseconds(),
            next.microseconds()
        )?;
        Ok(moved > 0)
    }
}
