//! Jobs: work to be done once, by whichever worker claims it, under a lease that must be renewed.
//!
//! A claim raises the job's attempt number; everything that is said about the job afterwards names
//! that number, so that a worker whose lease ran out while it slept says nothing any more.

use crate::db::engine::Tx;
use crate::error::Result;
use tawzi_core::id::JobId;
use tawzi_core::time::Timestamp;

/// A job to be enqueued.
#[derive(Clone, Copy, Debug)]
pub struct NewJob<'a> {
    /// What kind of work.
    pub kind: &'a str,
    /// What it needs to know, as JSON.
    pub payload: &'a str,
    /// A second job with the same key is not enqueued.
    pub unique_key: &'a str,
    /// Not before that moment.
    pub run_at: Timestamp,
    /// Now.
    pub created_at: Timestamp,
}

tawzi_core::words! {
    /// Where a job stands.
    JobState {
        /// Waiting, or waiting to be tried again.
        Ready = "ready",
        /// Claimed.
        Running = "running",
        /// Finished well.
        Done = "done",
        /// Given up.
        Failed = "failed",
    }
}

row! {
    /// A job.
    pub struct Job {
        /// Its id.
        pub id: JobId,
        /// What kind of work.
        pub kind: String,
        /// What it was enqueued for.
        pub unique_key: String,
        /// The word of its state.
        pub state: String,
        /// Not before that moment.
        pub run_at: Timestamp,
        /// How often it was claimed.
        pub attempt: i64,
        /// When it was enqueued.
        pub created_at: Timestamp,
        /// When it was done or given up.
        pub finished_at: Option<Timestamp>,
        /// What the last finished attempt said.
        pub outcome: Option<String>,
    }
}

row! {
    /// A job that was claimed.
    pub struct Claim {
        /// Its id.
        pub id: JobId,
        /// What kind of work.
        pub kind: String,
        /// What it needs to know, as JSON.
        pub payload: String,
        /// Which attempt this is, from 1.
        pub attempt: i64,
    }
}

/// One attempt at a job: which job, and the number that fences it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The job.
    pub job: JobId,
    /// The number of the attempt.
    pub number: i64,
}

/// Which jobs a clock that was ahead has put off: they were enqueued at a moment that has not come yet, are to be tried
/// again later than any is, or are claimed for longer than any can be.
macro_rules! of_the_future {
    ($engine:ident) => {
        concat!(
            "state IN ('ready', 'running')
               AND (attempt = 0 AND run_at > ", sql_part!($engine NOW), " AND created_at > ", sql_part!($engine NOW), " + 60000000
                    OR attempt > 0 AND run_at > ", sql_part!($engine NOW), " + 3600000000
                    OR lease_until > ", sql_part!($engine NOW), " + 7200000000)"
        )
    };
}

