//! Jobs: what a worker does later, enqueued in the transaction that wants it. A kind of job is a variant here
//! and a handler in the worker.

use crate::access::sign_in_code::CodeMail;
use crate::error::{Error, Result};
use tawzi_core::time::Timestamp;
use tawzi_store::{NewJob, Tx};

/// What a job is to do, as the database and a schedule name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Moving the neglected clients.
    Sweep,
    /// Mailing a code to sign in with.
    MailSignInCode,
}

impl JobKind {
    /// The word for it, as it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sweep => "sweep",
            Self::MailSignInCode => "sign-in-code",
        }
    }

    /// The kind with that word; `None` when this program knows none, as after a return to an older version.
    pub fn parse(word: &str) -> Option<Self> {
        let mut all = [Self::Sweep, Self::MailSignInCode].into_iter();
        all.find(|kind| kind.word() == word)
    }
}

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

/// Enqueues a job, to be done as soon as a worker can; `false` when there is one with its key already.
pub async fn enqueue(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<bool> {
    // What its handler has to know is written as JSON. Of jobs with the same key one is enqueued.
    let (kind, payload, unique_key, run_at) = match job {
        Job::Sweep { schedule, tick } => {
            let key = format!("{schedule}@{tick}");
            (JobKind::Sweep, "{}".to_owned(), key, *tick)
        }
        Job::MailSignInCode(mail) => {
            let kind = JobKind::MailSignInCode;
            let payload = serde_json::to_string(mail)
                .map_err(|error| Error::Internal(format!("a job could not be written: {error}")))?;
            // Of each code there is one mail, however often its job runs.
            (kind, payload, format!("{}@{}", kind.word(), mail.key), now)
        }
    };
    let new = NewJob {
        kind: kind.word(),
        payload: &payload,
        unique_key: &unique_key,
        run_at,
        created_at: now,
    };
    Ok(tx.enqueue(new).await?)
}
