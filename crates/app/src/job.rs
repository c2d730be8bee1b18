//! Jobs: what a worker does later, enqueued in the transaction that wants it. A kind of job is a variant of both
//! types below, an arm of [`enqueue`], a handler in the worker's `dispatch.rs`, and an arm of its `schedule.rs`, which
//! says whether a schedule may name it. The compiler asks for each.

use crate::access::mail_code::MailedCode;
use crate::access::sign_in_code::CodeMail;
use crate::error::{Error, Result};
use serde::Serialize;
use tawzi_core::id::CompanyId;
use tawzi_core::time::Timestamp;
use tawzi_store::{NewJob, Tx};

tawzi_core::words! {
    /// What a job is to do, as the database and a schedule name it. A program of an older version does not know
    /// every word.
    JobKind {
        /// Moving the neglected clients.
        Sweep = "sweep",
        /// Mailing a code to sign in with.
        MailSignInCode = "sign-in-code",
        /// Mailing a code to confirm an address with, or to set a new password.
        MailCode = "mail-code",
        /// Handing out clients that wait for somebody.
        HandOut = "hand-out",
        /// Clearing away forms of phone numbers that are not in force.
        TidyPhones = "tidy-phones",
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
        /// When the schedule moved on from it: a clock that was ahead may have had that tick before.
        at: Timestamp,
    },
    /// Mails somebody a code to sign in with.
    MailSignInCode(CodeMail),
    /// Mails somebody a code to confirm an address with, or to set a new password.
    MailCode(MailedCode),
    /// Hands out the clients of a company that wait for somebody, as far as a transaction left them over.
    HandOut(CompanyId),
    /// Clears away the forms of the phone numbers of a company's clients that are not in force.
    TidyPhones(CompanyId),
}

/// The key of the one job that tidies the phone numbers of a company.
pub(crate) fn tidy_phones_key(company: CompanyId) -> String {
    format!("{}@{company}", JobKind::TidyPhones.as_str())
}

/// Enqueues a job, to be done as soon as a worker can; `false` when there is one with its key already.
pub async fn enqueue(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<bool> {
    // What its handler has to know is written as JSON. Of jobs with the same key one is enqueued.
    let (kind, payload, unique_key, run_at) = match job {
        Job::Sweep { schedule, tick, at } => {
            let key = format!("{schedule}@{tick}@{at}");
            (JobKind::Sweep, "{}".to_owned(), key, *tick)
        }
        // Of each code there is one mail, however often its job runs.
        Job::MailSignInCode(mail) => {
            let kind = JobKind::MailSignInCode;
            let key = format!("{}@{}", kind.as_str(), mail.key);
            (kind, written(mail)?, key, now)
        }
        Job::MailCode(mail) => {
            let kind = JobKind::MailCode;
            let key = format!("{}@{}", kind.as_str(), mail.key);
            (kind, written(mail)?, key, now)
        }
        Job::HandOut(company) => {
            let kind = JobKind::HandOut;
            let key = format!("{}@{company}@{now}", kind.as_str());
            (kind, written(company)?, key, now)
        }
        Job::TidyPhones(company) => {
            let key = tidy_phones_key(*company);
            (JobKind::TidyPhones, written(company)?, key, now)
        }
    };
    // Workers go by the database's clock: what this one's would put off is due at once.
    let run_at = run_at.min(tx.database_clock().await?);
    let new = NewJob {
        kind: kind.as_str(),
        payload: &payload,
        unique_key: &unique_key,
        run_at,
        created_at: now,
    };
    Ok(tx.enqueue(new).await?)
}

fn written(payload: &impl Serialize) -> Result<String> {
    serde_json::to_string(payload)
        .map_err(|error| Error::Internal(format!("a job could not be written: {error}")))
}
