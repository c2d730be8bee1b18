//! Opening a database, or failing to.

use crate::database::TestDb;
use sqlx::{Connection, PgConnection};
use std::time::Duration;
use tawzi_store::{DatabaseUrl, Db, Durability, EngineKind, Error};

on_both_engines! {
    an_open_database_says_where_it_is,
    a_database_that_is_not_there_is_named_without_the_password,
    a_server_that_ended_its_connections_is_connected_to_again,
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

async fn a_server_that_ended_its_connections_is_connected_to_again(store: &TestDb) {
    if store.url().engine() == EngineKind::Sqlite {
        // There is no server.
        return;
    }
    let mut held = store.read().await.unwrap();
    held.count_companies().await.unwrap();
    store.read().await.unwrap().count_companies().await.unwrap();
    let mut operator = PgConnection::connect(&store.address()).await.unwrap();
    sqlx::query(
        "SELECT pg_terminate_backend(pid)
         FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .execute(&mut operator)
    .await
    .unwrap();

    let lost = held.count_companies().await;
    drop(held);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let again = store.read().await.unwrap().count_companies().await;

    assert!(matches!(lost, Err(Error::Lost(_))), "{lost:?}");
    assert_eq!(again.unwrap(), 0);
}

#[test]
fn a_password_is_left_out_wherever_it_stands() {
    for (url, shown) in [
        (
            "postgres://ali:s3:cr@et@db.example:5432/crm?sslmode=disable",
            "postgres://ali@db.example:5432/crm?sslmode=disable",
        ),
        ("postgres://db/crm?password=s3cret", "postgres://db/crm"),
        (
            "postgres://ali@db/crm?password=s3cret&sslmode=require",
            "postgres://ali@db/crm?sslmode=require",
        ),
        ("postgres://ali:s3/cret@db/crm", "postgres://ali@db/crm"),
        ("postgres://ali:s3?cret@db/crm", "postgres://ali@db/crm"),
        ("ali:s3cret@db/crm", "ali@db/crm"),
        ("db/crm?password=s3cret", "db/crm"),
    ] {
        let named = match url.parse::<DatabaseUrl>() {
            Ok(url) => url.to_string(),
            Err(Error::BadUrl { url, .. }) => url,
            Err(error) => panic!("{error}"),
        };

        assert_eq!(named, shown);
    }
}

#[test]
fn an_address_that_names_no_database_says_how_to_name_one() {
    for url in ["tawzi.db", "mysql://x/y", "sqlite://", "sqlite::memory:"] {
        let error = url.parse::<DatabaseUrl>().unwrap_err().to_string();

        assert!(error.contains("sqlite://"), "{error}");
    }
}
