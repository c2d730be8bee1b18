//! Codes to sign in with: one for each person, changed by one process at a time.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;
use tawzi_store::{Error, NewSignInCode, SignInCode};

on_both_engines! {
    a_code_is_read_as_it_was_kept,
    a_new_code_takes_the_place_of_the_one_before,
    wrong_codes_are_counted_and_the_last_is_remembered,
    a_deleted_code_is_gone_and_others_stay,
    of_two_who_use_a_code_at_once_one_finds_it,
    a_code_needs_a_person_and_goes_with_them,
}

const EXPIRY: Timestamp = NOW.plus_seconds(600);

fn new_code(user: UserId) -> NewSignInCode<'static> {
    NewSignInCode {
        user,
        code_hash: "code",
        token_hash: "token",
        created_at: NOW,
        expires_at: EXPIRY,
    }
}

async fn save(store: &TestDb, new: NewSignInCode<'_>) {
    let mut tx = store.begin().await.unwrap();
    tx.save_sign_in_code(new).await.unwrap();
    tx.commit().await.unwrap();
}

async fn read(store: &TestDb, user: UserId) -> Option<SignInCode> {
    let mut reader = store.read().await.unwrap();
    reader.sign_in_code(user).await.unwrap()
}

async fn two_people(store: &TestDb) -> (UserId, UserId) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    (amal, given::employee(store, north, "badr").await)
}

async fn a_code_is_read_as_it_was_kept(store: &TestDb) {
    let (amal, badr) = two_people(store).await;

    save(store, new_code(amal)).await;

    let code = read(store, amal).await.unwrap();
    assert_eq!(code.user_id, amal);
    assert_eq!((&*code.code_hash, &*code.token_hash), ("code", "token"));
    assert_eq!((code.wrong_attempts, code.last_wrong_hash), (0, None));
    assert_eq!((code.created_at, code.expires_at), (NOW, EXPIRY));
    assert!(read(store, badr).await.is_none());
}

async fn a_new_code_takes_the_place_of_the_one_before(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    save(store, new_code(amal)).await;
    let mut tx = store.begin().await.unwrap();
    tx.count_wrong_code(amal, "wrong").await.unwrap();
    tx.commit().await.unwrap();

    let later = NewSignInCode {
        code_hash: "other code",
        token_hash: "other token",
        created_at: NOW.plus_seconds(60),
        expires_at: EXPIRY.plus_seconds(60),
        ..new_code(amal)
    };
    save(store, later).await;

    let code = read(store, amal).await.unwrap();
    assert_eq!(code.code_hash, "other code");
    assert_eq!(code.token_hash, "other token");
    assert_eq!((code.wrong_attempts, code.last_wrong_hash), (0, None));
    assert_eq!(code.created_at, NOW.plus_seconds(60));
    assert_eq!(code.expires_at, EXPIRY.plus_seconds(60));
}

async fn wrong_codes_are_counted_and_the_last_is_remembered(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    save(store, new_code(amal)).await;
    save(store, new_code(badr)).await;

    let mut tx = store.begin().await.unwrap();
    tx.count_wrong_code(amal, "first").await.unwrap();
    tx.count_wrong_code(amal, "second").await.unwrap();
    let locked = tx.lock_sign_in_code(amal).await.unwrap().unwrap();
    tx.commit().await.unwrap();

    for code in [locked, read(store, amal).await.unwrap()] {
        assert_eq!(code.wrong_attempts, 2);
        assert_eq!(code.last_wrong_hash.as_deref(), Some("second"));
        assert_eq!(code.code_hash, "code");
    }
    assert_eq!(read(store, badr).await.unwrap().wrong_attempts, 0);
}

async fn a_deleted_code_is_gone_and_others_stay(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    save(store, new_code(amal)).await;
    save(store, new_code(badr)).await;

    let mut tx = store.begin().await.unwrap();
    tx.delete_sign_in_code(amal).await.unwrap();
    assert!(tx.lock_sign_in_code(amal).await.unwrap().is_none());
    tx.commit().await.unwrap();

    assert!(read(store, amal).await.is_none());
    assert!(read(store, badr).await.is_some());
}

async fn of_two_who_use_a_code_at_once_one_finds_it(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    save(store, new_code(amal)).await;
    let take = async || {
        let mut tx = store.begin().await.unwrap();
        let found = tx.lock_sign_in_code(amal).await.unwrap().is_some();
        tx.delete_sign_in_code(amal).await.unwrap();
        tx.commit().await.unwrap();
        i32::from(found)
    };

    let (a, b, c, d) = tokio::join!(take(), take(), take(), take());

    assert_eq!(a + b + c + d, 1);
}

async fn a_code_needs_a_person_and_goes_with_them(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    save(store, new_code(amal)).await;

    store
        .run("DELETE FROM user_account WHERE username = 'amal'")
        .await;

    assert!(read(store, amal).await.is_none());
    let mut tx = store.begin().await.unwrap();
    let refused = tx.save_sign_in_code(new_code(amal)).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}
