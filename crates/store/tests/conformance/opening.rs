//! Opening a database, or failing to.

use crate::database::TestDb;
use tawzi_store::{DatabaseUrl, Db, Durability, EngineKind, Error};

on_both_engines! {
    an_open_database_says_where_it_is,
    a_database_that_is_not_there_is_named_without_the_password,
}

async fn an_open_database_says_where_it_is(store: &TestDb) {
    let url = store.url();

    let shown = url.to_string();

    match url.engine() {
        EngineKind::Sqlite => {
            let file = url.file().unwrap();
            assert!(file.is_file());
            assert_eq!(shown, format!("sqlite://{}", file.display()));
        }
        EngineKind::Postgres => {
            assert_eq!(url.file(), None);
            assert!(shown.starts_with("postgres"), "{shown}");
        }
    }
}

async fn a_database_that_is_not_there_is_named_without_the_password(store: &TestDb) {
    let missing = match store.url().engine() {
        EngineKind::Sqlite => store.address().replace("store.db", "missing/store.db"),
        EngineKind::Postgres => {
            let address = store.address();
            let (server, _) = address.rsplit_once('/').unwrap();
            let host = server.rsplit(['/', '@']).next().unwrap();
            format!("postgres://amal:s3cret@{host}/missing")
        }
    };
    let url: DatabaseUrl = missing.parse().unwrap();

    let opened = Db::open(&url, Durability::Full).await;

    let Err(Error::Open { url: named, .. }) = opened else {
        panic!("{opened:?}");
    };
    assert!(named.ends_with("missing") || named.ends_with("missing/store.db"));
    assert!(!named.contains("s3cret"), "{named}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("notes");
    let text = "precious ".repeat(1000);
    std::fs::write(&file, &text).unwrap();
    let url: DatabaseUrl = format!("sqlite://{}", file.display()).parse().unwrap();

    let opened = Db::open(&url, Durability::Full).await;

    assert!(matches!(opened, Err(Error::Open { .. })), "{opened:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}
