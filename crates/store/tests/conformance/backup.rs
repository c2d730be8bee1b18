//! Copies of the whole database.

use crate::database::TestDb;
use crate::given;
use tawzi_store::{DatabaseUrl, Db, Durability, EngineKind, Error};

on_both_engines! {
    a_copy_holds_what_the_database_holds,
    a_copy_never_overwrites_a_file,
    a_copy_into_a_directory_that_is_not_there_says_which_file,
}

async fn a_copy_holds_what_the_database_holds(store: &TestDb) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("نسخة 'copy'.db");
    let north = given::company(store, "north").await;
    given::client(store, given::new_client(north, "سارة")).await;

    store.back_up(&file).await.unwrap();

    match store.url().engine() {
        EngineKind::Sqlite => {
            let url: DatabaseUrl = format!("sqlite://{}", file.display()).parse().unwrap();
            let copy = Db::open(&url, Durability::Full).await.unwrap();
            let state = copy.schema_state().await.unwrap();
            assert_eq!(state, store.schema_state().await.unwrap());
            let mut reader = copy.read().await.unwrap();
            let mut tenant = reader.tenant(north);
            assert_eq!(tenant.unassigned_clients().await.unwrap().len(), 1);
        }
        EngineKind::Postgres => {
            let output = std::process::Command::new("pg_restore")
                .args(["--data-only", "--table=client", "--file=-"])
                .arg(&file)
                .output()
                .unwrap();
            let restored = String::from_utf8(output.stdout).unwrap();
            assert!(restored.contains("سارة"), "{restored}");
        }
    }
}

async fn a_copy_never_overwrites_a_file(store: &TestDb) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("precious");
    std::fs::write(&file, "precious").unwrap();

    let copied = store.back_up(&file).await;

    assert!(matches!(copied, Err(Error::File { .. })), "{copied:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
}

async fn a_copy_into_a_directory_that_is_not_there_says_which_file(store: &TestDb) {
    let directory = tempfile::tempdir().unwrap();
    let nowhere = directory.path().join("missing").join("copy");

    let copied = store.back_up(&nowhere).await;

    let said = copied.unwrap_err().to_string();
    assert!(said.contains("missing/copy"), "{said}");
}
