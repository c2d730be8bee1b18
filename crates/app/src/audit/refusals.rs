//! What strangers do, as often as they like: it is counted by minute and address, and the counts are written now and
//! then. So nobody can fill the disk by guessing passwords, or make others wait for the database.

use super::log;
use crate::clock::Clock;
use crate::error::Result;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tawzi_core::audit::{AuditEvent, AuditRecord, Limit, SignInRefusal};
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;
use tawzi_store::{Author, Db, NewAuditEntry};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;

/// How long a count waits to be written.
const WRITTEN_AFTER: Duration = Duration::from_secs(10);

/// How many counts there may be of one minute. What comes beyond that is counted without person and address.
const MOST_COUNTS: usize = 200;

/// How many lines the log of the program gets in a minute; what comes beyond that is told as a number.
const MOST_LINES: u64 = 600;

/// What is counted as one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Counted {
    record: AuditRecord,
    address: Option<IpAddr>,
    minute: Timestamp,
}

/// What this process has counted in the minute at hand, and what it has not written yet.
#[derive(Debug, Default)]
struct Counts {
    /// How often, since it was written last.
    rows: HashMap<Counted, i64>,
    minute: Option<Timestamp>,
    /// How many rows there are of that minute.
    of_minute: usize,
    /// How many lines the log has of that minute.
    lines: u64,
    /// How many have no line.
    unsaid: u64,
}

/// The way to the counts.
#[derive(Clone, Debug)]
pub struct Refusals {
    clock: Clock,
    writer: Writer,
    come: Arc<Notify>,
    /// Whoever writes them leaves off, with everything written, once every copy of this is gone.
    _open: mpsc::Sender<()>,
}

impl Refusals {
    /// Starts whoever writes the counts.
    pub(crate) fn start(db: Db, clock: Clock) -> (Self, JoinHandle<()>) {
        let (open, closed) = mpsc::channel(1);
        let come = Arc::new(Notify::new());
        let counts = Arc::default();
        let writer = Writer { db, counts };
        let task = tokio::spawn(write_now_and_then(
            writer.clone(),
            Arc::clone(&come),
            closed,
        ));
        let refusals = Self {
            clock,
            writer,
            come,
            _open: open,
        };
        (refusals, task)
    }

    /// Counts that somebody at that address met a limit: that person, where it is known.
    pub fn limit_met(&self, limit: Limit, person: Option<UserId>, address: Option<IpAddr>) {
        self.note(AuditEvent::LimitMet(limit, person), address);
    }

    /// Counts that somebody at that address was not let in: as that person, if the name is anybody's.
    pub(crate) fn not_let_in(
        &self,
        why: SignInRefusal,
        person: Option<UserId>,
        address: Option<IpAddr>,
    ) {
        self.note(AuditEvent::SignInRefused(why, person), address);
    }

    fn note(&self, event: AuditEvent, address: Option<IpAddr>) {
        let counted = Counted {
            record: event.record(),
            address,
            minute: minute_of(self.clock.now()),
        };
        let has_line = lock(&self.writer.counts).count(&counted);
        if has_line {
            log(&counted.entry(1));
        }
        self.come.notify_one();
    }

    /// Writes what was counted so far.
    pub(crate) async fn write(&self) -> Result<()> {
        self.writer.write().await
    }
}

impl Counts {
    /// Counts one more; whether it is to have a line of its own.
    fn count(&mut self, counted: &Counted) -> bool {
        if self.minute != Some(counted.minute) {
            self.minute = Some(counted.minute);
            (self.of_minute, self.lines) = (0, 0);
            // Those of earlier minutes that are written.
            self.rows.retain(|_, times| *times > 0);
        }
        if let Some(times) = self.rows.get_mut(counted) {
            *times += 1;
        } else if self.of_minute < MOST_COUNTS {
            self.of_minute += 1;
            self.rows.insert(counted.clone(), 1);
        } else {
            *self.rows.entry(counted.by_anybody()).or_default() += 1;
        }
        self.lines += 1;
        let has_line = self.lines <= MOST_LINES;
        self.unsaid += u64::from(!has_line);
        has_line
    }

    /// What is to be written; the rows of the minute at hand stay known.
    fn take(&mut self) -> Vec<(Counted, i64)> {
        let waiting = self.rows.iter_mut().filter(|(_, times)| **times > 0);
        waiting
            .map(|(counted, times)| (counted.clone(), std::mem::take(times)))
            .collect()
    }
}

