//! Opening databases: what the connections of each engine are like.

use super::kind::postgres_options;
use super::{Durability, PoolsOf, Reader, TRUSTED_FOR, Waiting, lists};
use crate::db::url::{DatabaseUrl, Place};
use crate::private_file::PrivateFile;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, Postgres, Sqlite};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// How long a statement waits for a lock of another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long it takes to connect at most, unless something is wrong.
const USUAL_CONNECT_TIME: Duration = Duration::from_millis(100);

/// How long a request waits for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

pub(super) async fn open_postgres(
    url: &str,
    durability: Durability,
) -> sqlx::Result<PoolsOf<Postgres>> {
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
    let cannot = why_not(options.clone());
    let reading = options
        .clone()
        .options([("default_transaction_read_only", "on")]);
    let longest = lists::LONGEST.as_millis().to_string();
    let listing = reading.clone().options([("statement_timeout", longest)]);
    let writing = match durability {
        Durability::Full => options,
        Durability::Relaxed => options.options([("synchronous_commit", "off")]),
    };
    let connect = |options| pool().max_connections(16).connect_with(options);
    let connected = async { tokio::try_join!(connect(writing), connect(reading)) };
    let (writers, readers) = tokio::select! {
        connected = connected => connected?,
        error = cannot => return Err(error),
    };
    let lists = pool().max_connections(lists::CONNECTIONS);
    Ok(PoolsOf {
        begin: "BEGIN",
        snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        readers,
        lists: lists.connect_lazy_with(listing),
        writers,
    })
}

/// What is wrong with a server that is not there after a moment. A pool would try again and again until its
/// time is up, and not say.
async fn why_not(options: PgConnectOptions) -> sqlx::Error {
    tokio::time::sleep(USUAL_CONNECT_TIME).await;
    let probed = async { options.connect().await?.close().await };
    match probed.await {
        // It is slow, but there.
        Ok(()) => std::future::pending().await,
        Err(error) => error,
    }
}

pub(super) async fn open_sqlite(
    path: &Path,
    durability: Durability,
) -> sqlx::Result<PoolsOf<Sqlite>> {
    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // There is no server that could have gone.
            .test_before_acquire(false)
            // When there is no room on the disk, or the disk fails, SQLite undoes the transaction by itself,
            // and the driver goes on believing in it.
            .before_acquire(|connection, _| {
                let in_order = !connection.is_in_transaction();
                Box::pin(async move { Ok(in_order) })
            })
    };
    let options = sqlite_options(path).statement_cache_capacity(500);
    let writing = options
        .clone()
        // In KiB: the inner pages of the indexes of a million clients.
        .pragma("cache_size", "-16384")
        // In pages of 4 KiB: what is written again and again goes to the file once in a while. Four times
        // more of them saved an eighth of the processor time of creates.
        .pragma("wal_autocheckpoint", "8000")
        .synchronous(match durability {
            Durability::Full => SqliteSynchronous::Full,
            Durability::Relaxed => SqliteSynchronous::Off,
        });
    create_if_missing(path)?;
    // The writer comes first: it creates the companions that the readers open.
    let writers = pool().max_connections(1).connect_with(writing).await?;
    let reading = options.read_only(true);
    let lists = pool().max_connections(lists::CONNECTIONS);
    Ok(PoolsOf {
        begin: "BEGIN IMMEDIATE",
        snapshot: "BEGIN",
        writers,
        lists: lists.connect_lazy_with(reading.clone()),
        readers: pool().max_connections(8).connect_lazy_with(reading),
    })
}

/// Makes an empty file, which is a database without tables, for nobody else to read. `SQLite` itself would ask the
/// umask; its companions get the permissions of the file.
fn create_if_missing(path: &Path) -> sqlx::Result<()> {
    if path.exists() {
        return Ok(());
    }
    // A link may lead to a file that is not there yet.
    let linked = std::fs::read_link(path).ok();
    let linked = linked.map(|to| path.parent().unwrap_or(Path::new("")).join(to));
    let path = linked.as_deref().unwrap_or(path);
    match PrivateFile::to_become(path).and_then(PrivateFile::keep) {
        // Another program was first.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => Ok(made?),
    }
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
pub(crate) fn open_foreign(url: &DatabaseUrl) -> Waiting<'_, sqlx::Result<Reader>> {
    Box::pin(async move {
        Ok(match &url.0 {
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
                Reader::new(pool.begin().await?)
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
                Reader::new(pool.begin().await?)
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::database::TestDb;
    use crate::db::engine::{EngineKind, Tx};
    use crate::db::query::Query;

    /// A row of more than 100,000 bytes.
    async fn insert_much(tx: &mut Tx) -> sqlx::Result<()> {
        let insert = "INSERT INTO id_sequence (name, last) VALUES (HEX(RANDOMBLOB(100000)), 0)";
        let insert = Query::built(insert.to_owned());
        tx.connection().rows(insert).await.map(drop)
    }

    #[tokio::test]
    async fn a_transaction_without_room_is_not_in_the_way_of_the_next() {
        let store = TestDb::new(EngineKind::Sqlite).await;
        let mut tx = store.begin().await.unwrap();
        let limit = Query::built("PRAGMA max_page_count = 1".to_owned());
        tx.connection().rows(limit).await.unwrap();

        // SQLite undoes the whole transaction by itself.
        let full = insert_much(&mut tx).await;
        drop(tx);
        let mut next = store.begin().await.unwrap();
        let next = (insert_much(&mut next).await, next.commit().await);

        let full = full.unwrap_err().to_string();
        assert!(full.contains("database or disk is full"), "{full}");
        next.0.unwrap();
        next.1.unwrap();
    }
}
