//! What can be wrong with a database that is to be taken over, and what the person is told.

use crate::database::TestDb;
use crate::reference::reference;
use tawzi_store::{DatabaseUrl, DjangoSource, SourceError, SourceTable};

on_both_engines! {
    a_source_says_what_it_holds_in_the_order_of_writing,
    a_source_is_read_as_it_was_when_it_was_opened,
    a_database_of_something_else_is_no_source,
    a_column_that_is_missing_is_named,
    a_row_that_makes_no_sense_is_named,
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
        (SourceTable::Companies, 2, 20),
        (SourceTable::Users, 3, 200),
        (SourceTable::Owners, 2, 200),
        (SourceTable::Plans, 1, 30),
        (SourceTable::Subscriptions, 1, 40),
        (SourceTable::Statuses, 2, 51),
        (SourceTable::Stages, 2, 61),
        (SourceTable::Channels, 2, 71),
        (SourceTable::Clients, 2, 81),
        (SourceTable::Phones, 1, 90),
        (SourceTable::Tasks, 2, 111),
        (SourceTable::Events, 2, 121),
    ];
    assert_eq!(contents, expected);
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
    let (rows, _) = source.page(SourceTable::Events, 0, 9).await.unwrap();

    assert_eq!(rows.len(), 2);
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
    let refused = source.page(SourceTable::Statuses, 0, 9).await.unwrap_err();

    assert_eq!(
        refused.to_string(),
        "settings_lead_status 51: category is \"none\", which is no category"
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
