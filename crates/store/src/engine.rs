//! The two engines: the only file that names a driver.

use crate::error::{Error, Result};
use crate::url::{DatabaseUrl, Place};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    ConnectOptions, Connection as _, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection,
    SqlitePool, Transaction,
};
use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a statement waits for a lock of another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a request waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// For how long a connection that was good when it was last used is taken for good: under load they
/// rest for less, and no server starts again as fast.
const TRUSTED_FOR: Duration = Duration::from_millis(50);

/// Which engine a database runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// The built-in engine: one file.
    Sqlite,
    /// A server.
    Postgres,
}

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
        resting: Resting,
    },
    /// One writer: more of them only wait for each other, at random and for long.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
}

/// The writing connection that did the last short transaction, and since when it rests: the next one goes
/// on with it. The pool would ask it whether it is still there, which is another round trip, and give out
/// several by turns, each of which would find little of the last one in the processor's caches.
#[derive(Clone, Debug, Default)]
struct Resting(Arc<Mutex<Option<Rested>>>);

type Rested = (PoolConnection<Postgres>, Instant);

impl Resting {
    fn take(&self) -> Option<Rested> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, connection: PoolConnection<Postgres>) {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let another = place.replace((connection, Instant::now()));
        drop(place);
        drop(another);
    }

    /// The connection, if it was good a moment ago.
    fn take_trusted(&self) -> Option<PoolConnection<Postgres>> {
        let (connection, since) = self.take()?;
        (since.elapsed() <= TRUSTED_FOR).then_some(connection)
    }
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

    /// A transaction that writes with its last statement only. `PostgreSQL` commits that statement by
    /// itself, without the two round trips that a longer transaction takes; a statement that fails has
    /// written nothing on either engine. Ids may be taken before.
    pub async fn begin_short(&self) -> Result<Tx> {
        match &self.pools {
            Pools::Postgres {
                writers, resting, ..
            } => {
                let connection = match resting.take_trusted() {
                    Some(connection) => connection,
                    None => writers.acquire().await?,
                };
                let handle = Handle::PostgresShort(connection, resting.clone());
                Ok(Tx {
                    reader: Reader { handle },
                })
            }
            Pools::Sqlite { .. } => self.begin().await,
        }
    }

    /// Closes every connection, so that a `SQLite` file is left without its companions.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Postgres {
                readers,
                writers,
                resting,
            } => {
                drop(resting.take());
                readers.close().await;
                writers.close().await;
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

    /// A connection outside any transaction, for the few statements that refuse to run in one.
    pub(crate) async fn writer_outside_transaction(&self) -> Result<Reader> {
        let handle = match &self.pools {
            Pools::Postgres { writers, .. } => Handle::PostgresReader(writers.acquire().await?),
            Pools::Sqlite { writer, .. } => Handle::SqliteReader(writer.acquire().await?),
        };
        Ok(Reader { handle })
    }
}

/// What is wrong with the address of a `PostgreSQL` database, as far as can be seen from it.
pub(crate) fn check_postgres_url(url: &str) -> std::result::Result<(), String> {
    postgres_options(url)
        .map(drop)
        .map_err(|error| error.to_string())
}

fn postgres_options(url: &str) -> std::result::Result<PgConnectOptions, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?;
    Ok(options
        .application_name("tawzi")
        // Compiling a statement takes longer than any of ours.
        .options([("timezone", "UTC"), ("jit", "off")]))
}

