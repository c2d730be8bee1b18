//! The loop of a worker: claim, run, settle.

use crate::clocks::{Told, look_at_clock, put_right};
use crate::dispatch::dispatch;
use crate::outcome::Outcome;
use crate::schedule::fire_due_ticks;
use std::time::Duration;
use tawzi_app::{App, Result, prune_audit};
use tawzi_store::{Attempt, Claim, Reader};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often a worker looks for work.
const POLL: Duration = Duration::from_secs(1);

/// How often a worker says that it is there.
const SEEN_EVERY: Duration = Duration::from_secs(15);

/// How often a worker deletes what is too old or too much in the security log.
const PRUNED_EVERY: Duration = Duration::from_mins(10);

/// How long a stopping worker goes on with the job in hand before it hands it back.
const GRACE: Duration = Duration::from_secs(20);

/// How long ended jobs are kept, in seconds.
const KEEP_JOBS: i64 = 30 * 24 * 3600;

/// How long workers that were cut off are remembered, in seconds.
const KEEP_WORKERS: i64 = 7 * 24 * 3600;

/// For how long a worker claims a job when nothing else is said.
pub const LEASE: Duration = Duration::from_secs(15);

/// A worker.
#[derive(Clone, Debug)]
pub struct Worker {
    app: App,
    lease: Duration,
    name: String,
}

impl Worker {
    /// A worker with a name of its own. It claims a job for as long as `lease` and renews that three times within;
    /// when it is cut off, its job is another's after that time.
    pub fn new(app: App, lease: Duration) -> Self {
        let name = format!("{}-{:08x}", std::process::id(), rand::random::<u32>());
        Self { app, lease, name }
    }

