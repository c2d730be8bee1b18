//! That the floors write what the server would, on both engines, at a tiny size.

use super::{contact, contact_sqlite, create, create_sqlite, sweep};
use crate::database::{Database, open_postgres};
use crate::fill::{Contents, fill};
use crate::postgres::repository;
use sqlx::AssertSqlSafe;
use sqlx::migrate::Migrator;
use std::time::Duration;

/// Two companies of three employees; a client of each tenth turn is stale.
const CONTENTS: Contents = Contents {
    companies: 2,
    employees: 3,
    clients: 60,
    stale_one_in: Some(10),
    sweeping: 2,
};

/// Clients that lack one of the rows that come with a client, and counters that are wrong.
const CONTRADICTIONS: &str = "SELECT
    (SELECT COUNT(*) FROM client k
     WHERE NOT EXISTS (SELECT 1 FROM client_phone p
                       WHERE p.company_id = k.company_id AND p.client_id = k.id)
        OR NOT EXISTS (SELECT 1 FROM client_event e
                       WHERE e.company_id = k.company_id AND e.client_id = k.id))
    + (SELECT COUNT(*) FROM employee_load l
       WHERE l.active + l.follow_up + l.without_status <>
           (SELECT COUNT(*) FROM client k
            WHERE k.company_id = l.company_id AND k.assigned_to = l.user_id))";

const SPREAD: &str = "SELECT MAX(active + follow_up + without_status)
        - MIN(active + follow_up + without_status)
    FROM employee_load";

async fn migrations(engine: &str) -> Migrator {
    let folder = repository().join("crates/store/migrations").join(engine);
    Migrator::new(folder).await.unwrap()
}

/// A database of its own on the server of the tests, and its name.
async fn on_postgres() -> Database {
    let server = std::env::var("TAWZI_TEST_POSTGRES_URL")
        .expect("the tests need PostgreSQL; run them through ./test");
    let admin = open_postgres(&server).await.unwrap();
    let name = format!("floor_{}", std::process::id());
    for statement in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        sqlx::query(AssertSqlSafe(statement))
            .execute(&admin)
            .await
            .unwrap();
    }
    let (server, _) = server.rsplit_once('/').unwrap();
    let database = Database::postgres(format!("{server}/{name}"))
        .await
        .unwrap();
    let pool = open_postgres(&database.url).await.unwrap();
    migrations("postgres").await.run(&pool).await.unwrap();
    pool.close().await;
    fill(&database, &CONTENTS).await.unwrap();
    database
}

async fn on_sqlite(folder: &tempfile::TempDir) -> Database {
    let path = folder.path().join("floor.db");
    std::fs::write(&path, []).unwrap();
    let database = Database::sqlite(&path).await.unwrap();
    let pool = database.sqlite_pool().unwrap();
    migrations("sqlite").await.run(pool).await.unwrap();
    fill(&database, &CONTENTS).await.unwrap();
    database
}

#[tokio::test]
async fn the_data_agree_with_themselves_and_a_floor_keeps_them_so() {
    let folder = tempfile::TempDir::new().unwrap();
    let database = on_sqlite(&folder).await;
    assert_eq!(database.number(CONTRADICTIONS).await.unwrap(), 0);

    let moment = Duration::from_millis(50);
    create_sqlite(&database, CONTENTS.companies, moment)
        .await
        .unwrap();
    contact_sqlite(&database, &CONTENTS, moment).await.unwrap();

    assert_eq!(database.number(CONTRADICTIONS).await.unwrap(), 0);
    assert!(database.number(SPREAD).await.unwrap() <= 1);
    let contacts = "SELECT COUNT(*) FROM client_task t JOIN client k
        ON k.company_id = t.company_id AND k.id = t.client_id AND k.last_contacted_at > 0";
    assert!(database.number(contacts).await.unwrap() > 0);
}

#[tokio::test]
async fn the_floors_on_postgres_write_the_same() {
    let database = on_postgres().await;
    assert_eq!(database.number(CONTRADICTIONS).await.unwrap(), 0);

    for statement in [
        create::POSTGRES,
        contact::POSTGRES,
        "SELECT floor_create(1, 7); SELECT floor_create(1, 8); SELECT floor_create(2, 9)",
        "SELECT floor_contact(1, 19, 1)",
    ] {
        database.execute(statement.to_owned()).await.unwrap();
    }

    assert_eq!(database.number(CONTRADICTIONS).await.unwrap(), 0);
    assert!(database.number(SPREAD).await.unwrap() <= 1);
    assert_eq!(sweep(&database, &CONTENTS).await.unwrap(), 5);
}

#[tokio::test]
async fn the_floor_of_a_sweep_moves_what_is_stale_and_nothing_twice() {
    let folder = tempfile::TempDir::new().unwrap();
    let database = on_sqlite(&folder).await;

    assert_eq!(sweep(&database, &CONTENTS).await.unwrap(), 6);
    let stayed = "SELECT COUNT(*) FROM client_event WHERE old_value = new_value";
    assert_eq!(database.number(stayed).await.unwrap(), 0);
}
