//! A database of its own for each test, on either engine, that holds what was recorded.

use crate::world::World;
use std::path::Path;
use std::sync::{Arc, Weak};
use tawzi_app::{Clock, NoProgress, import_django};
use tawzi_store::{DjangoSource, EngineKind};
use tawzi_testkit::{NOON, TestDatabase, application};
use tokio::sync::Mutex;

/// Everybody's password in the recorded database.
pub(crate) const PASSWORD: &str = "Passw0rd!x";

/// The same password for everybody, hashed as the reference does but with 100 iterations instead of
/// a million, which would take seconds.
const QUICK_PASSWORDS: &str = "UPDATE user_account SET password_hash = \
    'pbkdf2_sha256$100$recorded$VfGZNx1oL8yTFP8hnf47dzy1yhF+5SJMihpbONj0zRw='";

/// What the databases on the server are copied from, as long as a test uses one.
static TEMPLATE: Mutex<Weak<TestDatabase>> = Mutex::const_new(Weak::new());

/// Makes of each `async fn name(world: World)` a test on `SQLite` and one on `PostgreSQL`.
macro_rules! on_both_engines {
    ($($name:ident,)+) => {$(
        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                super::$name($crate::database::world(tawzi_store::EngineKind::Sqlite).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                super::$name($crate::database::world(tawzi_store::EngineKind::Postgres).await).await;
            }
        }
    )+};
}

/// A server on a database that holds what was recorded.
pub(crate) async fn world(engine: EngineKind) -> World {
    let database = match engine {
        EngineKind::Sqlite => filled(engine).await,
        EngineKind::Postgres => TestDatabase::copy_of(template().await).await,
    };
    World::open(database).await
}

async fn template() -> Arc<TestDatabase> {
    let mut template = TEMPLATE.lock().await;
    if let Some(template) = template.upgrade() {
        return template;
    }
    let filled = Arc::new(filled(EngineKind::Postgres).await);
    *template = Arc::downgrade(&filled);
    filled
}

async fn filled(engine: EngineKind) -> TestDatabase {
    let database = TestDatabase::empty(engine).await;
    let app = application(database.open().await, Clock::manual(NOON), None);
    app.db().migrate().await.unwrap();
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/django-crm.sqlite3");
    let recorded = format!("sqlite://{}", recorded.display());
    let mut source = DjangoSource::open(&recorded.parse().unwrap())
        .await
        .unwrap();
    import_django(&app, &mut source, &NoProgress).await.unwrap();
    // A database with connections cannot be copied.
    app.db().close().await;
    database.execute(QUICK_PASSWORDS).await;
    database
}
