//! Whose turn it is to change the form of a company's numbers: one's, in any number of processes. Whoever has it holds the
//! job that clears away what is left, by putting it off again and again. A worker does the job as soon as nobody holds it,
//! also when the process that did was killed.

use crate::error::{Error, Result};
use crate::job::{Job, enqueue, tidy_phones_key};
use crate::room::Full;
use tawzi_core::id::{CompanyId, JobId};
use tawzi_store::Tx;

/// For how long the job is put off, in microseconds: much longer than a step takes.
const HELD: i64 = 60_000_000;

/// A turn, as long as it is kept.
pub(super) struct Turn {
    company: CompanyId,
    job: JobId,
}

impl Turn {
    /// Takes the turn. A job that waits for a worker is done by this one's. `Err` while somebody has the turn, or the
    /// job runs.
    pub(super) async fn take(tx: &mut Tx, company: CompanyId) -> Result<Self> {
        let key = tidy_phones_key(company);
        tx.forget_job(&key).await?;
        // The clock by which workers go: to them the job must not look like one that a wrong clock has put off.
        let now = tx.database_clock().await?;
        if !enqueue(tx, &Job::TidyPhones(company), now).await? {
            return Err(Full::Share.into());
        }
        let held = tx.put_off_job(&key, HELD).await?;
        let job = held.ok_or(Error::TookTooLong)?;
        Ok(Self { company, job })
    }

    /// Keeps the turn for the step that this transaction is. `Err` when it ran out.
    pub(super) async fn keep(&self, tx: &mut Tx) -> Result<()> {
        self.put_off(tx, HELD).await
    }

    /// Ends the turn: with the transaction, the job is due.
    pub(super) async fn pass_to_worker(&self, tx: &mut Tx) -> Result<()> {
        self.put_off(tx, 0).await
    }

    async fn put_off(&self, tx: &mut Tx, wait: i64) -> Result<()> {
        let held = tx.put_off_job(&tidy_phones_key(self.company), wait).await?;
        // It may be the job of a later turn.
        if held == Some(self.job) {
            Ok(())
        } else {
            Err(Error::TookTooLong)
        }
    }
}
