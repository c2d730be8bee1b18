//! The state of the schema, and bringing it up to date.

use crate::database::TestDb;
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use std::path::Path;
use tawzi_store::{Db, Durability, EngineKind, Error, SchemaState};

on_both_engines! {
    a_migrated_database_is_current_and_stays_so,
    a_new_database_is_empty_until_it_is_migrated,
    a_new_database_gets_its_schema_when_it_is_needed,
    a_database_of_something_else_is_left_alone,
    a_database_of_a_newer_program_is_left_alone,
    a_database_of_an_older_program_is_behind,
    processes_that_migrate_at_once_all_succeed,
    every_file_is_a_step_with_its_number,
}

async fn empty(like: &TestDb) -> TestDb {
    TestDb::empty(like.url().engine()).await
}

async fn newest(migrated: &TestDb) -> i64 {
    match migrated.schema_state().await.unwrap() {
        SchemaState::Current(version) => version,
        other => panic!("{other:?}"),
    }
}

fn refusal(outcome: Result<impl std::fmt::Debug, Error>) -> String {
    match outcome {
        Err(Error::Schema(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

async fn a_migrated_database_is_current_and_stays_so(store: &TestDb) {
    let version = newest(store).await;

    let before = store.migrate().await.unwrap();
    store.ensure_schema().await.unwrap();

    assert_eq!(before, SchemaState::Current(version));
    assert_eq!(newest(store).await, version);
}

async fn a_new_database_is_empty_until_it_is_migrated(store: &TestDb) {
    let fresh = empty(store).await;

    let state = fresh.schema_state().await.unwrap();
    let before = fresh.migrate().await.unwrap();

    assert_eq!((state, before), (SchemaState::Empty, SchemaState::Empty));
    assert_eq!(newest(&fresh).await, newest(store).await);
}

async fn a_new_database_gets_its_schema_when_it_is_needed(store: &TestDb) {
    let fresh = empty(store).await;

    fresh.ensure_schema().await.unwrap();

    assert_eq!(newest(&fresh).await, newest(store).await);
}

async fn a_database_of_something_else_is_left_alone(store: &TestDb) {
    let foreign = empty(store).await;
    foreign.run("CREATE TABLE company (id BIGINT)").await;

    let state = foreign.schema_state().await.unwrap();
    let migrated = refusal(foreign.migrate().await);
    let ensured = refusal(foreign.ensure_schema().await);

    assert_eq!(state, SchemaState::Foreign);
    assert!(migrated.contains("not Tawzi's"), "{migrated}");
    assert_eq!(migrated, ensured);
    let after = foreign.schema_state().await.unwrap();
    assert_eq!(after, SchemaState::Foreign);
}

async fn a_database_of_a_newer_program_is_left_alone(store: &TestDb) {
    let newest = newest(store).await;
    store
        .run("UPDATE _sqlx_migrations SET version = version + 9998")
        .await;

    let state = store.schema_state().await.unwrap();
    let migrated = refusal(store.migrate().await);
    let ensured = refusal(store.ensure_schema().await);

    let applied = newest + 9998;
    assert_eq!(state, SchemaState::Ahead { applied, newest });
    assert!(migrated.contains("use a newer tawzi"), "{migrated}");
    assert_eq!(migrated, ensured);
}

async fn a_database_of_an_older_program_is_behind(store: &TestDb) {
    let newest = newest(store).await;
    store
        .run("UPDATE _sqlx_migrations SET version = version - 100")
        .await;

    let state = store.schema_state().await.unwrap();

    let applied = newest - 100;
    assert_eq!(state, SchemaState::Behind { applied, newest });
    if store.url().engine() == EngineKind::Postgres {
        let ensured = refusal(store.ensure_schema().await);
        assert!(ensured.contains("run `tawzi migrate` first"), "{ensured}");
    }
}

async fn processes_that_migrate_at_once_all_succeed(store: &TestDb) {
    for _ in 0..5 {
        let fresh = empty(store).await;
        let migrate = async || {
            let other = Db::open(fresh.url(), Durability::Relaxed).await.unwrap();
            other.migrate().await
        };

        let outcomes = tokio::join!(migrate(), migrate(), migrate(), fresh.ensure_schema());

        let (first, second, third, ensured) = outcomes;
        assert!(first.is_ok() && second.is_ok() && third.is_ok() && ensured.is_ok());
        assert_eq!(newest(&fresh).await, newest(store).await);
    }
}

async fn every_file_is_a_step_with_its_number(store: &TestDb) {
    let read = "SELECT version, description, checksum FROM _sqlx_migrations ORDER BY version";
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"));
    let (folder, applied): (_, Vec<(i64, String, Vec<u8>)>) = match store.url().engine() {
        EngineKind::Sqlite => {
            let mut connection = SqliteConnection::connect(&store.address()).await.unwrap();
            let rows = sqlx::query_as(read).fetch_all(&mut connection).await;
            (folder.join("sqlite"), rows.unwrap())
        }
        EngineKind::Postgres => {
            let mut connection = PgConnection::connect(&store.address()).await.unwrap();
            let rows = sqlx::query_as(read).fetch_all(&mut connection).await;
            (folder.join("postgres"), rows.unwrap())
        }
    };

    let files = Migrator::new(folder).await.unwrap();

    assert!(files.iter().all(|step| !step.no_tx));
    let files = files
        .iter()
        .map(|s| (s.version, s.description.to_string(), s.checksum.to_vec()));
    assert_eq!(applied, files.collect::<Vec<_>>());
}