    /// What the worker is called in the records.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Works until `stop`; the job in hand is finished, or handed back when it takes too long. A
    /// database that fails for a while is waited for.
    pub async fn run(&self, stop: &CancellationToken) {
        let (mut seen, mut pruned): (Option<Instant>, Option<Instant>) = (None, None);
        let mut asking = None;
        let mut told = Told::default();
        while !stop.is_cancelled() {
            if pruned.is_none_or(|at| at.elapsed() >= PRUNED_EVERY) {
                self.prune(stop).await;
                pruned = Some(Instant::now());
            }
            let step = async {
                if seen.is_none_or(|at| at.elapsed() >= SEEN_EVERY) {
                    self.say_here(&mut told).await?;
                    put_right(&self.app).await?;
                    // Beside servers of the version before.
                    self.app.db().fold_clients().await?;
                    seen = Some(Instant::now());
                }
                self.step(stop, &mut asking).await
            };
            match step.await {
                Ok(true) => {}
                Ok(false) => wait(stop, POLL).await,
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "the worker could not look for work; trying again"
                    );
                    wait(stop, POLL * 5).await;
                }
            }
        }
        if let Err(error) = self.say_goodbye().await {
            tracing::warn!(%error, "the worker could not sign off");
        }
    }

    /// Deletes what is too old or too much in the security log. Nothing else waits for it when that fails: it is tried
    /// again the next time.
    async fn prune(&self, stop: &CancellationToken) {
        if let Err(error) = prune_audit(&self.app, &|| stop.is_cancelled()).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the security log could not be pruned"
            );
        }
    }

    /// Does everything that is due now, and says how many jobs that was.
    pub async fn run_once(&self, stop: &CancellationToken) -> Result<usize> {
        self.say_here(&mut Told::default()).await?;
        put_right(&self.app).await?;
        self.prune(stop).await;
        let (mut jobs, mut asking) = (0, None);
        while !stop.is_cancelled() && self.step(stop, &mut asking).await? {
            jobs += 1;
        }
        self.say_goodbye().await?;
        Ok(jobs)
    }

    /// Does one job, if one is due.
    async fn step(&self, stop: &CancellationToken, asking: &mut Option<Reader>) -> Result<bool> {
        if !self.anything_due(asking).await? {
            return Ok(false);
        }
        fire_due_ticks(&self.app).await?;
        let mut tx = self.app.db().begin().await?;
        let Some(claim) = tx.claim_job(&self.name, self.lease_microseconds()).await? else {
            return Ok(false);
        };
        tx.commit().await?;
        self.work(claim, stop).await?;
        Ok(true)
    }

    /// Asks by the connection that asked the last time: to take one from the pool and to give it back
    /// are a round trip each. One that has gone meanwhile is replaced.
    async fn anything_due(&self, asking: &mut Option<Reader>) -> Result<bool> {
        if let Some(mut reader) = asking.take()
            && let Ok(due) = reader.anything_due().await
        {
            *asking = Some(reader);
            return Ok(due);
        }
        let mut reader = self.app.db().read().await?;
        let due = reader.anything_due().await?;
        *asking = Some(reader);
        Ok(due)
    }

    /// Runs a claimed job while its lease is renewed, and settles it.
    async fn work(&self, claim: Claim, stop: &CancellationToken) -> Result<()> {
        let attempt = Attempt {
            job: claim.id,
            number: claim.attempt,
        };
        tracing::info!(
            job.id = claim.id.get(),
            attempt = claim.attempt,
            kind = claim.kind,
            "a job begins"
        );
        let leave_off = CancellationToken::new();
        let renewing = tokio::spawn(self.clone().renew(attempt, leave_off.clone()));
        let hurrying = tokio::spawn(hurry(stop.clone(), leave_off.clone()));
        let job = {
            let worker = self.clone();
            // In a task of its own, so that a panic ends the attempt and not the worker.
            tokio::spawn(async move {
                dispatch(&worker.app, &claim, &|| leave_off.is_cancelled()).await
            })
        };
        let outcome = job
            .await
            .unwrap_or_else(|error| Outcome::Failed(format!("the job broke off: {error}")));
        renewing.abort();
        hurrying.abort();
        self.settle(attempt, outcome).await
    }

    async fn settle(&self, attempt: Attempt, outcome: Outcome) -> Result<()> {
        let settlement = outcome.settle(attempt.number);
        let mut tx = self.app.db().begin().await?;
        let ours = tx
            .settle_job(attempt, settlement.state, &settlement.text, settlement.wait)
            .await?;
        let clock = tx.database_clock().await?;
        tx.delete_old_jobs(clock.plus_seconds(-KEEP_JOBS)).await?;
        tx.forget_old_workers(clock.plus_seconds(-KEEP_WORKERS))
            .await?;
        tx.commit().await?;
        let state = settlement.state.as_str();
        if ours {
            tracing::info!(
                job.id = attempt.job.get(),
                state,
                outcome = settlement.text,
                "a job ends"
            );
        } else {
            tracing::warn!(
                job.id = attempt.job.get(),
                "a job ended after its lease; another worker has it"
            );
        }
        Ok(())
    }

    /// Renews the lease until aborted; a lease that is lost makes the job leave off.
    async fn renew(self, attempt: Attempt, leave_off: CancellationToken) {
        let mut renewed = Instant::now();
        loop {
            tokio::time::sleep(self.lease / 3).await;
            match self.renew_once(attempt).await {
                Ok(true) => renewed = Instant::now(),
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, job.id = attempt.job.get(), "a lease could not be renewed");
                    if renewed.elapsed() >= self.lease {
                        break;
                    }
                }
            }
        }
        leave_off.cancel();
    }

    async fn renew_once(&self, attempt: Attempt) -> Result<bool> {
        let mut tx = self.app.db().begin().await?;
        let renewed = tx.renew_lease(attempt, self.lease_microseconds()).await?;
        tx.commit().await?;
        Ok(renewed)
    }

    async fn say_here(&self, told: &mut Told) -> Result<()> {
        let clock_ahead = look_at_clock(&self.app, told).await?;
        let mut tx = self.app.db().begin().await?;
        tx.note_worker(&self.name, clock_ahead).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn say_goodbye(&self) -> Result<()> {
        let mut tx = self.app.db().begin().await?;
        tx.forget_worker(&self.name).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The lease in microseconds.
    fn lease_microseconds(&self) -> i64 {
        i64::try_from(self.lease.as_micros()).unwrap_or(i64::MAX)
    }
}

async fn wait(stop: &CancellationToken, time: Duration) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(time) => {}
    }
}

/// Once the worker stops, gives the job in hand a while, and then makes it leave off.
async fn hurry(stop: CancellationToken, leave_off: CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(GRACE).await;
    leave_off.cancel();
}
