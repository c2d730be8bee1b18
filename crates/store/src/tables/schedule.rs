//! What is to happen again and again, and when next.

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

macro_rules! lines {
    () => {
        "SELECT name, cron, time_zone, job_kind, enabled, next_run_at, last_run_at
         FROM schedule"
    };
}

statements! {
    impl Reader {
        /// The whole schedule, by name.
        pub fn schedule() -> Vec<Schedule> {
            (TEXT lines) " ORDER BY name"
        }

        /// What is due by the database's clock.
        pub fn due_schedule() -> Vec<Schedule> {
            (TEXT lines) " WHERE enabled AND next_run_at <= " NOW " ORDER BY name"
        }

        /// The database's clock.
        pub fn database_clock() -> Timestamp {
            "SELECT " NOW
        }
    }

    impl Tx {
        /// Registers a line; `false` when there is one of that name, which stays as it is.
        pub fn create_schedule(new: NewSchedule<'_>)
            with (new.name, new.cron, new.time_zone, new.job_kind, new.next_run_at, new.created_at)
            -> bool
        {
            "INSERT INTO schedule (name, cron, time_zone, job_kind, enabled, next_run_at, created_at)
             VALUES ($1, $2, $3, $4, TRUE, $5, $6)
             ON CONFLICT (name) DO NOTHING"
        }

        /// Changes when a line is due.
        pub fn save_cron(name: &str, cron: &str, next: Timestamp) {
            "UPDATE schedule SET cron = $2, next_run_at = $3, enabled = TRUE WHERE name = $1"
        }

        /// Makes a line due earlier than was seen; `false` when it has moved on meanwhile.
        pub fn bring_forward(name: &str, seen: Timestamp, next: Timestamp) -> bool {
            "UPDATE schedule
             SET next_run_at = $3
             WHERE name = $1 AND next_run_at = $2 AND enabled"
        }

        /// Moves a line from the tick that was seen to the next one; `false` when another worker has: only
        /// one of those that see the same tick moves it on.
        pub fn advance_schedule(name: &str, seen: Timestamp, next: Timestamp) -> bool {
            "UPDATE schedule
             SET last_run_at = next_run_at, next_run_at = $3
             WHERE name = $1 AND next_run_at = $2 AND enabled"
        }
    }
}
