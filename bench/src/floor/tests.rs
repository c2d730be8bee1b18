//! That the floors write what the server would, on both engines, at a tiny size.

use super::{contact_sqlite, create_sqlite, sweep};
use crate::database::Database;
use crate::fill::{Contents, fill};
use crate::postgres::repository;
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
async fn the_floor_of_a_sweep_moves_what_is_stale_and_nothing_twice() {
    let folder = tempfile::TempDir::new().unwrap();
    let database = on_sqlite(&folder).await;

    assert_eq!(sweep(&database, &CONTENTS).await.unwrap(), 6);
    let stayed = "SELECT COUNT(*) FROM client_event WHERE old_value = new_value";
    assert_eq!(database.number(stayed).await.unwrap(), 0);
}
