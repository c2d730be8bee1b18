//! Whether everything that should run does.

use crate::app::App;
use crate::error::Result;
use tawzi_core::time::Timestamp;

/// A worker that is alive reports at least this often: microseconds.
const ALIVE_MICROSECONDS: i64 = 60_000_000;

/// As many waiting clients are counted, so that counting stays cheap.
pub const MOST_WAITING: i64 = 1_000;

/// What is going on besides answering requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerStatus {
    /// When neglected clients are looked for next; `None` when nothing is scheduled.
    pub next_sweep: Option<Timestamp>,
    /// Whether a worker has reported within the last minute.
    pub worker_runs: bool,
    /// How many clients wait for somebody in companies that assign by themselves, as far as [`MOST_WAITING`].
    pub waiting_clients: i64,
}

/// What is going on; also an answer to whether the database answers.
pub async fn server_status(app: &App) -> Result<ServerStatus> {
    let mut reader = app.db.read().await?;
    let now = reader.database_clock().await?;
    let schedule = reader.schedule().await?;
    let worker = reader.last_worker().await?;
    let alive = |seen: Timestamp| now.microseconds() - seen.microseconds() < ALIVE_MICROSECONDS;
    Ok(ServerStatus {
        next_sweep: schedule
            .iter()
            .filter(|entry| entry.enabled)
            .map(|entry| entry.next_run_at)
            .min(),
        waiting_clients: reader.count_waiting(MOST_WAITING).await?,
        worker_runs: worker.is_some_and(|worker| alive(worker.seen_at)),
    })
}
