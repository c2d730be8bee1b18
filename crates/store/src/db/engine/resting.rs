//! A connection kept aside between one short transaction and the next.

use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The connections that write, and the one that did the last short transaction: the next one goes on with it.
/// The pool would ask it whether it is still there, which is another round trip, and give out several by
/// turns, each of which would find little of the last one in the processor's caches.
pub(super) struct Resting<DB: Database> {
    pool: Pool<DB>,
    trusted_for: Duration,
    aside: Arc<Mutex<Aside<DB>>>,
}

struct Aside<DB: Database> {
    rested: Option<(PoolConnection<DB>, Instant)>,
    /// How many wait for the pool's connections: for as long as anybody does, none rests.
    waiting: usize,
}

impl<DB: Database> Resting<DB> {
    /// A connection that was good when it was last used is taken for good for so long.
    pub(super) fn new(pool: Pool<DB>, trusted_for: Duration) -> Self {
        let aside = Aside {
            rested: None,
            waiting: 0,
        };
        Self {
            pool,
            trusted_for,
            aside: Arc::new(Mutex::new(aside)),
        }
    }

    /// The connection that rests, if it was good a moment ago, or one of the pool's.
    pub(super) async fn acquire(&self) -> Result<PoolConnection<DB>, sqlx::Error> {
        let rested = self.aside().rested.take();
        match rested {
            Some((connection, since)) if since.elapsed() <= self.trusted_for => Ok(connection),
            unsure => {
                drop(unsure);
                let _waiting = self.wait();
                self.pool.acquire().await
            }
        }
    }

    /// Lets a connection rest that is in order.
    pub(super) fn put(&self, connection: PoolConnection<DB>) {
        let mut aside = self.aside();
        let before = if aside.waiting == 0 {
            aside.rested.replace((connection, Instant::now()))
        } else {
            Some((connection, Instant::now()))
        };
        drop(aside);
        drop(before);
        // Whoever closes the pool would wait for it.
        if self.pool.is_closed() {
            self.give_back();
        }
    }

    /// Gives the connection back to the pool, and each that is used now once that ends, until the answer is
    /// dropped.
    pub(super) fn wait(&self) -> Waiting<'_, DB> {
        self.aside().waiting += 1;
        self.give_back();
        Waiting(self)
    }

    /// Gives the connection back to the pool.
    pub(super) fn give_back(&self) {
        let rested = self.aside().rested.take();
        drop(rested);
    }

    fn aside(&self) -> MutexGuard<'_, Aside<DB>> {
        self.aside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<DB: Database> Clone for Resting<DB> {
    fn clone(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            trusted_for: self.trusted_for,
            aside: Arc::clone(&self.aside),
        }
    }
}

impl<DB: Database> fmt::Debug for Resting<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Resting(..)")
    }
}

/// Somebody waits for one of the pool's connections.
pub(super) struct Waiting<'a, DB: Database>(&'a Resting<DB>);

impl<DB: Database> Drop for Waiting<'_, DB> {
    fn drop(&mut self) {
        self.0.aside().waiting -= 1;
    }
}
