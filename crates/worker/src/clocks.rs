//! Putting right what a clock that was ahead has left behind, and saying when one is off.

use crate::cron::Cron;
use std::time::Duration;
use tawzi_app::{App, Finding, Result, clock_ahead, wrong_clock};
use tawzi_core::time::Timestamp;
use tawzi_store::Schedule;
use tokio::time::Instant;

/// How often a worker repeats that its clock is off.
const TOLD_EVERY: Duration = Duration::from_mins(10);

/// When a worker has last said that its clock is off.
#[derive(Debug, Default)]
pub(crate) struct Told(Option<Instant>);

/// Says in the log when this machine's clock is off, now and then; gives by how many microseconds it is ahead.
pub(crate) async fn look_at_clock(app: &App, told: &mut Told) -> Result<i64> {
    let ahead = clock_ahead(app).await?;
    match wrong_clock("This machine's", ahead) {
        Some(sentence) if told.0.is_none_or(|at| at.elapsed() >= TOLD_EVERY) => {
            tracing::warn!("{sentence}");
            told.0 = Some(Instant::now());
        }
        Some(_) => {}
        None => told.0 = None,
    }
    Ok(ahead)
}

/// Brings back to now what a clock that was ahead has put off: ticks of the schedule, jobs and leases; and forgets
/// workers that were seen at a moment that has not come yet.
pub(crate) async fn put_right(app: &App) -> Result<()> {
    let mut reader = app.db().read().await?;
    let lines = reader.schedule().await?;
    let now = reader.database_clock().await?;
    let jobs = reader.count_jobs_of_the_future().await?;
    let workers = reader.count_workers_of_the_future().await?;
    drop(reader);
    for (line, next) in lines
        .iter()
        .filter_map(|line| Some((line, late(line, now)?)))
    {
        let mut tx = app.db().begin().await?;
        let right = tx.bring_forward(&line.name, line.next_run_at, next).await?;
        tx.commit().await?;
        if right {
            tracing::warn!(
                schedule = line.name,
                was_due = %line.next_run_at,
                is_due = %next,
                "a clock was ahead when the schedule moved on; its next tick is put right"
            );
        }
    }
    if jobs > 0 || workers > 0 {
        let mut tx = app.db().begin().await?;
        tx.bring_jobs_forward().await?;
        tx.forget_workers_of_the_future().await?;
        tx.commit().await?;
        tracing::warn!(
            jobs,
            workers,
            "a clock was ahead; jobs that wait for it are due now"
        );
    }
    Ok(())
}

/// When a line that lies beyond its next tick should be due; `None` for one that is right.
pub(crate) fn late(line: &Schedule, now: Timestamp) -> Option<Timestamp> {
    let cron = Cron::parse(&line.cron, &line.time_zone).ok()?;
    let next = cron.next_after(now)?;
    (line.enabled && line.next_run_at > next).then_some(next)
}

/// What there is to say about the schedule: lines that lie beyond their next tick, or were last due at a moment that has
/// not come yet.
pub async fn examine_schedule(app: &App) -> Result<Vec<Finding>> {
    let mut reader = app.db().read().await?;
    let lines = reader.schedule().await?;
    let now = reader.database_clock().await?;
    let mut findings = Vec::new();
    for line in &lines {
        if let Some(next) = late(line, now) {
            findings.push(Finding::bad(format!(
                "The schedule `{}` is due at {}, but its next tick is at {next}: a clock was ahead. A worker puts it right \
                 within a minute, and so does `tawzi setup-schedule`.",
                line.name, line.next_run_at
            )));
        }
        if let Some(last) = line.last_run_at.filter(|&last| last > now.plus_seconds(60)) {
            findings.push(Finding::warning(format!(
                "The schedule `{}` was last due at {last}, which has not come yet: a clock was ahead.",
                line.name
            )));
        }
    }
    Ok(findings)
}