impl Counted {
    /// The same by somebody of whom nothing is kept.
    fn by_anybody(&self) -> Self {
        let mut record = self.record.clone();
        record.user = None;
        Self {
            record,
            address: None,
            minute: self.minute,
        }
    }

    /// What it is counted as in the database.
    fn text(&self) -> String {
        let AuditRecord {
            kind, detail, user, ..
        } = &self.record;
        let address = self.address.map(|address| address.to_string());
        format!(
            "{} {} {} {} {}",
            self.minute.microseconds(),
            kind.as_str(),
            user.map_or(0, UserId::get),
            detail.as_deref().unwrap_or_default(),
            address.unwrap_or_default(),
        )
    }

    fn entry(&self, times: i64) -> NewAuditEntry {
        NewAuditEntry {
            company: None,
            record: AuditRecord {
                amount: Some(times),
                ..self.record.clone()
            },
            by: Author::Nobody,
            address: self.address.map(|address| address.to_string()),
            counted_as: Some(self.text()),
            at: self.minute,
        }
    }
}

#[derive(Clone, Debug)]
struct Writer {
    db: Db,
    counts: Arc<Mutex<Counts>>,
}

impl Writer {
    async fn write(&self) -> Result<()> {
        let (rows, unsaid) = {
            let mut counts = lock(&self.counts);
            (counts.take(), std::mem::take(&mut counts.unsaid))
        };
        if unsaid > 0 {
            tracing::warn!(
                times = unsaid,
                "more was refused than lines of the log tell of"
            );
        }
        if rows.is_empty() {
            return Ok(());
        }
        let written = self.write_rows(&rows).await;
        if written.is_err() {
            let mut counts = lock(&self.counts);
            for (counted, times) in rows {
                *counts.rows.entry(counted).or_default() += times;
            }
        }
        written
    }

    async fn write_rows(&self, rows: &[(Counted, i64)]) -> Result<()> {
        let entries = rows.iter().map(|(counted, times)| counted.entry(*times));
        let entries: Vec<_> = entries.collect();
        let mut tx = self.db.begin().await?;
        tx.record_audit(&entries).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn write_now_and_then(writer: Writer, come: Arc<Notify>, mut closed: mpsc::Receiver<()>) {
    let mut open = true;
    while open {
        tokio::select! {
            _ = closed.recv() => open = false,
            () = come.notified() => {
                let waited = tokio::time::timeout(WRITTEN_AFTER, closed.recv()).await;
                open = waited.is_err();
            }
        }
        if let Err(error) = writer.write().await {
            tracing::warn!(%error, "what was refused could not be written; trying again");
        }
    }
}

fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

fn minute_of(at: Timestamp) -> Timestamp {
    const MINUTE: i64 = 60 * 1_000_000;
    let microseconds = at.microseconds();
    Timestamp::from_microseconds(microseconds - microseconds.rem_euclid(MINUTE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(address: u32) -> Counted {
        let event = AuditEvent::SignInRefused(SignInRefusal::WrongPassword, Some(UserId::new(7)));
        Counted {
            record: event.record(),
            address: Some(IpAddr::V4(address.into())),
            minute: Timestamp::from_microseconds(0),
        }
    }

    #[test]
    fn whoever_comes_from_everywhere_fills_nothing() {
        let mut counts = Counts::default();

        let lines = (0..10_000).filter(|&address| {
            // Written in between, which makes no room for more.
            if address == 5_000 {
                counts.take();
            }
            counts.count(&counted(address))
        });
        let lines = lines.count();

        assert_eq!(lines, 600);
        assert_eq!(counts.unsaid, 9_400);
        assert_eq!(counts.rows.len(), MOST_COUNTS + 1);
        assert_eq!(counts.take(), [(counted(0).by_anybody(), 5_000)]);
        assert_eq!(counts.take(), []);
    }

    #[test]
    fn the_next_minute_has_rows_and_lines_again() {
        let mut counts = Counts::default();
        let next = Counted {
            minute: Timestamp::from_microseconds(60_000_000),
            ..counted(1)
        };

        let first = (0..601).filter(|_| counts.count(&counted(1))).count();
        let written = counts.take();

        assert_eq!(first, 600);
        assert_eq!(written, [(counted(1), 601)]);
        assert!(counts.count(&next));
        assert_eq!(counts.take(), [(next, 1)]);
        assert_eq!(counts.rows.len(), 1, "what is written is forgotten");
    }
}
