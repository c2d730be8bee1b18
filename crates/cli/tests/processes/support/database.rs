//! The database of a test, looked into and changed behind the program's back.

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::runtime::Runtime;

const NO_POSTGRES: &str =
    "TAWZI_TEST_POSTGRES_URL is not set; run ./test, which starts a PostgreSQL for the tests";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A database of its own; dropped at the end.
pub(crate) struct Database {
    place: Place,
    runtime: Runtime,
}

enum Place {
    File(PathBuf),
    /// The address of a database from which others are made, and the name of ours.
    Server {
        url: String,
        name: String,
    },
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
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let url = std::env::var("TAWZI_TEST_POSTGRES_URL");
        let url = url.unwrap_or_else(|_| panic!("{NO_POSTGRES}"));
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tawzi_processes_{}_{number}", std::process::id());
        let database = Self {
            place: Place::Server { url, name },
            runtime: runtime(),
        };
        database.administrate("CREATE DATABASE");
        database
    }

    pub(crate) fn engine(&self) -> Engine {
        match self.place {
            Place::File(_) => Engine::Sqlite,
            Place::Server { .. } => Engine::Postgres,
        }
    }

    /// The file of a database on `SQLite`.
    pub(crate) fn file(&self) -> Option<&Path> {
        match &self.place {
            Place::File(file) => Some(file),
            Place::Server { .. } => None,
        }
    }

    /// How it is named to the program.
    pub(crate) fn url(&self) -> String {
        match &self.place {
            Place::File(file) => format!("sqlite://{}", file.display()),
            Place::Server { url, name } => {
                let (address, options) = url.split_once('?').unwrap_or((url, ""));
                let (server, _) = address.rsplit_once('/').unwrap();
                format!("{server}/{name}?{options}")
                    .trim_end_matches('?')
                    .to_owned()
            }
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
        let of_the_program = ["_sqlx_migrations", "import_run"];
        let mut tables: Vec<_> = tables
            .into_iter()
            .filter(|name| !of_the_program.contains(&name.as_str()))
            .collect();
        tables.sort();
        tables
    }

    async fn open(&self) -> Open {
        match &self.place {
            Place::File(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .busy_timeout(Duration::from_secs(30));
                Open::Sqlite(options.connect().await.unwrap())
            }
            Place::Server { .. } => {
                let options = PgConnectOptions::from_str(&self.url()).unwrap();
                Open::Postgres(options.connect().await.unwrap())
            }
        }
    }

    fn administrate(&self, statement: &str) {
        let Place::Server { url, name } = &self.place else {
            return;
        };
        let sql = format!("{statement} {name}");
        self.runtime.block_on(async {
            let mut connection = PgConnection::connect(url).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
        });
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Somebody killed may still be signed in.
        let Place::Server { name, .. } = &mut self.place else {
            return;
        };
        name.push_str(" WITH (FORCE)");
        self.administrate("DROP DATABASE");
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
