//! Signing in, and proving with a token who one is.

use std::time::Instant;
use tawzi_app::{
    App, Asker, BadToken, Error, Result, Session, SignedIn, TokenType, authenticate, find_account,
    refresh, verify,
};
use tawzi_core::id::UserId;
use tawzi_testkit::World;

// "Passw0rd!x" as Django hashes it, with few iterations.
pub(crate) const DJANGO: &str =
    "pbkdf2_sha256$1000$salt$lhKQsToweMOAsD++RRJOkna74Za4xbJlZw7S2SRPoKA=";

/// Signs in from nowhere in particular.
pub(crate) async fn sign_in(app: &App, name: &str, password: &str) -> Result<SignedIn> {
    let account = find_account(app, name).await?;
    tawzi_app::sign_in(app, Asker::Line(None), account, password).await
}

pub(crate) async fn person(world: &World) -> String {
    let user = world.employees[0].user();
    let mut tx = world.app.db().begin().await.unwrap();
    tx.save_password(user.id, DJANGO).await.unwrap();
    tx.commit().await.unwrap();
    user.username.clone()
}

pub(crate) fn access_token(world: &World, user: UserId) -> String {
    let session = Session::begin(user, 0);
    let issued = world
        .keys
        .issue(&session, TokenType::Access, world.clock.now());
    issued.unwrap()
}

#[tokio::test]
async fn a_password_of_the_reference_signs_in_and_gets_a_new_hash() {
    let world = World::with_employees(1).await;
    let now = world.clock.now();
    let name = person(&world).await;

    let signed_in = sign_in(&world.app, &name, "Passw0rd!x").await.unwrap();

    let id = world.employees[0].id();
    let user = world
        .app
        .db()
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
    let actor = authenticate(&world.app, &signed_in.access).await.unwrap();
    assert_eq!(actor.id(), Some(id));
    sign_in(&world.app, &name, "Passw0rd!x").await.unwrap();
    let mut reader = world.app.db().read().await.unwrap();
    let again = reader.user(id).await.unwrap().unwrap();
    assert_eq!(again.password_hash, user.password_hash);
}

#[tokio::test]
async fn an_address_and_a_user_name_sign_in_however_they_are_written() {
    let world = World::with_employees(1).await;
    let name = person(&world).await;
    let address = world.employees[0].user().email.to_uppercase();

    for login in [address, name.to_uppercase()] {
        let signed_in = sign_in(&world.app, &login, "Passw0rd!x").await;
        assert_eq!(signed_in.unwrap().user.username, name);
    }
}

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_an_inactive_person_are_answered_alike() {
    let world = World::with_employees(1).await;
    let name = person(&world).await;

    let wrong = sign_in(&world.app, &name, "nope").await;
    let unknown = sign_in(&world.app, "nobody", "Passw0rd!x").await;
    world.set_active(&world.employees[0], false).await;
    let inactive = sign_in(&world.app, &name, "Passw0rd!x").await;

    for answer in [wrong, unknown, inactive] {
        assert!(matches!(answer, Err(Error::BadCredentials)));
    }
}

#[tokio::test]
async fn a_broken_hash_is_nobodys_password() {
    let world = World::with_employees(1).await;
    let user = world.employees[0].user();

    for stored in [
        "",
        "!",
        "pbkdf2_sha256$",
        "pbkdf2_sha256$0$a$b",
        "$argon2id$",
        "plain",
    ] {
        let mut tx = world.app.db().begin().await.unwrap();
        tx.save_password(user.id, stored).await.unwrap();
        tx.commit().await.unwrap();

        let signed_in = sign_in(&world.app, &user.username, "plain").await;

        assert!(matches!(signed_in, Err(Error::BadCredentials)), "{stored}");
    }
}

#[tokio::test]
async fn scenario_2_the_first_refresh_token_works_twice_and_not_for_an_inactive_person() {
    let world = World::with_employees(1).await;
    let name = person(&world).await;
    let token = sign_in(&world.app, &name, "Passw0rd!x")
        .await
        .unwrap()
        .refresh;

    for _ in 0..2 {
        let (access, _) = refresh(&world.app, &token).await.unwrap();
        verify(&world.app, &access).await.unwrap();
    }
    world.set_active(&world.employees[0], false).await;

    let refreshed = refresh(&world.app, &token).await;
    assert!(matches!(
        refreshed,
        Err(Error::BadToken(BadToken::Inactive))
    ));
}

#[tokio::test]
async fn a_refresh_token_opens_no_door() {
    let world = World::with_employees(1).await;
    let name = person(&world).await;
    let token = sign_in(&world.app, &name, "Passw0rd!x")
        .await
        .unwrap()
        .refresh;

    let actor = authenticate(&world.app, &token).await;

    assert!(matches!(actor, Err(Error::BadToken(BadToken::Invalid))));
}

#[tokio::test]
async fn whoever_is_inactive_cannot_come_in_until_they_are_active_again() {
    let world = World::with_employees(1).await;
    let token = access_token(&world, world.employees[0].id());
    authenticate(&world.app, &token).await.unwrap();

    world.set_active(&world.employees[0], false).await;
    let meanwhile = authenticate(&world.app, &token).await;
    world.set_active(&world.employees[0], true).await;
    let afterwards = authenticate(&world.app, &token).await;

    assert!(matches!(meanwhile, Err(Error::BadToken(_))));
    assert_eq!(afterwards.unwrap().id(), Some(world.employees[0].id()));
}

#[tokio::test]
async fn an_unknown_name_takes_as_long_as_somebody_with_a_hash_of_the_reference() {
    let world = World::with_employees(1).await;
    let slow = DJANGO.replace("$1000$", "$1500000$");
    let mut tx = world.app.db().begin().await.unwrap();
    for member in [&world.admin, &world.employees[0]] {
        tx.save_password(member.id(), &slow).await.unwrap();
    }
    tx.commit().await.unwrap();
    let name = world.employees[0].user().username.clone();
    let time = async |name: &str| {
        let begun = Instant::now();
        let answer = sign_in(&world.app, name, "nope").await;
        assert!(matches!(answer, Err(Error::BadCredentials)));
        begun.elapsed()
    };

    let (wrong, unknown) = (time(&name).await, time("nobody").await);

    // With one of our hashes it would be a tenth.
    assert!(unknown > wrong / 3, "{unknown:?}, but {wrong:?}");
}
