//! Requests for codes to sign in with: one for each place where somebody asked, changed by one process at a time.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;
use tawzi_store::{CodeRequest, Error, NewCodeRequest};

on_both_engines! {
    a_request_is_read_as_it_was_kept,
    a_request_takes_the_place_of_the_one_made_there_and_of_no_other,
    wrong_codes_are_counted_where_they_are_shown,
    a_code_that_was_used_is_gone_wherever_it_was_asked_for,
    of_two_who_use_a_code_at_once_one_finds_it,
    the_newest_code_and_all_mails_are_told,
    codes_that_have_expired_or_never_will_are_deleted,
    a_request_needs_a_person_and_goes_with_them,
}

const EXPIRY: Timestamp = NOW.plus_seconds(600);

fn request(user: UserId, asked_from: &'static str) -> NewCodeRequest<'static> {
    NewCodeRequest {
        user,
        asked_from,
        code_hash: "code",
        token_hash: "token",
        mails: 1,
        created_at: NOW,
        expires_at: EXPIRY,
    }
}

async fn save(store: &TestDb, new: NewCodeRequest<'_>) {
    let mut tx = store.begin().await.unwrap();
    tx.save_code_request(new).await.unwrap();
    tx.commit().await.unwrap();
}

async fn at(store: &TestDb, user: UserId, asked_from: &str) -> Option<CodeRequest> {
    let mut tx = store.begin().await.unwrap();
    tx.lock_code_request_from(user, asked_from).await.unwrap()
}

async fn two_people(store: &TestDb) -> (UserId, UserId) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    (amal, given::employee(store, north, "badr").await)
}

async fn a_request_is_read_as_it_was_kept(store: &TestDb) {
    let (amal, badr) = two_people(store).await;

    save(store, request(amal, "desk")).await;

    let mut tx = store.begin().await.unwrap();
    let by_place = tx.lock_code_request_from(amal, "desk").await.unwrap();
    let by_token = tx.lock_code_request_of_token(amal, "token").await.unwrap();
    let by_code = tx.request_of_code(amal, "code").await.unwrap();
    for found in [by_place, by_token, by_code] {
        let found = found.unwrap();
        assert_eq!((found.user_id, &*found.asked_from), (amal, "desk"));
        assert_eq!((&*found.code_hash, &*found.token_hash), ("code", "token"));
        assert_eq!(
            (found.wrong_attempts, found.last_wrong_hash, found.mails),
            (0, None, 1)
        );
        assert_eq!((found.created_at, found.expires_at), (NOW, EXPIRY));
    }
    for other in [
        tx.lock_code_request_from(badr, "desk").await.unwrap(),
        tx.lock_code_request_from(amal, "phone").await.unwrap(),
        tx.lock_code_request_of_token(badr, "token").await.unwrap(),
        tx.lock_code_request_of_token(amal, "code").await.unwrap(),
        tx.request_of_code(badr, "code").await.unwrap(),
        tx.request_of_code(amal, "token").await.unwrap(),
    ] {
        assert!(other.is_none(), "{other:?}");
    }
}

async fn a_request_takes_the_place_of_the_one_made_there_and_of_no_other(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    save(store, request(amal, "desk")).await;
    save(store, request(amal, "phone")).await;
    let mut tx = store.begin().await.unwrap();
    tx.count_wrong_code(amal, "desk", "wrong").await.unwrap();
    tx.commit().await.unwrap();

    let later = NewCodeRequest {
        code_hash: "other code",
        token_hash: "other token",
        created_at: NOW.plus_seconds(60),
        expires_at: EXPIRY.plus_seconds(60),
        ..request(amal, "desk")
    };
    save(store, later).await;

    let desk = at(store, amal, "desk").await.unwrap();
    assert_eq!(
        (&*desk.code_hash, &*desk.token_hash),
        ("other code", "other token")
    );
    assert_eq!(
        (desk.wrong_attempts, desk.last_wrong_hash, desk.mails),
        (0, None, 2)
    );
    assert_eq!(desk.created_at, NOW.plus_seconds(60));
    assert_eq!(desk.expires_at, EXPIRY.plus_seconds(60));
    let phone = at(store, amal, "phone").await.unwrap();
    assert_eq!((&*phone.code_hash, &*phone.token_hash), ("code", "token"));
}

