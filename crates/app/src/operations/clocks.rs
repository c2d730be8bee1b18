//! Clocks that do not agree, and what one that was ahead has left behind. Which moments are compared, and by which
//! clock, says ADR 12.

use super::doctor::{Finding, SILENCE};
use crate::app::App;
use crate::error::Result;

/// By how many seconds clocks may differ without a word.
pub const CLOCK_TOLERANCE: i64 = 5;

/// By how many microseconds this machine's clock is ahead of the database's; negative when it is behind.
pub async fn clock_ahead(app: &App) -> Result<i64> {
    let database = app.db.read().await?.database_clock().await?;
    // What it takes to ask is far less than what is told of.
    Ok(app.now().microseconds() - database.microseconds())
}

/// A sentence about a clock that is that many microseconds ahead; `None` when it is right enough.
pub fn wrong_clock(whose: &str, ahead: i64) -> Option<String> {
    let seconds = ahead / 1_000_000;
    let direction = if seconds > 0 { "ahead of" } else { "behind" };
    (seconds.abs() > CLOCK_TOLERANCE).then(|| {
        format!(
            "{whose} clock is {} seconds {direction} the database's; let a time service set both.",
            seconds.abs()
        )
    })
}

/// What there is to say about the clocks, and about moments that have not come yet.
pub(super) async fn examine_clocks(app: &App) -> Result<Vec<Finding>> {
    let ahead = clock_ahead(app).await?;
    let mut reader = app.db.read().await?;
    let mut found: Vec<_> = wrong_clock("This machine's", ahead).into_iter().collect();
    let clock = reader.database_clock().await?;
    let workers = reader.workers().await?.into_iter();
    // The clock of one that is gone is nobody's any more.
    for worker in workers.filter(|worker| worker.seen_at >= clock.plus_seconds(-SILENCE)) {
        let whose = format!("The worker {}'s", worker.name);
        found.extend(wrong_clock(&whose, worker.clock_ahead));
    }
    let soon = clock.plus_seconds(60);
    for company in reader.clients_of_the_future(soon).await? {
        found.push(format!(
            "Company {}: {} clients were assigned, contacted or created at a moment that has not come yet, by a clock that \
             was ahead; until then they do not count as neglected.",
            company.company, company.clients
        ));
    }
    let jobs = reader.count_jobs_of_the_future().await?;
    let workers = reader.count_workers_of_the_future().await?;
    if jobs > 0 || workers > 0 {
        found.push(format!(
            "{jobs} jobs wait for a moment, and {workers} workers were seen at one, that only a clock which was ahead can \
             have set; a worker puts that right within a minute."
        ));
    }
    let sweeps = reader.count_sweeps_since(soon).await?;
    if sweeps > 0 {
        found.push(format!(
            "{sweeps} sweeps began at a moment that has not come yet, by a clock that was ahead."
        ));
    }
    Ok(found.into_iter().map(Finding::warning).collect())
}
