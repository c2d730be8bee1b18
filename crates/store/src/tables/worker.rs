//! Which workers there are, and when each was seen last.

use crate::db::engine::{Reader, Tx};
use crate::error::Result;
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
    NOTE = [
        "INSERT INTO worker (name, started_at, seen_at)
         VALUES ($1, " NOW ", " NOW ")
         ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at"
    ];
    READ_NEWEST = ["SELECT name, started_at, seen_at FROM worker ORDER BY seen_at DESC LIMIT 1"];
    DELETE = ["DELETE FROM worker WHERE name = $1"];
    DELETE_OLD = ["DELETE FROM worker WHERE seen_at < $1"];
}

impl Reader {
    /// The worker that was seen last, by the database's clock; `None` when none runs and none was
    /// cut off within the last days.
    pub async fn last_worker(&mut self) -> Result<Option<WorkerSeen>> {
        fetch_optional!(self, WorkerSeen, READ_NEWEST)
    }
}

impl Tx {
    /// Notes that the worker is there.
    pub async fn note_worker(&mut self, name: &str) -> Result<()> {
        execute!(self, NOTE, name)?;
        Ok(())
    }

    /// Notes that the worker has ended in good order.
    pub async fn forget_worker(&mut self, name: &str) -> Result<()> {
        execute!(self, DELETE, name)?;
        Ok(())
    }

    /// Forgets workers that were cut off before that moment.
    pub async fn forget_old_workers(&mut self, before: Timestamp) -> Result<u64> {
        execute!(self, DELETE_OLD, before.microseconds())
    }
}
