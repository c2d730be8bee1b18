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
    }
}

statements! {
    impl Reader {
        /// The worker that was seen last, by the database's clock; `None` when none runs and none was
        /// cut off within the last days.
        pub fn last_worker() -> Option<WorkerSeen> {
            "SELECT name, started_at, seen_at FROM worker ORDER BY seen_at DESC LIMIT 1"
        }
    }

    impl Tx {
        /// Notes that the worker is there.
        pub fn note_worker(name: &str) {
            "INSERT INTO worker (name, started_at, seen_at)
             VALUES ($1, " NOW ", " NOW ")
             ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at"
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
