//! Which workers there are, and when each was seen last.

use tawzi_core::time::Timestamp;

row! {
    /// A worker process.
    pub struct WorkerSeen {
        /// Its name.
        pub name: String,
        /// When it started.
        pub started_at: Timestamp,
        /// When it last said that it is there.
        pub seen_at: Timestamp,
        /// By how many microseconds its clock was ahead of the database's then.
        pub clock_ahead: i64,
    }
}

/// Beyond which moment only a clock that was ahead can have seen a worker.
macro_rules! soon {
    ($engine:ident) => {
        concat!(sql_part!($engine NOW), " + 60000000")
    };
}

statements! {
    impl Reader {
        /// The worker that was seen last, by the database's clock; `None` when none runs and none was
        /// cut off within the last days.
        pub fn last_worker() -> Option<WorkerSeen> {
            "SELECT name, started_at, seen_at, clock_ahead
             FROM worker
             WHERE seen_at <= " (TEXT_WITH soon) "
             ORDER BY seen_at DESC
             LIMIT 1"
        }

        /// The workers that run, or were cut off within the last days, by name.
        pub fn workers() -> Vec<WorkerSeen> {
            "SELECT name, started_at, seen_at, clock_ahead FROM worker ORDER BY name"
        }

        /// How many workers were seen at a moment that has not come yet.
        pub fn count_workers_of_the_future() -> i64 {
            "SELECT COUNT(*) FROM worker WHERE seen_at > " (TEXT_WITH soon)
        }
    }

    impl Tx {
        /// Notes that the worker is there.
        /// Its clock is that many microseconds ahead of the database's.
        pub fn note_worker(name: &str, clock_ahead: i64) {
            "INSERT INTO worker (name, started_at, seen_at, clock_ahead)
             VALUES ($1, " NOW ", " NOW ", $2)
             ON CONFLICT (name)
             DO UPDATE SET seen_at = excluded.seen_at, clock_ahead = excluded.clock_ahead"
        }

        /// Forgets workers that were seen at a moment that has not come yet; those that run are seen again.
        pub fn forget_workers_of_the_future() -> u64 {
            "DELETE FROM worker WHERE seen_at > " (TEXT_WITH soon)
        }

        /// Notes that the worker has ended in good order.
        pub fn forget_worker(name: &str) {
            "DELETE FROM worker WHERE name = $1"
        }

        /// Forgets workers that were cut off before that moment.
        pub fn forget_old_workers(before: Timestamp) -> u64 {
            "DELETE FROM worker WHERE seen_at < $1"
        }
    }
}
