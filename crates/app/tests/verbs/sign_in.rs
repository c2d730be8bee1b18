//! Signing in, and proving with a token who one is.

use crate::house::House;
use tawzi_app::{BadToken, Error, Keys, authenticate, refresh, sign_in, verify};

// "Passw0rd!x" as Django hashes it, with few iterations.
const DJANGO: &str = "pbkdf2_sha256$1000$salt$lhKQsToweMOAsD++RRJOkna74Za4xbJlZw7S2SRPoKA=";

async fn person(house: &House) -> String {
    let user = house.employees[0].user();
    let mut tx = house.db.begin().await.unwrap();
    tx.save_password(user.id, DJANGO).await.unwrap();
    tx.commit().await.unwrap();
    user.username.clone()
}

#[tokio::test]
async fn a_password_of_the_reference_signs_in_and_gets_a_new_hash() {
    let house = House::with_employees(1).await;
    let (keys, now) = (Keys::new(b"one key"), house.clock.now());
    let name = person(&house).await;

    let signed_in = sign_in(&house.db, &keys, &name, "Passw0rd!x", now)
        .await
        .unwrap();

    let id = house.employees[0].id();
    let user = house
        .db
        .read()
        .await
        .unwrap()
        .user(id)
        .await
        .unwrap()
        .unwrap();
    assert!(
        user.password_hash.starts_with("$argon2id$"),
        "{}",
        user.password_hash
    );
    assert_eq!(user.last_login, Some(now));
    let actor = authenticate(&house.db, &keys, &signed_in.access, now)
        .await
        .unwrap();
    assert_eq!(actor.id(), id);
    sign_in(&house.db, &keys, &name, "Passw0rd!x", now)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_address_signs_in_in_any_case_and_a_user_name_only_in_its_own() {
    let house = House::with_employees(1).await;
    let (keys, now) = (Keys::new(b"one key"), house.clock.now());
    let name = person(&house).await;
    let address = house.employees[0].user().email.to_uppercase();

    assert!(
        sign_in(&house.db, &keys, &address, "Passw0rd!x", now)
            .await
            .is_ok()
    );
    let other_case = sign_in(&house.db, &keys, &name.to_uppercase(), "Passw0rd!x", now).await;
    assert!(matches!(other_case, Err(Error::BadCredentials)));
}

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_an_inactive_person_are_answered_alike() {
    let house = House::with_employees(1).await;
    let (keys, now) = (Keys::new(b"one key"), house.clock.now());
    let name = person(&house).await;

    let wrong = sign_in(&house.db, &keys, &name, "nope", now).await;
    let unknown = sign_in(&house.db, &keys, "nobody", "Passw0rd!x", now).await;
    house.set_active(&house.employees[0], false).await;
    let inactive = sign_in(&house.db, &keys, &name, "Passw0rd!x", now).await;

    for answer in [wrong, unknown, inactive] {
        assert!(matches!(answer, Err(Error::BadCredentials)));
    }
}

#[tokio::test]
async fn scenario_2_the_first_refresh_token_works_twice_and_not_for_an_inactive_person() {
    let house = House::with_employees(1).await;
    let (keys, now) = (Keys::new(b"one key"), house.clock.now());
    let name = person(&house).await;
    let token = sign_in(&house.db, &keys, &name, "Passw0rd!x", now)
        .await
        .unwrap()
        .refresh;

    for _ in 0..2 {
        let (access, _) = refresh(&house.db, &keys, &token, now).await.unwrap();
        verify(&keys, &access, now).unwrap();
    }
    house.set_active(&house.employees[0], false).await;

    let refreshed = refresh(&house.db, &keys, &token, now).await;
    assert!(matches!(
        refreshed,
        Err(Error::BadToken(BadToken::Inactive))
    ));
}

#[tokio::test]
async fn a_refresh_token_opens_no_door() {
    let house = House::with_employees(1).await;
    let (keys, now) = (Keys::new(b"one key"), house.clock.now());
    let name = person(&house).await;
    let token = sign_in(&house.db, &keys, &name, "Passw0rd!x", now)
        .await
        .unwrap()
        .refresh;

    let actor = authenticate(&house.db, &keys, &token, now).await;

    assert!(matches!(actor, Err(Error::BadToken(BadToken::Invalid))));
}
