//! A database of either engine, to make data in and to look into beside the server.

use anyhow::Context;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Executor, PgPool, SqlitePool};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Engine {
    /// A server with processes of its own
    Postgres,
    /// Built into the program
    Sqlite,
}

impl std::fmt::Display for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Postgres => "PostgreSQL",
            Self::Sqlite => "SQLite",
        })
    }
}

/// An open database.
#[derive(Clone)]
pub(crate) struct Database {
    /// Its address, as the server is told it.
    pub(crate) url: String,
    pool: Pool,
}

#[derive(Clone)]
pub(crate) enum Pool {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

/// Runs an expression with the pool of the database's engine.
macro_rules! with_pool {
    ($database:expr, $pool:ident => $body:expr) => {
        match &$database.pool {
            Pool::Postgres($pool) => $body,
            Pool::Sqlite($pool) => $body,
        }
    };
}

impl Database {
    /// Opens a database of a `PostgreSQL` server.
    pub(crate) async fn postgres(url: String) -> anyhow::Result<Self> {
        let pool = Pool::Postgres(open_postgres(&url).await?);
        Ok(Self { url, pool })
    }

    /// Opens a file with one connection that writes as the server does: durably.
    pub(crate) async fn sqlite(path: &Path) -> anyhow::Result<Self> {
        let pool = Pool::Sqlite(open_sqlite(path, SqliteSynchronous::Full).await?);
        let url = format!("sqlite://{}", path.display());
        Ok(Self { url, pool })
    }

    /// The engine.
    pub(crate) const fn engine(&self) -> Engine {
        match self.pool {
            Pool::Postgres(_) => Engine::Postgres,
            Pool::Sqlite(_) => Engine::Sqlite,
        }
    }

    /// The file of a `SQLite` database.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.url.strip_prefix("sqlite://").map(PathBuf::from)
    }

    /// The one connection of `SQLite`.
    pub(crate) fn sqlite_pool(&self) -> anyhow::Result<&SqlitePool> {
        match &self.pool {
            Pool::Sqlite(pool) => Ok(pool),
            Pool::Postgres(_) => anyhow::bail!("this is no SQLite database"),
        }
    }

    /// Runs statements, all of them in one transaction.
    pub(crate) async fn execute(&self, statements: String) -> anyhow::Result<()> {
        with_pool!(self, pool => {
            let mut tx = pool.begin().await?;
            let result = tx.execute(sqlx::raw_sql(AssertSqlSafe(statements.clone()))).await;
            result.with_context(|| format!("{}: {statements}", self.engine()))?;
            tx.commit().await?;
        });
        Ok(())
    }

    /// Runs statements that refuse to be in a transaction, one after the other.
    pub(crate) async fn execute_alone(&self, statements: &[&'static str]) -> anyhow::Result<()> {
        with_pool!(self, pool => {
            for &statement in statements {
                let result = sqlx::query(statement).execute(pool).await;
                result.with_context(|| format!("{}: {statement}", self.engine()))?;
            }
        });
        Ok(())
    }

    /// The one number that a statement gives.
    pub(crate) async fn number(&self, statement: &'static str) -> anyhow::Result<i64> {
        let number = with_pool!(self, pool => {
            sqlx::query_scalar::<_, i64>(statement).fetch_one(pool).await
        });
        number.with_context(|| format!("{}: {statement}", self.engine()))
    }

    /// Closes every connection: a database is only copied when nobody has it open.
    pub(crate) async fn close(&self) {
        with_pool!(self, pool => pool.close().await);
    }
}

/// A few connections: one to measure with, one to look on.
pub(crate) async fn open_postgres(url: &str) -> anyhow::Result<PgPool> {
    let options = PgConnectOptions::from_str(url)?;
    let pool = PgPoolOptions::new().max_connections(2);
    let pool = pool.connect_with(options).await;
    pool.with_context(|| format!("{url} cannot be reached"))
}

async fn open_sqlite(path: &Path, synchronous: SqliteSynchronous) -> anyhow::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(std::time::Duration::from_secs(30))
        .pragma("cache_size", "-16384")
        .pragma("wal_autocheckpoint", "2000")
        .synchronous(synchronous);
    let pool = SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect_with(options).await;
    pool.with_context(|| format!("{} cannot be opened", path.display()))
}
