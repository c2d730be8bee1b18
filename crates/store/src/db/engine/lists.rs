//! Reading what may take long, pages of lists and counts, so that nobody waits for it but whoever asks: with connections
//! of its own, of which one company has a share, and for a time that has an end.

use super::{Connection, Held, Waiting};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};
use tawzi_core::id::CompanyId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many connections read lists.
pub(super) const CONNECTIONS: u32 = 8;

/// How many of them read those of one company at a time.
const OF_COMPANY: usize = 3;

/// How long one statement may take; tests would wait for it.
pub(super) const LONGEST: Duration = Duration::from_millis(if cfg!(test) { 300 } else { 10_000 });

/// After how many of its steps `SQLite` looks at the clock: a fraction of a millisecond.
const STEPS: i32 = 10_000;

/// The companies that read lists, each with the places that it has left.
#[derive(Debug, Default)]
pub(super) struct Shares(Mutex<HashMap<CompanyId, Weak<Semaphore>>>);

impl Shares {
    /// A place of that company's, once one is free.
    pub(super) async fn place(&self, company: CompanyId) -> Option<OwnedSemaphorePermit> {
        let places = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(places) = all.get(&company).and_then(Weak::upgrade) {
                places
            } else {
                all.retain(|_, places| places.strong_count() > 0);
                let places = Arc::new(Semaphore::new(OF_COMPANY));
                all.insert(company, Arc::downgrade(&places));
                places
            }
        };
        // It is never closed.
        places.acquire_owned().await.ok()
    }
}

/// A connection that reads lists, perhaps in a transaction. It goes back, and its place with it, when it has ended what
/// it does: whoever stops waiting for a statement does not stop it.
#[derive(Debug)]
pub(super) struct Listing {
    held: Option<Box<dyn Held>>,
    place: Option<OwnedSemaphorePermit>,
}

impl Listing {
    pub(super) fn new(held: impl Held + 'static, place: Option<OwnedSemaphorePermit>) -> Self {
        Self {
            held: Some(Box::new(held)),
            place,
        }
    }
}

impl Held for Listing {
    #[expect(
        clippy::expect_used,
        reason = "only dropping it takes the connection away"
    )]
    fn connection(&mut self) -> Connection<'_> {
        let held = self.held.as_mut().expect("it is not dropped");
        held.connection()
    }
}

impl Drop for Listing {
    fn drop(&mut self) {
        if let Some(mut held) = self.held.take() {
            let place = self.place.take();
            tokio::spawn(async move {
                // It is answered after the statement; a connection that broke is closed.
                drop(held.connection().ping().await);
                drop(held.roll_back().await);
                drop(place);
            });
        }
    }
}

impl Connection<'_> {
    /// Comes back when everything that was asked before is answered.
    async fn ping(self) -> sqlx::Result<()> {
        match self {
            Self::Postgres(connection) => connection.ping().await,
            Self::Sqlite(connection) => connection.ping().await,
        }
    }
}

/// A connection whose statements end in time.
pub(super) trait Limited {
    /// Lets statements end in time from now on: each by itself on `PostgreSQL`, all of one use together on `SQLite`,
    /// after `longest`.
    fn limit(&mut self, longest: Duration) -> Waiting<'_, sqlx::Result<()>>;
}

impl Limited for PgConnection {
    /// It was told so when it was opened.
    fn limit(&mut self, _: Duration) -> Waiting<'_, sqlx::Result<()>> {
        Box::pin(async { Ok(()) })
    }
}

impl Limited for SqliteConnection {
    fn limit(&mut self, longest: Duration) -> Waiting<'_, sqlx::Result<()>> {
        Box::pin(async move {
            let end = Instant::now() + longest;
            let mut handle = self.lock_handle().await?;
            handle.set_progress_handler(STEPS, move || Instant::now() < end);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;
    use crate::database::TestDb;
    use crate::db::engine::{EngineKind, Reader};
    use crate::db::query::Query;
    use tokio::time::timeout;

    const A: CompanyId = CompanyId::new(1);
    const B: CompanyId = CompanyId::new(2);

    /// Reads what has no end.
    async fn read_on_and_on(reader: &mut Reader) -> crate::Result {
        let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n) \
                       SELECT COUNT(*) FROM n";
        let endless = Query::built(endless.to_owned());
        Ok(reader.connection().rows(endless).await.map(drop)?)
    }

    #[tokio::test]
    async fn one_company_leaves_connections_to_the_others() {
        for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
            let store = TestDb::new(engine).await;
            let mut held = Vec::new();
            for _ in 0..OF_COMPANY {
                held.push(store.read_list(A).await.unwrap());
            }

            let db = (*store).clone();
            let next = tokio::spawn(async move { db.read_list(A).await.map(drop) });
            store.read_list(B).await.unwrap();

            assert!(!next.is_finished());
            held.pop();
            next.await.unwrap().unwrap();
        }
    }

    #[tokio::test]
    async fn a_snapshot_has_a_place_of_its_company_until_it_is_dropped() {
        for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
            let store = TestDb::new(engine).await;
            let minute = Duration::from_mins(1);
            let mut snapshots = Vec::new();
            for _ in 0..OF_COMPANY {
                let mut snapshot = store.list_snapshot(A, minute).await.unwrap();
                assert_eq!(snapshot.count_companies().await.unwrap(), 0);
                snapshots.push(snapshot);
            }
            let acme = "INSERT INTO company (id, name, domain, specialization, registration_completed, \
                        auto_assign_enabled, re_assign_enabled, re_assign_hours, created_at, updated_at) \
                        VALUES (1, 'Acme', 'acme.example', 'real_estate', TRUE, FALSE, FALSE, 24, 0, 0)";
            store.run(acme).await;

            let db = (*store).clone();
            let next = tokio::spawn(async move { db.read_list(A).await?.count_companies().await });
            tokio::task::yield_now().await;

            let seen = snapshots[0].count_companies().await.unwrap();
            assert_eq!((seen, next.is_finished()), (0, false));
            snapshots.pop();
            assert_eq!(next.await.unwrap().unwrap(), 1);
        }
    }

    #[tokio::test]
    async fn a_statement_that_takes_too_long_is_broken_off() {
        for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
            let store = TestDb::new(engine).await;
            let mut reader = store.read_list(A).await.unwrap();

            let broken_off = read_on_and_on(&mut reader).await.unwrap_err();

            assert!(
                matches!(broken_off, Error::TookTooLong(_)),
                "{broken_off:?}"
            );
            drop(reader);
            let mut reader = store.read_list(A).await.unwrap();
            assert_eq!(reader.count_companies().await.unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn whoever_stops_waiting_keeps_the_place_until_the_statement_ends() {
        for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
            let store = TestDb::new(engine).await;
            for _ in 0..OF_COMPANY {
                let mut reader = store.read_list(A).await.unwrap();
                let moment = Duration::from_millis(50);
                let given_up = timeout(moment, read_on_and_on(&mut reader)).await;
                given_up.unwrap_err();
            }

            let begun = Instant::now();
            store.read_list(B).await.unwrap();
            let of_other = begun.elapsed();
            store.read_list(A).await.unwrap();
            let own = begun.elapsed();

            assert!(of_other < own, "{of_other:?} {own:?}");
            assert!(own > Duration::from_millis(50), "{own:?}");
        }
    }
}
