//! When keys were used last. A request only says that it used one; a writer of its own keeps it, once a
//! minute for each key, so that no request waits for it, writes for it, or fails with it.

use crate::access::actor::Actor;
use crate::clock::Clock;
use crate::error::Result;
use std::collections::BTreeSet;
use tawzi_core::time::Timestamp;
use tawzi_store::{ApiKeyUse, Db};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How often the use of a key is written at most, in seconds.
const SECONDS_BETWEEN: i64 = 60;

/// How many uses may wait, and how many one transaction takes. Beyond that they are forgotten: the
/// next request with the key says it again.
const QUEUE: usize = 1024;

/// The way to the writer.
#[derive(Clone, Debug)]
pub(crate) struct KeyUses {
    queue: mpsc::Sender<ApiKeyUse>,
}

impl KeyUses {
    /// Starts the writer. It ends, with everything written, once every copy of this is gone.
    pub(crate) fn start(db: Db, clock: Clock) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let writer = tokio::spawn(write_what_waits(db, clock, waiting));
        (Self { queue }, writer)
    }

    /// Notes that a key was used, if it was one and that was not written a moment ago.
    pub(crate) fn note(&self, actor: &Actor, now: Timestamp) {
        let Some(key) = actor.key() else { return };
        let lately = now.plus_seconds(-SECONDS_BETWEEN);
        if key.last_used_at.is_some_and(|used| used > lately) {
            return;
        }
        let used = ApiKeyUse {
            company_id: key.company_id,
            id: key.id,
        };
        // Full, or stopping: then it is not noted this time.
        self.queue.try_send(used).ok();
    }
}

async fn write_what_waits(db: Db, clock: Clock, mut waiting: mpsc::Receiver<ApiKeyUse>) {
    let mut taken = Vec::new();
    while waiting.recv_many(&mut taken, QUEUE).await > 0 {
        // Requests that came at once have said the same.
        let uses: BTreeSet<_> = taken.drain(..).collect();
        if let Err(error) = write(&db, &uses, clock.now()).await {
            tracing::warn!(%error, "when API keys were used last could not be written");
        }
    }
}

/// Processes that were told the same at once write it once: the statement looks again.
async fn write(db: &Db, uses: &BTreeSet<ApiKeyUse>, now: Timestamp) -> Result<()> {
    let uses: Vec<_> = uses.iter().copied().collect();
    let mut tx = db.begin().await?;
    tx.note_api_key_uses(&uses, now, SECONDS_BETWEEN).await?;
    tx.commit().await?;
    Ok(())
}
