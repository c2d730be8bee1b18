//! Taking back a person's tokens.

use crate::database::TestDb;
use crate::given;
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use std::path::Path;
use tawzi_core::id::UserId;
use tawzi_store::{EngineKind, User};

on_both_engines! {
    taking_back_raises_the_version_of_that_person_alone,
    two_who_take_back_at_once_raise_it_twice,
    a_person_is_confirmed_until_their_tokens_are_taken_back,
    an_inactive_person_is_not_confirmed,
    one_session_survives_until_the_next_time,
    what_was_taken_back_by_a_moment_stays_so,
    what_a_program_of_the_version_before_takes_back_is_taken_back,
}

async fn read(store: &TestDb, user: UserId) -> User {
    let mut reader = store.read().await.unwrap();
    reader.user(user).await.unwrap().unwrap()
}

async fn version(store: &TestDb, user: UserId) -> i64 {
    read(store, user).await.token_version
}

async fn revoke(store: &TestDb, user: UserId, surviving: Option<&str>) {
    let mut tx = store.begin().await.unwrap();
    tx.revoke_tokens(user, surviving).await.unwrap();
    tx.commit().await.unwrap();
}

async fn confirmed(store: &TestDb, user: UserId, read: i64) -> bool {
    let mut tx = store.begin().await.unwrap();
    tx.lock_unrevoked(user, read).await.unwrap()
}

async fn taking_back_raises_the_version_of_that_person_alone(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;
    assert_eq!(version(store, amal).await, 0);

    revoke(store, amal, None).await;
    revoke(store, amal, None).await;

    assert_eq!(version(store, amal).await, 2);
    assert_eq!(version(store, badr).await, 0);
}

async fn two_who_take_back_at_once_raise_it_twice(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;

    tokio::join!(revoke(store, amal, None), revoke(store, amal, None));

    assert_eq!(version(store, amal).await, 2);
}

async fn a_person_is_confirmed_until_their_tokens_are_taken_back(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;

    assert!(confirmed(store, amal, 0).await);
    revoke(store, amal, None).await;

    assert!(!confirmed(store, amal, 0).await);
    assert!(confirmed(store, amal, 1).await);
    assert!(!confirmed(store, UserId::new(99), 0).await);
}

async fn an_inactive_person_is_not_confirmed(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;

    let mut tx = store.begin().await.unwrap();
    tx.save_active(amal, false).await.unwrap();
    tx.commit().await.unwrap();

    assert!(!confirmed(store, amal, 0).await);
}

async fn one_session_survives_until_the_next_time(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;

    revoke(store, amal, Some("at the desk")).await;
    let first = read(store, amal).await;
    revoke(store, amal, None).await;
    let second = read(store, amal).await;

    assert_eq!(first.token_version, 1);
    assert_eq!(first.surviving_session.as_deref(), Some("at the desk"));
    assert_eq!((second.token_version, second.surviving_session), (2, None));
}

const PEOPLE: &str = "
    INSERT INTO user_account (id, username, email, first_name, last_name, role, password_hash, is_active,
        is_staff, is_superuser, email_verified, date_joined, tokens_valid_from)
    VALUES (1, 'amal', 'amal@x', '', '', '', '', TRUE, FALSE, FALSE, FALSE, 0, 5),
        (2, 'badr', 'badr@x', '', '', '', '', TRUE, FALSE, FALSE, FALSE, 0, 0)";

/// A database as this version found it: Amal had tokens taken back, Badr never had.
async fn found_by_this_version(like: &TestDb) -> TestDb {
    let engine = like.url().engine();
    let database = TestDb::empty(engine).await;
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"));
    let steps = std::fs::read_dir(match engine {
        EngineKind::Sqlite => folder.join("sqlite"),
        EngineKind::Postgres => folder.join("postgres"),
    });
    let mut steps: Vec<_> = steps.unwrap().map(|step| step.unwrap().path()).collect();
    steps.sort();
    for step in steps {
        let ours = step.to_string_lossy().ends_with("_token_versions.sql");
        if ours {
            database.run(PEOPLE).await;
        }
        database.run(&std::fs::read_to_string(step).unwrap()).await;
        if ours {
            break;
        }
    }
    database
}

async fn versions(database: &TestDb) -> Vec<(i64, i64)> {
    let read = "SELECT id, token_version FROM user_account ORDER BY id";
    let address = database.address();
    if database.url().engine() == EngineKind::Sqlite {
        let mut connection = SqliteConnection::connect(&address).await.unwrap();
        sqlx::query_as(read)
            .fetch_all(&mut connection)
            .await
            .unwrap()
    } else {
        let mut connection = PgConnection::connect(&address).await.unwrap();
        sqlx::query_as(read)
            .fetch_all(&mut connection)
            .await
            .unwrap()
    }
}

async fn what_was_taken_back_by_a_moment_stays_so(store: &TestDb) {
    let database = found_by_this_version(store).await;

    assert_eq!(versions(&database).await, [(1, 1), (2, 0)]);
}

async fn what_a_program_of_the_version_before_takes_back_is_taken_back(store: &TestDb) {
    let database = found_by_this_version(store).await;

    let revoke =
        "UPDATE user_account SET tokens_valid_from = 7, spared_access_issued_at = 3 WHERE id = 2";
    database.run(revoke).await;

    assert_eq!(versions(&database).await, [(1, 1), (2, 1)]);
}
