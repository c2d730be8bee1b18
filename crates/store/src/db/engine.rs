//! The two engines: the only room that names a driver.

pub(crate) mod kind;
mod opening;

pub use kind::EngineKind;
pub(crate) use opening::open_foreign;

use crate::db::url::{DatabaseUrl, Place};
use crate::error::{Error, Result};
use opening::{open_postgres, open_sqlite};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::time::Duration;

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
    pools: Pools,
}

#[derive(Clone, Debug)]
enum Pools {
    Postgres {
        readers: PgPool,
        writers: PgPool,
    },
    /// One writer: more of them only wait for each other, at random and for long.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
}

impl Db {
    /// Opens the database; a `SQLite` file that is not there is created, empty.
    ///
    /// `Err` when it cannot be reached, or is something else.
    pub async fn open(url: &DatabaseUrl, durability: Durability) -> Result<Self> {
        let cannot_open = |source| Error::Open {
            url: url.to_string(),
            source,
        };
        let pools = match url.place() {
            Place::Postgres(url) => open_postgres(url, durability).await,
            Place::Sqlite(path) => open_sqlite(path, durability).await,
        };
        Ok(Self {
            url: url.clone(),
            pools: pools.map_err(cannot_open)?,
        })
    }

    /// Where the database is.
    pub const fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// A connection that can only read; each statement sees the newest committed state.
    pub async fn read(&self) -> Result<Reader> {
        let handle = match &self.pools {
            Pools::Postgres { readers, .. } => Handle::PostgresReader(readers.acquire().await?),
            Pools::Sqlite { readers, .. } => Handle::SqliteReader(readers.acquire().await?),
        };
        Ok(Reader { handle })
    }

    /// A transaction that may write. On `SQLite` it has the database for itself from the start:
    /// one that reads first and writes later would fail when another wrote in between.
    pub async fn begin(&self) -> Result<Tx> {
        let handle = match &self.pools {
            Pools::Postgres { writers, .. } => Handle::PostgresTx(writers.begin().await?),
            Pools::Sqlite { writer, .. } => {
                Handle::SqliteTx(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
        };
        Ok(Tx {
            reader: Reader { handle },
        })
    }

    /// Closes every connection, so that a `SQLite` file is left without its companions.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Postgres { readers, writers } => {
                tokio::join!(readers.close(), writers.close());
            }
            Pools::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
        }
    }

    /// Brings the schema up to date, whatever it is.
    pub(crate) async fn run_migrations(
        &self,
        sqlite_files: &sqlx::migrate::Migrator,
        postgres_files: &sqlx::migrate::Migrator,
    ) -> std::result::Result<(), sqlx::migrate::MigrateError> {
        match &self.pools {
            Pools::Postgres { writers, .. } => postgres_files.run(writers).await,
            Pools::Sqlite { writer, .. } => sqlite_files.run(writer).await,
        }
    }

    /// A connection that writes without a transaction, each statement by itself: for the few that refuse to run in
    /// one.
    pub(crate) async fn writer_outside_transaction(&self) -> Result<Tx> {
        let handle = match &self.pools {
            Pools::Postgres { writers, .. } => Handle::PostgresReader(writers.acquire().await?),
            Pools::Sqlite { writer, .. } => Handle::SqliteReader(writer.acquire().await?),
        };
        Ok(Tx {
            reader: Reader { handle },
        })
    }
}

/// A connection that is used to read.
#[derive(Debug)]
pub struct Reader {
    handle: Handle,
}

/// One transaction; dropping it without [`Tx::commit`] undoes everything.
#[derive(Debug)]
pub struct Tx {
    reader: Reader,
}

#[derive(Debug)]
enum Handle {
    PostgresReader(PoolConnection<Postgres>),
    SqliteReader(PoolConnection<Sqlite>),
    PostgresTx(Transaction<'static, Postgres>),
    SqliteTx(Transaction<'static, Sqlite>),
}

/// The driver's own connection; see the macro `on!`.
pub(crate) enum Connection<'c> {
    Postgres(&'c mut PgConnection),
    Sqlite(&'c mut SqliteConnection),
}

impl Reader {
    pub(crate) fn connection(&mut self) -> Connection<'_> {
        match &mut self.handle {
            Handle::PostgresReader(connection) => Connection::Postgres(connection),
            Handle::PostgresTx(transaction) => Connection::Postgres(transaction),
            Handle::SqliteReader(connection) => Connection::Sqlite(connection),
            Handle::SqliteTx(transaction) => Connection::Sqlite(transaction),
        }
    }

    pub(crate) const fn engine(&self) -> EngineKind {
        match self.handle {
            Handle::PostgresReader(_) | Handle::PostgresTx(_) => EngineKind::Postgres,
            Handle::SqliteReader(_) | Handle::SqliteTx(_) => EngineKind::Sqlite,
        }
    }
}

/// A connection within a transaction: the only thing that runs statements which write.
#[derive(Debug)]
pub(crate) struct Writer<'t>(&'t mut Reader);

impl<'t> Writer<'t> {
    /// The connection of a transaction.
    pub(super) const fn new(within: &'t mut Reader) -> Self {
        Self(within)
    }

    pub(crate) fn connection(&mut self) -> Connection<'_> {
        self.0.connection()
    }

    pub(crate) const fn engine(&self) -> EngineKind {
        self.0.engine()
    }

    pub(crate) fn writer(&mut self) -> Writer<'_> {
        Writer(self.0)
    }
}

impl Tx {
    /// What statements that write are run with.
    pub(crate) const fn writer(&mut self) -> Writer<'_> {
        Writer::new(&mut self.reader)
    }

    /// Makes everything that was written lasting.
    pub async fn commit(self) -> Result<()> {
        match self.reader.handle {
            Handle::PostgresTx(transaction) => transaction.commit().await?,
            Handle::SqliteTx(transaction) => transaction.commit().await?,
            Handle::PostgresReader(_) | Handle::SqliteReader(_) => {}
        }
        Ok(())
    }
}

impl Tx {
    /// Undoes everything. What is only dropped is undone a moment later, and holds its locks until then.
    pub async fn roll_back(self) -> Result<()> {
        match self.reader.handle {
            Handle::PostgresTx(transaction) => transaction.rollback().await?,
            Handle::SqliteTx(transaction) => transaction.rollback().await?,
            Handle::PostgresReader(_) | Handle::SqliteReader(_) => {}
        }
        Ok(())
    }
}

impl std::ops::Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}
