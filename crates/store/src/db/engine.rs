//! The two engines: what opens, holds and ends connections of a driver. Beside it only `run.rs` and `row.rs` name one.

pub(crate) mod kind;
mod lists;
mod opening;

pub use kind::EngineKind;
pub(crate) use opening::open_foreign;

use crate::db::dialect::Sql;
use crate::db::query::Query;
use crate::db::url::{DatabaseUrl, Place};
use crate::error::{Error, Result};
use lists::{Limited as _, Listing, Shares};
use opening::{open_postgres, open_sqlite};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::{Database, PgConnection, Pool, Postgres, Sqlite, SqliteConnection, Transaction};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tawzi_core::id::CompanyId;

/// What waits for a driver, behind a pointer. A future is compiled where it is waited for: without the pointer,
/// every crate that calls a function of this one would compile both drivers once more.
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// For how long a connection that was good when it was last used is taken for good: under load they
/// rest for less, and no server starts again as fast.
const TRUSTED_FOR: Duration = Duration::from_millis(50);

/// When a commit counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// When it is on the disk.
    Full,
    /// When the engine has it: for filling a new database that can be filled again.
    Relaxed,
}

/// An open database.
#[derive(Clone, Debug)]
pub struct Db {
    url: DatabaseUrl,
    pools: Arc<Pools>,
    shares: Arc<Shares>,
}

#[derive(Debug)]
enum Pools {
    Postgres(PoolsOf<Postgres>),
    Sqlite(PoolsOf<Sqlite>),
}

#[derive(Debug)]
struct PoolsOf<D: Database> {
    /// How a transaction begins.
    begin: &'static str,
    /// How one begins that only reads, and sees one state from its first statement to its end.
    snapshot: &'static str,
    readers: Pool<D>,
    /// What reads lists; see [`Db::read_list`].
    lists: Pool<D>,
    /// In `SQLite` only one: more of them only wait for each other, at random and for long.
    writers: Pool<D>,
}

/// Waits for an expression with the pools of the driver, whichever it is.
macro_rules! with_pools {
    ($db:expr, |$pools:ident| $body:expr) => {
        Box::pin(async move {
            match &*$db.pools {
                Pools::Postgres($pools) => $body,
                Pools::Sqlite($pools) => $body,
            }
        })
    };
}

impl Db {
    /// Opens the database; a `SQLite` file that is not there is created, empty.
    ///
    /// `Err` when it cannot be reached, or is something else.
    pub fn open(url: &DatabaseUrl, durability: Durability) -> Waiting<'_, Result<Self>> {
        let cannot_open = |source| Error::Open {
            url: url.to_string(),
            source,
        };
        Box::pin(async move {
            let pools = match &url.0 {
                Place::Postgres(url) => open_postgres(url, durability).await.map(Pools::Postgres),
                Place::Sqlite(path) => open_sqlite(path, durability).await.map(Pools::Sqlite),
            };
            Ok(Self {
                url: url.clone(),
                pools: Arc::new(pools.map_err(cannot_open)?),
                shares: Arc::default(),
            })
        })
    }

    /// Where the database is.
    pub const fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// A connection that can only read; each statement sees the newest committed state.
    pub fn read(&self) -> Waiting<'_, Result<Reader>> {
        with_pools!(self, |pools| Ok(Reader::new(
            pools.readers.acquire().await?
        )))
    }

    /// A connection that can only read, and sees the same state as long as it is held, whatever others commit
    /// meanwhile; it keeps nobody from writing.
    pub fn snapshot(&self) -> Waiting<'_, Result<Reader>> {
        with_pools!(self, |pools| {
            let transaction = pools.readers.begin_with(pools.snapshot).await?;
            Ok(Reader::new(transaction))
        })
    }

    /// A connection that can only read, for pages of lists and counts of that company, which may take long: no company
    /// has more than a share of those connections, and a statement that does not end in time is
    /// [`Error::TookTooLong`].
    pub fn read_list(&self, company: CompanyId) -> Waiting<'_, Result<Reader>> {
        with_pools!(self, |pools| {
            let place = self.shares.place(company).await;
            let mut connection = pools.lists.acquire().await?;
            connection.limit(lists::LONGEST).await?;
            Ok(Reader::new(Listing::new(connection, place)))
        })
    }

    /// One of those connections that sees the same state as long as it is held, which is no longer than `longest`.
    pub fn list_snapshot(
        &self,
        company: CompanyId,
        longest: Duration,
    ) -> Waiting<'_, Result<Reader>> {
        with_pools!(self, |pools| {
            let place = self.shares.place(company).await;
            let mut transaction = pools.lists.begin_with(pools.snapshot).await?;
            transaction.limit(longest).await?;
            Ok(Reader::new(Listing::new(transaction, place)))
        })
    }

    /// A transaction that may write. On `SQLite` it has the database for itself from the start:
    /// one that reads first and writes later would fail when another wrote in between.
    pub fn begin(&self) -> Waiting<'_, Result<Tx>> {
        with_pools!(self, |pools| {
            let transaction = pools.writers.begin_with(pools.begin).await?;
            Ok(Tx(Reader::new(transaction)))
        })
    }

    /// Closes every connection, so that a `SQLite` file is left without its companions.
    pub fn close(&self) -> Waiting<'_, ()> {
        with_pools!(self, |pools| {
            pools.readers.close().await;
            pools.lists.close().await;
            pools.writers.close().await;
        })
    }

    /// Brings the schema up to date, whatever it is.
    pub(crate) fn run_migrations<'a>(
        &'a self,
        steps: &'a Migrator,
    ) -> Waiting<'a, std::result::Result<(), MigrateError>> {
        with_pools!(self, |pools| steps.run(&pools.writers).await)
    }

    /// A connection that writes without a transaction, each statement by itself, for the few that refuse to run in
    /// one; its commit does nothing.
    pub(crate) fn writer_outside_transaction(&self) -> Waiting<'_, Result<Tx>> {
        with_pools!(self, |pools| {
            Ok(Tx(Reader::new(pools.writers.acquire().await?)))
        })
    }
}

