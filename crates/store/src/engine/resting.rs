//! A connection kept aside between one short transaction and the next.

use super::TRUSTED_FOR;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// The connections that write, and the one that did the last short transaction: the next one goes on with it.
/// The pool would ask it whether it is still there, which is another round trip, and give out several by
/// turns, each of which would find little of the last one in the processor's caches.
#[derive(Clone, Debug)]
pub(super) struct Resting {
    pool: PgPool,
    rested: Arc<Mutex<Option<Rested>>>,
}

type Rested = (PoolConnection<Postgres>, Instant);

impl Resting {
    pub(super) fn new(pool: PgPool) -> Self {
        Self {
            pool,
            rested: Arc::default(),
        }
    }

    /// The connection that rests, if it was good a moment ago, or one of the pool's.
    pub(super) async fn acquire(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        match self.replace(None) {
            Some((connection, since)) if since.elapsed() <= TRUSTED_FOR => Ok(connection),
            _ => self.pool.acquire().await,
        }
    }

    /// Lets a connection rest that is in order.
    pub(super) fn put(&self, connection: PoolConnection<Postgres>) {
        drop(self.replace(Some((connection, Instant::now()))));
        // Whoever closes the pool would wait for it.
        if self.pool.is_closed() {
            self.give_back();
        }
    }

    /// Gives the connection back to the pool.
    pub(super) fn give_back(&self) {
        drop(self.replace(None));
    }

    fn replace(&self, with: Option<Rested>) -> Option<Rested> {
        let mut rested = self.rested.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut rested, with)
    }
}
