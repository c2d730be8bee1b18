//! A database of a test's own, on either engine: a file in a temporary directory, or one on the server that
//! `TAWZI_TEST_POSTGRES_URL` names.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tawzi_store::{Db, Durability, EngineKind};
use tempfile::TempDir;

/// A database that is gone with this value, also when the test fails.
#[derive(Debug)]
pub struct TestDatabase(Place);

#[derive(Debug)]
enum Place {
    File(TempDir),
    Server {
        name: String,
        /// What it was copied from lasts as long as its copies.
        _template: Option<Arc<TestDatabase>>,
    },
}

impl TestDatabase {
    /// A database without any table.
    pub async fn empty(engine: EngineKind) -> Self {
        match engine {
            EngineKind::Sqlite => Self(Place::File(TempDir::new().unwrap())),
            EngineKind::Postgres => Self::on_server(None).await,
        }
    }

    /// A copy of another database of the server, to which nobody is connected.
    pub async fn copy_of(template: Arc<Self>) -> Self {
        Self::on_server(Some(template)).await
    }

    async fn on_server(template: Option<Arc<Self>>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tawzi_test_{}_{number}", std::process::id());
        let mut statement = format!("CREATE DATABASE {name}");
        if let Some(Self(Place::Server { name, .. })) = template.as_deref() {
            statement = format!("{statement} TEMPLATE {name}");
        }
        execute(&server(), statement).await;
        Self(Place::Server {
            name,
            _template: template,
        })
    }

    /// What it is called on its server.
    pub fn name(&self) -> &str {
        match &self.0 {
            Place::File(_) => panic!("a file has no name on a server"),
            Place::Server { name, .. } => name,
        }
    }

    /// Its address, with the password.
    pub fn url(&self) -> String {
        match &self.0 {
            Place::File(folder) => format!("sqlite://{}", folder.path().join("tawzi.db").display()),
            Place::Server { name, .. } => {
                let server = server();
                let (address, options) = server.split_once('?').unwrap_or((&server, ""));
                let (host, _) = address.rsplit_once('/').unwrap();
                let url = format!("{host}/{name}?{options}");
                url.trim_end_matches('?').to_owned()
            }
        }
    }

    /// Connects to it. Nothing has to survive a power cut.
    pub async fn open(&self) -> Db {
        let url = self.url().parse().unwrap();
        Db::open(&url, Durability::Relaxed).await.unwrap()
    }

    /// Runs statements on a connection of their own.
    pub async fn execute(&self, statements: &str) {
        execute(&self.url(), statements.to_owned()).await;
    }

    /// Whether a transaction waits for another. On `SQLite` they wait in this process, at their beginning, and
    /// there is nothing to be seen.
    pub async fn somebody_waits(&self) -> bool {
        if matches!(self.0, Place::File(_)) {
            return true;
        }
        let mut observer = PgConnection::connect(&self.url()).await.unwrap();
        let waiting: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_one(&mut observer)
        .await
        .unwrap();
        waiting > 0
    }
}

impl Drop for TestDatabase {
    /// In a thread of its own, as the test's runtime cannot wait here, not even after a panic.
    fn drop(&mut self) {
        let Place::Server { name, .. } = &self.0 else {
            return;
        };
        let statement = format!("DROP DATABASE {name} WITH (FORCE)");
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(execute(&server(), statement));
        });
        // A database that stays behind is no reason to fail a second time.
        drop(dropping.join());
    }
}

/// Runs a statement in another database of the test server.
pub async fn execute_on_server(statement: &str) {
    execute(&server(), statement.to_owned()).await;
}

async fn execute(url: &str, statements: String) {
    let statements = sqlx::raw_sql(AssertSqlSafe(statements));
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        connection.execute(statements).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute(statements).await.unwrap();
        connection.close().await.unwrap();
    }
}

fn server() -> String {
    std::env::var("TAWZI_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "TAWZI_TEST_POSTGRES_URL names no server; run ./test, or the tests through scripts/private-postgres"
        )
    })
}
