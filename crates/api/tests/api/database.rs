//! A database of its own for each test, on either engine, that holds what was recorded.

use crate::world::{NOW, World};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use tawzi_app::{NoProgress, import_django};
use tawzi_store::{Db, DjangoSource, Durability};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// Everybody's password in the recorded database.
pub(crate) const PASSWORD: &str = "Passw0rd!x";

/// The same password for everybody, hashed as the reference does but with 100 iterations instead of
/// a million, which would take seconds.
const QUICK_PASSWORDS: &str = "UPDATE user_account SET password_hash = \
    'pbkdf2_sha256$100$recorded$VfGZNx1oL8yTFP8hnf47dzy1yhF+5SJMihpbONj0zRw='";

/// How many tests use the template that their databases are copied from; without any there is none.
static USERS_OF_TEMPLATE: Mutex<u64> = Mutex::const_new(0);

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// Makes of each `async fn name(world: World)` a test on `SQLite` and one on `PostgreSQL`.
macro_rules! on_both_engines {
    ($($name:ident,)+) => {$(
        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                $crate::database::on_sqlite(super::$name).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                $crate::database::on_postgres(super::$name).await;
            }
        }
    )+};
}

pub(crate) async fn on_sqlite<F: Future<Output = ()> + Send + 'static>(test: fn(World) -> F) {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite://{}", folder.path().join("tawzi.db").display());
    fill(&url).await;

    test(World::open(url).await).await;
}

/// The database is dropped again, also when the test fails.
pub(crate) async fn on_postgres<F: Future<Output = ()> + Send + 'static>(test: fn(World) -> F) {
    let server = std::env::var("TAWZI_TEST_POSTGRES_URL").expect(
        "TAWZI_TEST_POSTGRES_URL names no server; run the tests through scripts/private-postgres",
    );
    let template = format!("tawzi_api_{}", std::process::id());
    let name = format!("{template}_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    take_template(&server, &template).await;
    execute(
        &server,
        format!("CREATE DATABASE {name} TEMPLATE {template}"),
    )
    .await;

    let url = beside(&server, &name);
    let outcome = tokio::spawn(async move { test(World::open(url).await).await }).await;

    execute(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    leave_template(&server, &template).await;
    if let Err(failed) = outcome {
        std::panic::resume_unwind(failed.into_panic());
    }
}

/// Runs a statement on a connection of its own.
pub(crate) async fn execute(url: &str, statement: impl Into<String>) {
    let statement = AssertSqlSafe(statement.into());
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        connection.execute(statement).await.unwrap();
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute(statement).await.unwrap();
    }
}

/// Whether a transaction waits for another. On `SQLite` they wait in this process, at their
/// beginning, and there is nothing to be seen.
pub(crate) async fn somebody_waits(url: &str) -> bool {
    if url.starts_with("sqlite:") {
        return true;
    }
    let mut observer = PgConnection::connect(url).await.unwrap();
    let (waiting,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    .fetch_one(&mut observer)
    .await
    .unwrap();
    waiting > 0
}

async fn take_template(server: &str, template: &str) {
    let mut users = USERS_OF_TEMPLATE.lock().await;
    if *users == 0 {
        execute(server, format!("CREATE DATABASE {template}")).await;
        fill(&beside(server, template)).await;
    }
    *users += 1;
}

async fn leave_template(server: &str, template: &str) {
    let mut users = USERS_OF_TEMPLATE.lock().await;
    *users -= 1;
    if *users == 0 {
        execute(server, format!("DROP DATABASE {template} WITH (FORCE)")).await;
    }
}

/// The address of another database of the same server.
fn beside(server: &str, name: &str) -> String {
    let (address, options) = match server.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server, String::new()),
    };
    let (host, _) = address.rsplit_once('/').unwrap();
    format!("{host}/{name}{options}")
}

/// Makes an empty database hold what was recorded.
async fn fill(url: &str) {
    let db = Db::open(&url.parse().unwrap(), Durability::Relaxed)
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/django-crm.sqlite3");
    let recorded = format!("sqlite://{}", recorded.display());
    let mut source = DjangoSource::open(&recorded.parse().unwrap())
        .await
        .unwrap();
    import_django(&app, &mut source, &NoProgress).await.unwrap();
    // A database with connections cannot be copied.
    db.close().await;
    execute(url, QUICK_PASSWORDS).await;
}