statements! {
    /// What is ready, and what a worker has let go without a word.
    const FIND_CLAIMABLE = [
        "SELECT id
         FROM job
         WHERE state IN ('ready', 'running')
           AND run_at <= " NOW "
           AND (state = 'ready' OR lease_until < " NOW ")
         ORDER BY run_at, id
         LIMIT 1" LOCK_FREE_ROWS
    ];
    const CLAIM = [
        "UPDATE job
         SET state = 'running', attempt = attempt + 1, lease_until = " NOW " + $2
         WHERE id = $1
         RETURNING id, kind, payload, attempt"
    ];
    const INSERT_ATTEMPT = [
        "INSERT INTO job_attempt (job_id, attempt, worker, started_at)
         VALUES ($1, $2, $3, " NOW ")"
    ];
    /// What an ended job had to know is nobody's business any more: it may be a code to sign in with.
    const SETTLE = [
        "UPDATE job
         SET state = $3, payload = CASE WHEN $3 = 'ready' THEN payload ELSE '{}' END,
             run_at = CASE WHEN $3 = 'ready' THEN " NOW " + $4 ELSE run_at END,
             lease_until = NULL,
             finished_at = CASE WHEN $3 = 'ready' THEN NULL ELSE " NOW " END
         WHERE id = $1 AND attempt = $2 AND state = 'running'"
    ];
    const SETTLE_ATTEMPT = [
        "UPDATE job_attempt
         SET finished_at = " NOW ", outcome = $3
         WHERE job_id = $1 AND attempt = $2"
    ];

    impl Reader {
        /// How many jobs wait for a moment that only a clock which was ahead can have set.
        pub fn count_jobs_of_the_future() -> i64 {
            "SELECT COUNT(*) FROM job WHERE " (TEXT_WITH of_the_future)
        }

        /// The newest jobs, the newest first.
        pub fn jobs(limit: i64) -> Vec<Job> {
            "SELECT j.id, j.kind, j.unique_key, j.state, j.run_at, j.attempt, j.created_at,
                 j.finished_at,
                 (SELECT a.outcome
                  FROM job_attempt a
                  WHERE a.job_id = j.id AND a.outcome IS NOT NULL
                  ORDER BY a.attempt DESC
                  LIMIT 1) AS outcome
             FROM job j
             ORDER BY j.id DESC
             LIMIT $1"
        }

        /// Whether a line of the schedule or a job is due. Every worker asks every second, so it must cost
        /// next to nothing.
        pub fn anything_due() -> bool {
            "SELECT EXISTS (SELECT 1 FROM schedule WHERE enabled AND next_run_at <= " NOW ")
                 OR EXISTS (
                     SELECT 1
                     FROM job
                     WHERE state IN ('ready', 'running')
                       AND run_at <= " NOW "
                       AND (state = 'ready' OR lease_until < " NOW "))"
        }

        /// How many jobs were given up since that moment.
        pub fn count_failed_jobs(since: Timestamp) -> i64 {
            "SELECT COUNT(*) FROM job WHERE state = 'failed' AND finished_at >= $1"
        }
    }

    impl Tx {
        fn insert_job(id: JobId, new: &NewJob<'_>)
            with (id, new.kind, new.payload, new.unique_key, new.run_at, new.created_at) -> bool
        {
            "INSERT INTO job (id, kind, payload, unique_key, state, run_at, attempt, created_at)
             VALUES ($1, $2, $3, $4, 'ready', $5, 0, $6)
             ON CONFLICT (unique_key) DO NOTHING"
        }

        /// Puts off the job of that key, from now on by so many microseconds, and gives its id; `None` when there is none
        /// that nobody has claimed yet.
        pub fn put_off_job(unique_key: &str, wait: i64) -> Option<JobId> {
            "UPDATE job
             SET run_at = " NOW " + $2
             WHERE unique_key = $1 AND state = 'ready' AND attempt = 0
             RETURNING id"
        }

        /// Forgets the job of that key when it has ended or nothing but a worker is missing; one that is put off or that
        /// a worker has claimed stays.
        pub fn forget_job(unique_key: &str) {
            "DELETE FROM job
             WHERE unique_key = $1
               AND (state IN ('done', 'failed')
                   OR state = 'ready' AND (attempt > 0 OR run_at <= " NOW "))"
        }

        /// Renews the lease; `false` when the job is no longer this attempt's.
        pub fn renew_lease(attempt: Attempt, lease: i64)
            with (attempt.job, attempt.number, lease) -> bool
        {
            "UPDATE job
             SET lease_until = " NOW " + $3
             WHERE id = $1 AND attempt = $2 AND state = 'running'"
        }

        /// Makes due what waits for a moment that only a clock which was ahead can have set.
        pub fn bring_jobs_forward() -> u64 {
            "UPDATE job
             SET run_at = CASE WHEN run_at > " NOW " THEN " NOW " ELSE run_at END,
                 lease_until = CASE WHEN lease_until > " NOW " THEN " NOW " ELSE lease_until END
             WHERE " (TEXT_WITH of_the_future)
        }

        /// Deletes jobs that ended before that moment, with their attempts.
        pub fn delete_old_jobs(before: Timestamp) -> u64 {
            "DELETE FROM job WHERE finished_at < $1"
        }
    }
}

impl Tx {
    /// Enqueues a job; `false` when there already is one with its key.
    pub async fn enqueue(&mut self, new: NewJob<'_>) -> Result<bool> {
        let id = self.writer().take_id().await?;
        self.insert_job(id, &new).await
    }

    /// Claims the job that has been due longest, for so many microseconds; `None` when none is
    /// due that is not another worker's.
    pub async fn claim_job(&mut self, worker: &str, lease: i64) -> Result<Option<Claim>> {
        let found: Option<JobId> = fetch!(self, FIND_CLAIMABLE)?;
        let Some(id) = found else {
            return Ok(None);
        };
        let claim: Claim = fetch!(self.writer(), CLAIM, id, lease)?;
        execute!(self, INSERT_ATTEMPT, id, claim.attempt, worker)?;
        Ok(Some(claim))
    }

    /// Says how an attempt ended: the job's new state and, when it is to be tried again, after
    /// how many microseconds. `false` when the job is no longer this attempt's.
    pub async fn settle_job(
        &mut self,
        attempt: Attempt,
        state: JobState,
        outcome: &str,
        wait: i64,
    ) -> Result<bool> {
        let Attempt { job, number } = attempt;
        let settled = changed!(self, SETTLE, job, number, state.as_str(), wait)?;
        execute!(self, SETTLE_ATTEMPT, job, number, outcome)?;
        Ok(settled > 0)
    }
}
