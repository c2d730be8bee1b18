//! The two engines: the only file that names a driver.

use crate::error::{Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// How long a statement waits for a lock of another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a request waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// Which engine a database runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// The built-in engine: one file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where a database is: `sqlite://FILE` or `postgres://…`.
#[derive(Clone, Debug)]
pub struct DatabaseUrl(Address);

#[derive(Clone, Debug)]
enum Address {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>, String),
}

/// When a commit counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// When it is on the disk.
    Full,
    /// When the engine has it: for filling a new database that can be filled again.
    Relaxed,
}

impl FromStr for DatabaseUrl {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(":memory:") {
                return Err(bad_url(url, "name a file, such as sqlite://tawzi.db"));
            }
            return Ok(Self(Address::Sqlite(PathBuf::from(path))));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)
                .map_err(|error| bad_url(&without_password(url), &error.to_string()))?
                .application_name("tawzi");
            return Ok(Self(Address::Postgres(Box::new(options), url.to_owned())));
        }
        Err(bad_url(
            &without_password(url),
            "a database is named as sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/NAME",
        ))
    }
}

impl std::fmt::Display for DatabaseUrl {
    /// The address without its password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Address::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Address::Postgres(_, url) => f.write_str(&without_password(url)),
        }
    }
}

impl DatabaseUrl {
    /// The engine it names.
    pub const fn engine(&self) -> EngineKind {
        match self.0 {
            Address::Sqlite(_) => EngineKind::Sqlite,
            Address::Postgres(..) => EngineKind::Postgres,
        }
    }

    /// The file of a `SQLite` database.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Address::Sqlite(path) => Some(path),
            Address::Postgres(..) => None,
        }
    }

    /// The password, for handing to a tool of the engine.
    pub(crate) fn password(&self) -> Option<String> {
        let Address::Postgres(_, url) = &self.0 else {
            return None;
        };
        let (_, rest) = url.split_once("://")?;
        let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let parameter = parameters
            .split('&')
            .find_map(|parameter| parameter.strip_prefix("password="));
        let before_host = || {
            let (user, _) = place.split('/').next()?.rsplit_once('@')?;
            user.split_once(':').map(|(_, password)| password)
        };
        let password = parameter.or_else(before_host)?;
        let decoded = percent_encoding::percent_decode_str(password).decode_utf8_lossy();
        Some(decoded.into_owned())
    }
}

fn bad_url(url: &str, problem: &str) -> Error {
    Error::BadUrl {
        url: url.to_owned(),
        problem: problem.to_owned(),
    }
}

/// The address without its password, which stands before the last `@` or among the parameters. When
/// in doubt, too much is left out.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let shown = match rest.rsplit_once('@') {
        Some((user, place)) => {
            let name = user.split(':').next().unwrap_or_default();
            format!("{name}@{place}")
        }
        None => rest.to_owned(),
    };
    let shown = match shown.split_once("password=") {
        Some((before, password)) => {
            let others = password.split_once('&').map_or("", |(_, others)| others);
            format!("{before}{others}")
        }
        None => shown,
    };
    format!("{scheme}://{}", shown.trim_end_matches(['?', '&']))
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
        let pools = match &url.0 {
            Address::Postgres(options, _) => open_postgres(options, durability).await,
            Address::Sqlite(path) => open_sqlite(path, durability).await,
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

async fn open_postgres(
    options: &PgConnectOptions,
    durability: Durability,
) -> std::result::Result<Pools, sqlx::Error> {
    let pool = || PgPoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
    let options = options
        .clone()
        .options([("timezone", "UTC")])
        .statement_cache_capacity(500);
    let reading = options
        .clone()
        .options([("default_transaction_read_only", "on")]);
    let writing = match durability {
        Durability::Full => options,
        Durability::Relaxed => options.options([("synchronous_commit", "off")]),
    };
    Ok(Pools::Postgres {
        writers: pool().max_connections(16).connect_with(writing).await?,
        readers: pool().max_connections(16).connect_lazy_with(reading),
    })
}

async fn open_sqlite(
    path: &Path,
    durability: Durability,
) -> std::result::Result<Pools, sqlx::Error> {
    let pool = || SqlitePoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
    let options = sqlite_options(path).statement_cache_capacity(500);
    let writing = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
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
}

/// Opens one connection to a foreign database, only to read it.
pub(crate) async fn open_foreign(url: &DatabaseUrl) -> std::result::Result<Reader, sqlx::Error> {
    let handle = match &url.0 {
        Address::Postgres(options, _) => {
            let options = options.clone().options([
                ("timezone", "UTC"),
                ("default_transaction_read_only", "on"),
                ("default_transaction_isolation", "repeatable read"),
            ]);
            let pool = PgPoolOptions::new()
                .max_connections(1)
                .connect_with(options)
                .await?;
            Handle::PostgresTx(pool.begin().await?)
        }
        Address::Sqlite(path) => {
            let options = sqlite_options(path)
                .busy_timeout(Duration::from_secs(5))
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

impl Tx {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let url = "postgres://ali:s3:cr@et@db.example:5432/crm?sslmode=disable";

        let shown = DatabaseUrl::from_str(url).unwrap().to_string();

        assert_eq!(shown, "postgres://ali@db.example:5432/crm?sslmode=disable");
    }

    #[test]
    fn a_password_is_left_out_wherever_it_stands() {
        for (url, shown) in [
            ("postgres://db/crm?password=s3cret", "postgres://db/crm"),
            (
                "postgres://ali@db/crm?password=s3cret&sslmode=require",
                "postgres://ali@db/crm?sslmode=require",
            ),
            ("postgres://ali:s3/cret@db/crm", "postgres://ali@db/crm"),
            ("postgres://ali:s3?cret@db/crm", "postgres://ali@db/crm"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }

    #[test]
    fn a_password_is_handed_over_wherever_it_stands() {
        for (url, password) in [
            ("postgres://ali:s3%20cr%40et@db/crm", Some("s3 cr@et")),
            (
                "postgres://ali@db/crm?sslmode=disable&password=s3",
                Some("s3"),
            ),
            ("postgres://ali@db/crm", None),
            ("sqlite://ali:s3@crm.db", None),
        ] {
            let found = DatabaseUrl::from_str(url).unwrap().password();

            assert_eq!(found.as_deref(), password, "{url}");
        }
    }

    #[test]
    fn an_address_that_names_no_database_says_how_to_name_one() {
        for url in ["tawzi.db", "mysql://x/y", "sqlite://", "sqlite::memory:"] {
            let error = DatabaseUrl::from_str(url).unwrap_err().to_string();

            assert!(error.contains("sqlite://"), "{error}");
        }
    }
}