/// A connection that is used to read.
#[derive(Debug)]
pub struct Reader(Box<dyn Held>);

/// One transaction; dropping it without [`Tx::commit`] undoes everything.
#[derive(Debug)]
pub struct Tx(Reader);

/// What is taken from a pool until it is dropped. It is behind a pointer because giving a connection back
/// is compiled wherever one may be dropped, with all that opens another in its place.
trait Held: std::fmt::Debug + Send {
    fn connection(&mut self) -> Connection<'_>;

    /// Makes lasting what was written in a transaction, if it is one.
    fn commit(self: Box<Self>) -> Waiting<'static, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    /// Undoes what was written in a transaction, if it is one.
    fn roll_back(self: Box<Self>) -> Waiting<'static, Result<()>> {
        Box::pin(async { Ok(()) })
    }
}

macro_rules! held {
    ($driver:ident) => {
        impl Held for PoolConnection<sqlx::$driver> {
            fn connection(&mut self) -> Connection<'_> {
                Connection::$driver(self)
            }
        }

        impl Held for Transaction<'static, sqlx::$driver> {
            fn connection(&mut self) -> Connection<'_> {
                Connection::$driver(self)
            }

            fn commit(self: Box<Self>) -> Waiting<'static, Result<()>> {
                Box::pin(async { Ok((*self).commit().await?) })
            }

            fn roll_back(self: Box<Self>) -> Waiting<'static, Result<()>> {
                Box::pin(async { Ok((*self).rollback().await?) })
            }
        }
    };
}

held!(Postgres);
held!(Sqlite);

/// The driver's own connection.
pub(crate) enum Connection<'c> {
    Postgres(&'c mut PgConnection),
    Sqlite(&'c mut SqliteConnection),
}

impl Connection<'_> {
    /// Which engine it is of.
    pub(crate) const fn engine(&self) -> EngineKind {
        match self {
            Self::Postgres(_) => EngineKind::Postgres,
            Self::Sqlite(_) => EngineKind::Sqlite,
        }
    }
}

impl Reader {
    fn new(held: impl Held + 'static) -> Self {
        Self(Box::new(held))
    }

    /// A query of that text, without parameters yet.
    #[expect(
        clippy::unused_self,
        reason = "`statements!` calls it on any handle; that of a tenant adds the company"
    )]
    pub(crate) fn query<'q>(&self, sql: Sql) -> Query<'q> {
        query!(sql)
    }

    pub(crate) fn connection(&mut self) -> Connection<'_> {
        self.0.connection()
    }
}

/// A connection within a transaction: the only thing that runs statements which write.
#[derive(Debug)]
pub(crate) struct Writer<'t>(pub(super) &'t mut Reader);

impl Writer<'_> {
    pub(crate) fn connection(&mut self) -> Connection<'_> {
        self.0.connection()
    }
}

impl Tx {
    /// What statements that write are run with.
    pub(crate) const fn writer(&mut self) -> Writer<'_> {
        Writer(&mut self.0)
    }

    /// Makes everything that was written lasting.
    pub fn commit(self) -> Waiting<'static, Result<()>> {
        self.0.0.commit()
    }

    /// Undoes everything. What is only dropped is undone a moment later, and holds its locks until then.
    pub fn roll_back(self) -> Waiting<'static, Result<()>> {
        self.0.0.roll_back()
    }
}

impl std::ops::Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.0
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.0
    }
}