async fn open_postgres(
    url: &str,
    durability: Durability,
) -> std::result::Result<Pools, sqlx::Error> {
    let pool = || {
        PgPoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // Each use would begin with a round trip to see whether the server is still there. After a
            // moment of rest that is worth it, under load it is not.
            .test_before_acquire(false)
            .before_acquire(|connection, rest| {
                Box::pin(async move {
                    if rest.idle_for > TRUSTED_FOR {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
    };
    let options = postgres_options(url)?.statement_cache_capacity(500);
    // A pool would try again and again until its time is up; this says at once what is wrong.
    let probe = options.clone();
    let probe = async move { probe.connect().await?.close().await };
    let reading = options
        .clone()
        .options([("default_transaction_read_only", "on")]);
    let writing = match durability {
        Durability::Full => options,
        Durability::Relaxed => options.options([("synchronous_commit", "off")]),
    };
    let writers = pool().max_connections(16).connect_with(writing);
    let ((), writers) = tokio::try_join!(probe, writers)?;
    Ok(Pools::Postgres {
        writers,
        resting: Resting::default(),
        readers: pool().max_connections(16).connect_lazy_with(reading),
    })
}

async fn open_sqlite(
    path: &Path,
    durability: Durability,
) -> std::result::Result<Pools, sqlx::Error> {
    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // There is no server that could have gone.
            .test_before_acquire(false)
    };
    let options = sqlite_options(path).statement_cache_capacity(500);
    let writing = options
        .clone()
        .create_if_missing(true)
        // In KiB: the inner pages of the indexes of a million clients.
        .pragma("cache_size", "-16384")
        // In pages of 4 KiB: what is written again and again goes to the file once in a while. Four times
        // more of them saved an eighth of the processor time of creates.
        .pragma("wal_autocheckpoint", "8000")
        .synchronous(match durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Relaxed => SqliteSynchronous::Off,
        });
    Ok(Pools::Sqlite {
        // The writer comes first: it creates the file that the readers open.
        writer: pool().max_connections(1).connect_with(writing).await?,
        readers: pool()
            .max_connections(8)
            .connect_lazy_with(options.read_only(true)),
    })
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        // As many rows are handed over at once; fewer would wake the reading thread for each.
        .row_buffer_size(512)
        .pragma("temp_store", "memory")
}

/// Opens one connection to a foreign database, only to read it.
pub(crate) async fn open_foreign(url: &DatabaseUrl) -> std::result::Result<Reader, sqlx::Error> {
    let handle = match url.place() {
        Place::Postgres(url) => {
            let options = postgres_options(url)?.options([
                ("default_transaction_read_only", "on"),
                ("default_transaction_isolation", "repeatable read"),
            ]);
            options.connect().await?.close().await?;
            let pool = PgPoolOptions::new()
                .max_connections(1)
                .connect_with(options)
                .await?;
            Handle::PostgresTx(pool.begin().await?)
        }
        Place::Sqlite(path) => {
            let options = sqlite_options(path)
                .busy_timeout(Duration::from_secs(5))
                // A whole page of rows is handed over at once; fewer would wake this thread for each.
                .row_buffer_size(5_000)
                .read_only(true);
            let pool = SqlitePoolOptions::new()
                .max_connections(1)
                .connect_with(options)
                .await?;
            Handle::SqliteTx(pool.begin().await?)
        }
    };
    Ok(Reader { handle })
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
    /// A short transaction, and where its connection rests afterwards.
    PostgresShort(PoolConnection<Postgres>, Resting),
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
            Handle::PostgresReader(connection) | Handle::PostgresShort(connection, _) => {
                Connection::Postgres(connection)
            }
            Handle::PostgresTx(transaction) => Connection::Postgres(transaction),
            Handle::SqliteReader(connection) => Connection::Sqlite(connection),
            Handle::SqliteTx(transaction) => Connection::Sqlite(transaction),
        }
    }

    pub(crate) const fn engine(&self) -> EngineKind {
        match self.handle {
            Handle::PostgresReader(_) | Handle::PostgresShort(..) | Handle::PostgresTx(_) => {
                EngineKind::Postgres
            }
            Handle::SqliteReader(_) | Handle::SqliteTx(_) => EngineKind::Sqlite,
        }
    }
}

impl Tx {
    /// Makes everything that was written lasting.
    pub async fn commit(self) -> Result<()> {
        match self.reader.handle {
            Handle::PostgresTx(transaction) => transaction.commit().await?,
            Handle::SqliteTx(transaction) => transaction.commit().await?,
            Handle::PostgresShort(connection, resting) => resting.put(connection),
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