async fn wrong_codes_are_counted_where_they_are_shown(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    for (user, place) in [(amal, "desk"), (amal, "phone"), (badr, "desk")] {
        save(store, request(user, place)).await;
    }

    let mut tx = store.begin().await.unwrap();
    tx.count_wrong_code(amal, "desk", "first").await.unwrap();
    tx.count_wrong_code(amal, "desk", "second").await.unwrap();
    tx.commit().await.unwrap();

    let counted = at(store, amal, "desk").await.unwrap();
    assert_eq!(counted.wrong_attempts, 2);
    assert_eq!(counted.last_wrong_hash.as_deref(), Some("second"));
    for (user, place) in [(amal, "phone"), (badr, "desk")] {
        assert_eq!(at(store, user, place).await.unwrap().wrong_attempts, 0);
    }
}

async fn a_code_that_was_used_is_gone_wherever_it_was_asked_for(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    for (user, place) in [(amal, "desk"), (amal, "phone"), (badr, "desk")] {
        save(store, request(user, place)).await;
    }
    let another = NewCodeRequest {
        code_hash: "another",
        ..request(amal, "home")
    };
    save(store, another).await;

    let mut tx = store.begin().await.unwrap();
    tx.delete_code(amal, "code").await.unwrap();
    tx.commit().await.unwrap();

    assert!(at(store, amal, "desk").await.is_none());
    assert!(at(store, amal, "phone").await.is_none());
    assert!(at(store, amal, "home").await.is_some());
    assert!(at(store, badr, "desk").await.is_some());
}

async fn of_two_who_use_a_code_at_once_one_finds_it(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    save(store, request(amal, "desk")).await;
    let take = async || {
        let mut tx = store.begin().await.unwrap();
        let found = tx.lock_code_request_from(amal, "desk").await.unwrap();
        tx.delete_code(amal, "code").await.unwrap();
        tx.commit().await.unwrap();
        i32::from(found.is_some())
    };

    let (a, b, c, d) = tokio::join!(take(), take(), take(), take());

    assert_eq!(a + b + c + d, 1);
}

async fn the_newest_code_and_all_mails_are_told(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    let mut reader = store.read().await.unwrap();
    assert!(reader.newest_code_request(amal).await.unwrap().is_none());
    assert_eq!(reader.count_code_mails(amal).await.unwrap(), 0);
    drop(reader);

    for (place, seconds, mails) in [("desk", 0, 1), ("phone", 60, 2), ("home", 30, 0)] {
        let created_at = NOW.plus_seconds(seconds);
        save(
            store,
            NewCodeRequest {
                created_at,
                mails,
                ..request(amal, place)
            },
        )
        .await;
    }
    save(store, request(badr, "desk")).await;

    let mut reader = store.read().await.unwrap();
    let newest = reader.newest_code_request(amal).await.unwrap();
    assert_eq!(newest.unwrap().asked_from, "phone");
    assert_eq!(reader.count_code_mails(amal).await.unwrap(), 3);
}

async fn codes_that_have_expired_or_never_will_are_deleted(store: &TestDb) {
    let (amal, badr) = two_people(store).await;
    for (user, place, seconds) in [
        (amal, "expired", 0),
        (amal, "good", 1),
        (amal, "good until the last moment", 1200),
        (amal, "of a clock that was ahead", 1201),
        (badr, "expired", 0),
    ] {
        let expires_at = NOW.plus_seconds(seconds);
        save(
            store,
            NewCodeRequest {
                expires_at,
                ..request(user, place)
            },
        )
        .await;
    }

    let mut tx = store.begin().await.unwrap();
    let until = NOW.plus_seconds(1200);
    tx.delete_codes_unless_within(amal, NOW, until)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    assert!(at(store, amal, "expired").await.is_none());
    assert!(at(store, amal, "good").await.is_some());
    assert!(
        at(store, amal, "good until the last moment")
            .await
            .is_some()
    );
    assert!(at(store, amal, "of a clock that was ahead").await.is_none());
    assert!(at(store, badr, "expired").await.is_some());
}

async fn a_request_needs_a_person_and_goes_with_them(store: &TestDb) {
    let (amal, _) = two_people(store).await;
    save(store, request(amal, "desk")).await;

    store
        .run("DELETE FROM user_account WHERE username = 'amal'")
        .await;

    assert!(at(store, amal, "desk").await.is_none());
    let mut tx = store.begin().await.unwrap();
    let refused = tx.save_code_request(request(amal, "desk")).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
}
