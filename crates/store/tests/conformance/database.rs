//! A database of a test's own: a file in a temporary directory, or one on the test server.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::hash::{BuildHasher, RandomState};
use std::ops::Deref;
use std::str::FromStr;
use std::time::Duration;
use tawzi_store::{DatabaseUrl, Db, Durability, EngineKind};
use tempfile::TempDir;

/// A database that is gone when the test is over.
pub(crate) struct TestDb {
    db: Db,
    place: Place,
}

enum Place {
    Sqlite(TempDir),
    Postgres(ServerDatabase),
}

impl TestDb {
    /// A database with the newest schema.
    pub(crate) async fn new(engine: EngineKind) -> Self {
        let store = Self::empty(engine).await;
        store.migrate().await.unwrap();
        store
    }

    /// A database without any table.
    pub(crate) async fn empty(engine: EngineKind) -> Self {
        let (address, place) = match engine {
            EngineKind::Sqlite => {
                let directory = tempfile::tempdir().unwrap();
                (sqlite_address(&directory), Place::Sqlite(directory))
            }
            EngineKind::Postgres => {
                let database = ServerDatabase::create().await;
                (database.url(), Place::Postgres(database))
            }
        };
        let url: DatabaseUrl = address.parse().unwrap();
        // The files are thrown away: nothing has to survive a power cut.
        let db = Db::open(&url, Durability::Relaxed).await.unwrap();
        Self { db, place }
    }

    /// Runs statements that the store has no function for.
    pub(crate) async fn run(&self, statements: &str) {
        let statements = sqlx::AssertSqlSafe(statements.to_owned());
        match &self.place {
            Place::Sqlite(_) => {
                let options = SqliteConnectOptions::from_str(&self.address())
                    .unwrap()
                    .busy_timeout(Duration::from_secs(30));
                let mut connection = options.connect().await.unwrap();
                let done = sqlx::raw_sql(statements).execute(&mut connection).await;
                done.unwrap();
                connection.close().await.unwrap();
            }
            Place::Postgres(_) => {
                let options = PgConnectOptions::from_str(&self.address())
                    .unwrap()
                    .options([("timezone", "UTC")]);
                let mut connection = options.connect().await.unwrap();
                let done = sqlx::raw_sql(statements).execute(&mut connection).await;
                done.unwrap();
                connection.close().await.unwrap();
            }
        }
    }

    /// Where the database is, with the password.
    pub(crate) fn address(&self) -> String {
        match &self.place {
            Place::Sqlite(directory) => sqlite_address(directory),
            Place::Postgres(database) => database.url(),
        }
    }
}

fn sqlite_address(directory: &TempDir) -> String {
    format!("sqlite://{}", directory.path().join("store.db").display())
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

/// A database on the test server, dropped with this value.
struct ServerDatabase {
    name: String,
}

impl ServerDatabase {
    async fn create() -> Self {
        // Other runs may use the same server at the same time.
        let name = format!(
            "tawzi_test_{:016x}",
            RandomState::new().hash_one("a database")
        );
        administer(format!("CREATE DATABASE {name}")).await;
        Self { name }
    }

    fn url(&self) -> String {
        let server = server_url();
        let (rest, parameters) = match server.split_once('?') {
            Some((rest, parameters)) => (rest, format!("?{parameters}")),
            None => (server.as_str(), String::new()),
        };
        let (server, _) = rest.rsplit_once('/').unwrap();
        format!("{server}/{}{parameters}", self.name)
    }
}

impl Drop for ServerDatabase {
    /// In a thread of its own, as the test's runtime cannot wait here, not even after a panic.
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        let dropping = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(administer(statement));
        });
        // A database that stays behind is no reason to fail a second time.
        drop(dropping.join());
    }
}

async fn administer(statement: String) {
    let mut server = PgConnection::connect(&server_url()).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
        .execute(&mut server)
        .await
        .unwrap();
    server.close().await.unwrap();
}

fn server_url() -> String {
    std::env::var("TAWZI_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "TAWZI_TEST_POSTGRES_URL is not set; run ./test, which starts a PostgreSQL for the tests"
        )
    })
}
