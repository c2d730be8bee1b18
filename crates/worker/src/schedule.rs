//! The schedule: registering what is to happen, and turning each tick into exactly one job.

use crate::clocks::late;
use crate::cron::{BadCron, Cron};
use tawzi_app::{App, Job, JobKind, enqueue};
use tawzi_core::time::Timestamp;
use tawzi_store::{NewSchedule, Schedule, Tx};

/// Every hour, as the specification says.
pub const HOURLY: &str = "0 * * * *";

/// The name of the line that sweeps.
const SWEEP: &str = "reassign";

/// What registering did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScheduleChange {
    /// The line is new.
    Created {
        /// When it is due first.
        next: Timestamp,
    },
    /// It was there already, with the same expression.
    Unchanged {
        /// The expression.
        cron: String,
        /// When it is due next.
        next: Timestamp,
    },
    /// It was there, but lay beyond its next tick, as a clock that was ahead had left it.
    PutRight {
        /// When it was due.
        from: Timestamp,
        /// When it is due now.
        next: Timestamp,
    },
    /// It was there with another expression.
    Changed {
        /// The expression it had.
        from: String,
        /// When it is due next.
        next: Timestamp,
    },
}

/// When that expression, or the hourly one, is due first; `Err` when it never is.
pub fn first_tick(cron: Option<&str>, now: Timestamp) -> Result<Timestamp, SetUpError> {
    let wanted = cron.unwrap_or(HOURLY);
    Cron::parse(wanted, "UTC")?
        .next_after(now)
        .ok_or_else(|| SetUpError::Never(wanted.to_owned()))
}

/// Registers the sweep. Without an expression it is hourly, and one that is there already stays.
pub async fn set_up_schedule(app: &App, cron: Option<&str>) -> Result<ScheduleChange, SetUpError> {
    let now = app.now();
    let wanted = cron.unwrap_or(HOURLY);
    let next = first_tick(cron, now)?;
    let mut tx = app.db().begin().await?;
    let new = NewSchedule {
        name: SWEEP,
        cron: wanted,
        time_zone: "UTC",
        job_kind: JobKind::Sweep.as_str(),
        next_run_at: next,
        created_at: now,
    };
    if tx.create_schedule(new).await? {
        tx.commit().await?;
        return Ok(ScheduleChange::Created { next });
    }
    let existing = tx
        .schedule()
        .await?
        .into_iter()
        .find(|line| line.name == SWEEP);
    match existing {
        Some(line) if cron.is_some() && line.cron != wanted => {
            tx.save_cron(SWEEP, wanted, next).await?;
            tx.commit().await?;
            Ok(ScheduleChange::Changed {
                from: line.cron,
                next,
            })
        }
        Some(line) => unchanged(tx, line).await,
        None => Err(SetUpError::Vanished),
    }
}

/// Leaves the line as it is, unless a clock that was ahead has put it off.
async fn unchanged(mut tx: Tx, line: Schedule) -> Result<ScheduleChange, SetUpError> {
    let from = line.next_run_at;
    let Some(next) = late(&line, tx.database_clock().await?) else {
        return Ok(ScheduleChange::Unchanged {
            cron: line.cron,
            next: from,
        });
    };
    tx.bring_forward(SWEEP, from, next).await?;
    tx.commit().await?;
    Ok(ScheduleChange::PutRight { from, next })
}

/// Why the schedule could not be registered.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The expression cannot be read.
    #[error(transparent)]
    Cron(#[from] BadCron),
    /// The expression can be read, but names no moment.
    #[error("{0:?} never comes; write five fields, such as \"0 * * * *\" for every hour")]
    Never(String),
    /// Somebody deleted the line this moment.
    #[error("the schedule was changed by another program; try again")]
    Vanished,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] tawzi_store::Error),
}

/// Turns every tick that is due into a job. Ticks that were missed become one job; of several
/// workers that see the same tick, one enqueues it.
pub(crate) async fn fire_due_ticks(app: &App) -> tawzi_app::Result<()> {
    let mut reader = app.db().read().await?;
    let due = reader.due_schedule().await?;
    if due.is_empty() {
        return Ok(());
    }
    let now = reader.database_clock().await?;
    drop(reader);
    for line in due {
        fire(app, &line, now).await?;
    }
    Ok(())
}

async fn fire(app: &App, line: &Schedule, now: Timestamp) -> tawzi_app::Result<()> {
    let next = Cron::parse(&line.cron, &line.time_zone)
        .ok()
        .and_then(|cron| cron.next_after(now));
    let Some(next) = next else {
        tracing::error!(
            schedule = line.name,
            cron = line.cron,
            "the schedule has no next tick"
        );
        return Ok(());
    };
    let job = match JobKind::parse(&line.job_kind) {
        Some(JobKind::Sweep) => Job::Sweep {
            schedule: line.name.clone(),
            tick: line.next_run_at,
            at: now,
        },
        // The tick is left to a program that knows what to do.
        Some(
            JobKind::MailSignInCode | JobKind::MailCode | JobKind::HandOut | JobKind::TidyPhones,
        )
        | None => {
            tracing::error!(
                schedule = line.name,
                job = line.job_kind,
                "the schedule names no job that can be scheduled"
            );
            return Ok(());
        }
    };
    let mut tx = app.db().begin().await?;
    if !tx
        .advance_schedule(&line.name, line.next_run_at, next)
        .await?
    {
        return Ok(());
    }
    enqueue(&mut tx, &job, now).await?;
    tx.commit().await?;
    Ok(())
}
