//! What can be wrong with a database that is to be taken over, and what the person is told.

use crate::database::TestDb;
use crate::reference::{reference, table};
use tawzi_store::{DatabaseUrl, DjangoSource, SourceError};

on_both_engines! {
    a_source_says_what_it_holds_in_the_order_of_writing,
    a_source_is_read_as_it_was_when_it_was_opened,
    a_database_of_something_else_is_no_source,
    a_column_that_is_missing_is_named,
    a_row_that_makes_no_sense_is_named,
    a_password_hash_that_takes_too_long_is_named,
    a_value_that_is_missing_is_named,
}

async fn open(source: &TestDb) -> Result<DjangoSource, SourceError> {
    DjangoSource::open(source.url()).await
}

fn url(file: &std::path::Path) -> DatabaseUrl {
    format!("sqlite://{}", file.display()).parse().unwrap()
}

async fn a_source_says_what_it_holds_in_the_order_of_writing(store: &TestDb) {
    let reference = reference(store.url().engine()).await;

    let mut source = open(&reference).await.unwrap();
    let contents = source.contents().await.unwrap();

    let expected = [
        ("companies", 2, 20),
        ("users", 3, 200),
        ("companies", 2, 200),
        ("plans", 2, 31),
        ("subscriptions", 1, 40),
        ("settings_lead_status", 2, 51),
        ("settings_lead_stage", 2, 61),
        ("settings_channel", 2, 71),
        ("crm_client", 2, 81),
        ("client_phone_numbers", 1, 90),
        ("crm_client_task", 2, 111),
        ("crm_client_event", 2, 121),
    ];
    let named = contents
        .iter()
        .map(|(table, rows, highest)| (table.name, *rows, *highest));
    assert_eq!(named.collect::<Vec<_>>(), expected);
    let completing = contents.iter().filter(|(table, _, _)| !table.adds_rows());
    let completing: Vec<_> = completing.map(|(_, _, highest)| *highest).collect();
    assert_eq!(completing, [200], "the owners alone");
    assert_eq!(source.name(), reference.url().to_string());
}

async fn a_source_is_read_as_it_was_when_it_was_opened(store: &TestDb) {
    let reference = reference(store.url().engine()).await;
    // Without it, SQLite would let nobody write beside a reader.
    if reference.url().file().is_some() {
        reference.run("PRAGMA journal_mode = WAL").await;
    }

    let mut source = open(&reference).await.unwrap();
    reference.run("DELETE FROM crm_client_event").await;
    let events = table(&mut source, "crm_client_event").await;
    let rows = source.page(events, 0, 9).await.unwrap();

    assert_eq!(rows.unwrap().count(), 2);
}

async fn a_database_of_something_else_is_no_source(store: &TestDb) {
    let refused = open(store).await.unwrap_err();

    let SourceError::NotTheCrm { url, problem } = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(url, store.url().to_string());
    assert!(problem.contains("companies"), "{problem}");
}

async fn a_column_that_is_missing_is_named(store: &TestDb) {
    let reference = reference(store.url().engine()).await;
    reference
        .run("ALTER TABLE crm_client DROP COLUMN assigned_at")
        .await;

    let refused = open(&reference).await.unwrap_err();

    let SourceError::NotTheCrm { problem, .. } = refused else {
        panic!("{refused:?}");
    };
    assert!(problem.contains("assigned_at"), "{problem}");
}

async fn a_row_that_makes_no_sense_is_named(store: &TestDb) {
    let reference = reference(store.url().engine()).await;
    reference
        .run("UPDATE settings_lead_status SET category = 'none' WHERE id = 51")
        .await;

    let mut source = open(&reference).await.unwrap();
    let statuses = table(&mut source, "settings_lead_status").await;
    let refused = source.page(statuses, 0, 9).await.unwrap_err();

    assert_eq!(
        refused.to_string(),
        "settings_lead_status 51: category is \"none\", which is no category; mend this row in the CRM, then import again"
    );
}

async fn a_password_hash_that_takes_too_long_is_named(store: &TestDb) {
    let reference = reference(store.url().engine()).await;
    let costly = "UPDATE users SET password = 'pbkdf2_sha256$2000000000$s$aGFzaA==' WHERE id = 200";
    reference.run(costly).await;

    let mut source = open(&reference).await.unwrap();
    let users = table(&mut source, "users").await;
    let refused = source.page(users, 0, 9).await.unwrap_err();

    assert_eq!(
        refused.to_string(),
        "users 200: password is a hash of 2000000000 iterations, which takes too long; 2000000 are the most; mend this row in the CRM, then import again"
    );
}

async fn a_value_that_is_missing_is_named(store: &TestDb) {
    let reference = reference(store.url().engine()).await;
    reference
        .run("ALTER TABLE plans DROP COLUMN name; ALTER TABLE plans ADD COLUMN name VARCHAR(255)")
        .await;

    let mut source = open(&reference).await.unwrap();
    let plans = table(&mut source, "plans").await;
    let refused = source.page(plans, 0, 9).await.unwrap_err();

    assert!(
        refused
            .to_string()
            .starts_with("plans 30: name is missing; "),
        "{refused}"
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_no_source() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing");
    let text = directory.path().join("text");
    std::fs::write(&text, "SQLite format 4, or so").unwrap();
    let empty = directory.path().join("empty");
    std::fs::write(&empty, "").unwrap();

    let refused = DjangoSource::open(&url(&missing)).await.unwrap_err();
    assert!(matches!(refused, SourceError::File { .. }), "{refused:?}");
    assert!(!missing.exists());
    for file in [&text, &empty, &directory.path().to_owned()] {
        let refused = DjangoSource::open(&url(file)).await.unwrap_err();

        assert!(
            matches!(refused, SourceError::NotADatabase(_)),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn a_file_that_is_cut_off_is_no_source() {
    let reference = reference(tawzi_store::EngineKind::Sqlite).await;
    reference.close().await;
    let bytes = std::fs::read(reference.url().file().unwrap()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let cut_off = directory.path().join("cut off");
    std::fs::write(&cut_off, &bytes[..bytes.len() / 2]).unwrap();

    let refused = DjangoSource::open(&url(&cut_off)).await.unwrap_err();

    assert!(matches!(refused, SourceError::Damaged(_)), "{refused:?}");
}
