//! Taking back a person's tokens.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;

on_both_engines! {
    tokens_are_taken_back_up_to_and_including_now,
    taking_back_again_never_gives_anything_back,
    a_person_is_confirmed_until_their_tokens_are_taken_back,
    an_inactive_person_is_not_confirmed,
    one_access_token_is_spared_until_the_next_time,
}

async fn valid_from(store: &TestDb, user: UserId) -> Timestamp {
    let mut reader = store.read().await.unwrap();
    reader.user(user).await.unwrap().unwrap().tokens_valid_from
}

async fn revoke(store: &TestDb, user: UserId, at: Timestamp) {
    let mut tx = store.begin().await.unwrap();
    tx.revoke_tokens(user, at, None).await.unwrap();
    tx.commit().await.unwrap();
}

async fn confirmed(store: &TestDb, user: UserId, read: Timestamp) -> bool {
    let mut tx = store.begin().await.unwrap();
    tx.lock_unrevoked(user, read).await.unwrap()
}

async fn tokens_are_taken_back_up_to_and_including_now(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;
    let never = Timestamp::from_microseconds(0);
    assert_eq!(valid_from(store, amal).await, never);

    revoke(store, amal, NOW).await;

    assert!(valid_from(store, amal).await > NOW);
    assert!(valid_from(store, amal).await < NOW.plus_seconds(1));
    assert_eq!(valid_from(store, badr).await, never);
}

async fn taking_back_again_never_gives_anything_back(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    revoke(store, amal, NOW).await;
    let first = valid_from(store, amal).await;

    revoke(store, amal, NOW).await;
    let second = valid_from(store, amal).await;
    revoke(store, amal, NOW.plus_seconds(-3600)).await;
    let by_a_late_clock = valid_from(store, amal).await;

    assert!(first < second && second < by_a_late_clock);
}

async fn a_person_is_confirmed_until_their_tokens_are_taken_back(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let read = valid_from(store, amal).await;

    assert!(confirmed(store, amal, read).await);
    revoke(store, amal, NOW).await;

    assert!(!confirmed(store, amal, read).await);
    assert!(confirmed(store, amal, valid_from(store, amal).await).await);
    assert!(!confirmed(store, UserId::new(99), read).await);
}

async fn an_inactive_person_is_not_confirmed(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let read = valid_from(store, amal).await;

    let mut tx = store.begin().await.unwrap();
    tx.save_active(amal, false).await.unwrap();
    tx.commit().await.unwrap();

    assert!(!confirmed(store, amal, read).await);
}

async fn one_access_token_is_spared_until_the_next_time(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let spared = async || {
        let mut reader = store.read().await.unwrap();
        let user = reader.user(amal).await.unwrap().unwrap();
        user.spared_access_issued_at
    };

    let mut tx = store.begin().await.unwrap();
    let later = NOW.plus_seconds(60);
    tx.revoke_tokens(amal, later, Some(NOW)).await.unwrap();
    tx.commit().await.unwrap();
    let first = spared().await;
    let from = valid_from(store, amal).await;
    revoke(store, amal, later).await;

    assert_eq!(first, Some(NOW));
    assert!(from > later);
    assert_eq!(spared().await, None);
}
