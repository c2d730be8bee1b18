//! The database of a test, looked into and changed behind the program's back.

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use tawzi_testkit::TestDatabase;
use tokio::runtime::Runtime;

pub(crate) use tawzi_store::EngineKind as Engine;

/// A database of a test's own.
pub(crate) struct Database {
    place: Place,
    runtime: Runtime,
}

enum Place {
    File(PathBuf),
    Server(TestDatabase),
}

enum Open {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs an expression with the driver's own connection.
macro_rules! on {
    ($open:expr, $connection:ident => $body:expr) => {
        match $open {
            Open::Sqlite(mut $connection) => {
                let result = $body;
                $connection.close().await.unwrap();
                result
            }
            Open::Postgres(mut $connection) => {
                let result = $body;
                $connection.close().await.unwrap();
                result
            }
        }
    };
}

impl Database {
    /// A database on that engine; the file is not made yet.
    pub(crate) fn new(engine: Engine, file: &Path) -> Self {
        match engine {
            Engine::Sqlite => Self::in_file(file),
            Engine::Postgres => Self::on_server(),
        }
    }

    /// The database in that file.
    pub(crate) fn in_file(file: &Path) -> Self {
        Self {
            place: Place::File(file.to_owned()),
            runtime: runtime(),
        }
    }

    /// A new, empty database on the server for the tests.
    pub(crate) fn on_server() -> Self {
        let runtime = runtime();
        let database = runtime.block_on(TestDatabase::empty(Engine::Postgres));
        Self {
            place: Place::Server(database),
            runtime,
        }
    }

    pub(crate) fn engine(&self) -> Engine {
        match self.place {
            Place::File(_) => Engine::Sqlite,
            Place::Server(_) => Engine::Postgres,
        }
    }

    /// The file of a database on `SQLite`.
    pub(crate) fn file(&self) -> Option<&Path> {
        match &self.place {
            Place::File(file) => Some(file),
            Place::Server(_) => None,
        }
    }

    /// How it is named to the program.
    pub(crate) fn url(&self) -> String {
        match &self.place {
            Place::File(file) => format!("sqlite://{}", file.display()),
            Place::Server(database) => database.url(),
        }
    }

    /// Runs statements.
    pub(crate) fn execute(&self, sql: &str) {
        self.runtime.block_on(async {
            on!(self.open().await, connection => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
            });
        });
    }

    /// The number that a query gives.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.runtime.block_on(async {
            on!(self.open().await, connection => {
                sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut connection).await.unwrap()
            })
        })
    }

    /// The rows of a query for one text.
    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        self.runtime.block_on(async {
            on!(self.open().await, connection => {
                sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap()
            })
        })
    }

    /// The rows of a query for two texts, of which the second may be missing.
    pub(crate) fn pairs(&self, sql: &str) -> Vec<(String, Option<String>)> {
        self.runtime.block_on(async {
            on!(self.open().await, connection => {
                sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap()
            })
        })
    }

    /// Does something while nobody else can read or write the database, which is a file.
    pub(crate) fn while_locked(&self, act: impl FnOnce()) {
        self.runtime.block_on(async {
            on!(self.open().await, connection => {
                sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut connection).await.unwrap();
                act();
                sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.unwrap();
            });
        });
    }

    /// Every row of every table, as text; the clocks of the program's own records are left out.
    pub(crate) fn rows(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for table in self.tables() {
            let row = match self.engine() {
                Engine::Postgres => "CAST(t AS TEXT)".to_owned(),
                Engine::Sqlite => {
                    let columns =
                        self.lines(&format!("SELECT name FROM pragma_table_info('{table}')"));
                    format!("json_array(\"{}\")", columns.join("\", \""))
                }
            };
            let found = self.lines(&format!("SELECT {row} FROM {table} t"));
            rows.extend(found.into_iter().map(|row| format!("{table}: {row}")));
        }
        rows.sort();
        rows
    }

    /// Whether there is no company, person or client, or not even a table for them.
    pub(crate) fn is_empty(&self) -> bool {
        if self.file().is_some_and(|file| !file.exists()) {
            return true;
        }
        let tables = self.tables();
        let kept = ["company", "user_account", "client"];
        kept.iter()
            .filter(|table| tables.iter().any(|name| name == *table))
            .all(|table| self.number(&format!("SELECT COUNT(*) FROM {table}")) == 0)
    }

    fn tables(&self) -> Vec<String> {
        let tables = self.lines(match self.engine() {
            Engine::Sqlite => {
                // An index has tables of its own that say nothing else, in pages.
                "SELECT name FROM sqlite_master
                 WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                     AND name NOT LIKE 'client_search%'"
            }
            Engine::Postgres => {
                "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'"
            }
        });
        let of_the_program = ["_sqlx_migrations", "import_run", "audit_entry"];
        let mut tables: Vec<_> = tables
            .into_iter()
            .filter(|name| !of_the_program.contains(&name.as_str()))
            .collect();
        tables.sort();
        tables
    }

    /// Keeps a copy of the database as it is now, on its server; gives its name. Whoever is connected is sent away.
    pub(crate) fn keep(&self) -> String {
        let name = self.alone();
        let kept = format!("{name}_kept");
        self.on_its_server(&format!("CREATE DATABASE {kept} TEMPLATE {name}"));
        self.on_its_server(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
        kept
    }

    /// Puts what was kept in the place of the database: whoever connects again finds that earlier state.
    pub(crate) fn set_back(&self, kept: &str) {
        let name = self.alone();
        self.on_its_server(&format!("DROP DATABASE {name} WITH (FORCE)"));
        self.on_its_server(&format!("ALTER DATABASE {kept} RENAME TO {name}"));
    }

    /// Sends everybody away from the database and lets nobody in; gives its name.
    fn alone(&self) -> &str {
        let Place::Server(database) = &self.place else {
            panic!("a file has no server");
        };
        let name = database.name();
        self.on_its_server(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        self.on_its_server(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ));
        name
    }

    async fn open(&self) -> Open {
        match &self.place {
            Place::File(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .busy_timeout(Duration::from_secs(30));
                Open::Sqlite(options.connect().await.unwrap())
            }
            Place::Server(_) => {
                let options = PgConnectOptions::from_str(&self.url()).unwrap();
                Open::Postgres(options.connect().await.unwrap())
            }
        }
    }

    /// Runs a statement in another database of the same server.
    fn on_its_server(&self, sql: &str) {
        self.runtime.block_on(tawzi_testkit::execute_on_server(sql));
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
