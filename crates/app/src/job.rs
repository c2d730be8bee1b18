//! Jobs: what a worker does later, enqueued in the transaction that wants it. A kind of job is a variant here
//! and a handler in the worker.

use crate::access::sign_in_code::CodeMail;
use crate::error::{Error, Result};
use tawzi_core::time::Timestamp;
use tawzi_store::{NewJob, Tx};

/// Something to be done once; its handler may run twice without harm.
#[derive(Debug)]
pub enum Job {
    /// Moves the neglected clients of all companies: a tick of the schedule.
    Sweep {
        /// The name of the line of the schedule.
        schedule: String,
        /// When it was due.
        tick: Timestamp,
    },
    /// Mails somebody a code to sign in with.
    MailSignInCode(CodeMail),
}

impl Job {
    /// What sweeps are called in the database.
    pub const SWEEP: &str = "sweep";
    /// What mails of codes are called in the database.
    pub const MAIL_SIGN_IN_CODE: &str = "sign-in-code";

    /// The word for its kind, as it is stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Sweep { .. } => Self::SWEEP,
            Self::MailSignInCode(_) => Self::MAIL_SIGN_IN_CODE,
        }
    }

    /// Of jobs with the same key one is enqueued.
    fn unique_key(&self) -> String {
        match self {
            Self::Sweep { schedule, tick } => format!("{schedule}@{tick}"),
            // Of each code there is one mail, however often its job runs.
            Self::MailSignInCode(mail) => format!("{}@{}", self.kind(), mail.key()),
        }
    }

    /// What its handler has to know, as JSON.
    fn payload(&self) -> Result<String> {
        match self {
            Self::Sweep { .. } => Ok("{}".to_owned()),
            Self::MailSignInCode(mail) => serde_json::to_string(mail)
                .map_err(|error| Error::Internal(format!("a job could not be written: {error}"))),
        }
    }
}

/// Enqueues a job, to be done as soon as a worker can; `false` when there is one with its key already.
pub async fn enqueue(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<bool> {
    let new = NewJob {
        kind: job.kind(),
        payload: &job.payload()?,
        unique_key: &job.unique_key(),
        run_at: match job {
            Job::Sweep { tick, .. } => *tick,
            Job::MailSignInCode(_) => now,
        },
        created_at: now,
    };
    Ok(tx.enqueue(new).await?)
}
