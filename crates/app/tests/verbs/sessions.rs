//! Sessions: how long their tokens are good, and what ends them.

use crate::sign_in::{access_token, person, sign_in};
use crate::tokens::signed;
use tawzi_app::{
    Actor, BadToken, Error, PasswordChange, authenticate, change_password, refresh, set_password,
    sign_out, verify,
};
use tawzi_core::id::UserId;
use tawzi_core::text::NewPassword;
use tawzi_testkit::World;

/// Whether the access token and the refresh token are good.
async fn good(world: &World, access: &str, renewing: &str) -> (bool, bool) {
    let authenticated = authenticate(&world.app, access).await.is_ok();
    let verified = verify(&world.app, access).await.is_ok();
    let refreshed = refresh(&world.app, renewing).await.is_ok();
    assert_eq!(authenticated, verified);
    assert_eq!(refreshed, verify(&world.app, renewing).await.is_ok());
    (authenticated, refreshed)
}

#[tokio::test]
async fn signing_out_ends_all_tokens_and_signing_in_again_works_at_once() {
    let world = World::with_employees(2).await;
    let name = person(&world).await;
    let neighbour = access_token(&world, world.employees[1].id());
    let sign_in = async || sign_in(&world.app, &name, "Passw0rd!x").await.unwrap();
    let (first, second) = (sign_in().await, sign_in().await);

    // The clock stands still: everything happens in the same microsecond.
    sign_out(&world.app, &world.employees[0]).await.unwrap();
    let third = sign_in().await;

    for ended in [&first, &second] {
        let good = good(&world, &ended.access, &ended.refresh).await;
        assert_eq!(good, (false, false));
    }
    let now_good = good(&world, &third.access, &third.refresh).await;
    assert_eq!(now_good, (true, true));
    let (renewed, _) = refresh(&world.app, &third.refresh).await.unwrap();
    assert!(verify(&world.app, &renewed).await.is_ok());
    assert!(verify(&world.app, &neighbour).await.is_ok());

    sign_out(&world.app, &world.employees[0]).await.unwrap();
    let good = good(&world, &third.access, &third.refresh).await;
    assert_eq!(good, (false, false));
}

#[tokio::test]
async fn a_token_of_the_reference_is_good_until_its_owner_signs_out() {
    let world = World::with_employees(1).await;
    let token = of_the_reference(world.employees[0].id());

    let before = refresh(&world.app, &token).await;
    sign_out(&world.app, &world.employees[0]).await.unwrap();
    let after = refresh(&world.app, &token).await;

    assert!(before.is_ok());
    assert!(matches!(after, Err(Error::BadToken(BadToken::Invalid))));
}

#[tokio::test]
async fn a_new_password_ends_all_tokens_of_the_old_one() {
    let world = World::with_employees(1).await;
    let name = person(&world).await;
    let before = sign_in(&world.app, &name, "Passw0rd!x").await.unwrap();

    set_password(
        &world.app,
        &name,
        &NewPassword::parse("another password").unwrap(),
    )
    .await
    .unwrap();
    let after = sign_in(&world.app, &name, "another password")
        .await
        .unwrap();

    let old = good(&world, &before.access, &before.refresh).await;
    let new = good(&world, &after.access, &after.refresh).await;
    assert_eq!((old, new), ((false, false), (true, true)));
}

#[tokio::test]
async fn a_token_of_before_a_sign_out_stays_dead_while_its_owner_comes_and_goes() {
    let world = World::with_employees(1).await;
    let name = person(&world).await;
    let tokens = sign_in(&world.app, &name, "Passw0rd!x").await.unwrap();

    let mut tx = world.app.db().begin().await.unwrap();
    tx.revoke_tokens(world.employees[0].id(), None)
        .await
        .unwrap();
    tx.save_active(world.employees[0].id(), false)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    world.set_active(&world.employees[0], true).await;

    let good = good(&world, &tokens.access, &tokens.refresh).await;
    assert_eq!(good, (false, false));
}

/// A refresh token as the reference writes it, which lasts until 2100.
fn of_the_reference(user: UserId) -> String {
    let claims = serde_json::json!({
        "token_type": "refresh", "exp": 4_102_444_800_i64, "iat": 1_764_676_800, "jti": "x",
        "user_id": user.to_string(),
    });
    signed(r#"{"alg":"HS256","typ":"JWT"}"#, &claims.to_string())
}

#[tokio::test]
async fn signing_out_ends_tokens_whatever_the_clocks_say() {
    for (issuing, signing_out) in [(3 * 86_400, 0), (0, -3 * 86_400), (0, 0), (5, 7)] {
        let world = World::with_employees(1).await;
        let noon = world.clock.now();
        let name = person(&world).await;
        world.clock.move_to(noon.plus_seconds(issuing));
        let ended = sign_in(&world.app, &name, "Passw0rd!x").await.unwrap();

        world.clock.move_to(noon.plus_seconds(signing_out));
        sign_out(&world.app, &world.employees[0]).await.unwrap();
        let next = sign_in(&world.app, &name, "Passw0rd!x").await.unwrap();

        let tokens = (&*ended.access, &*ended.refresh);
        assert_eq!(good(&world, tokens.0, tokens.1).await, (false, false));
        assert_eq!(
            good(&world, &next.access, &next.refresh).await,
            (true, true)
        );
    }
}

/// Changes the password of the session whose access token that is.
async fn change(world: &World, access: &str, current: &str, new: &str) {
    let actor = authenticate(&world.app, access).await.unwrap();
    let changed = change_password(&world.app, &actor, current, new).await;
    assert_eq!(changed.unwrap(), PasswordChange::Changed);
}

#[tokio::test]
async fn the_session_that_changes_its_password_goes_on_and_all_others_end() {
    let world = World::with_employees(1).await;
    let noon = world.clock.now();
    let name = person(&world).await;
    let sign_in = async || sign_in(&world.app, &name, "Passw0rd!x").await.unwrap();
    let (here, elsewhere) = (sign_in().await, sign_in().await);
    let (renewed_elsewhere, _) = refresh(&world.app, &elsewhere.refresh).await.unwrap();

    change(&world, &here.access, "Passw0rd!x", "the first new one").await;

    assert_eq!(
        good(&world, &here.access, &here.refresh).await,
        (true, true)
    );
    assert_eq!(
        good(&world, &renewed_elsewhere, &elsewhere.refresh).await,
        (false, false)
    );

    // An hour later the client has but its first refresh token.
    world.clock.move_to(noon.plus_seconds(3601));
    let (access, _) = refresh(&world.app, &here.refresh).await.unwrap();
    change(&world, &access, "the first new one", "the second new one").await;
    world.clock.move_to(noon.plus_seconds(7300));
    let (access, renewed) = refresh(&world.app, &here.refresh).await.unwrap();

    assert_eq!(good(&world, &access, &renewed).await, (true, true));
    assert_eq!(
        good(&world, &renewed_elsewhere, &elsewhere.refresh).await,
        (false, false)
    );

    let actor = authenticate(&world.app, &access).await.unwrap();
    sign_out(&world.app, &actor).await.unwrap();
    for ended in [&here.refresh, &renewed] {
        assert_eq!(good(&world, &access, ended).await, (false, false));
    }
}

#[tokio::test]
async fn a_session_that_survived_ends_when_another_one_changes_the_password() {
    let world = World::with_employees(1).await;
    let name = person(&world).await;
    let first = sign_in(&world.app, &name, "Passw0rd!x").await.unwrap();
    change(&world, &first.access, "Passw0rd!x", "the first new one").await;
    let second = sign_in(&world.app, &name, "the first new one")
        .await
        .unwrap();

    change(
        &world,
        &second.access,
        "the first new one",
        "the second new one",
    )
    .await;

    assert_eq!(
        good(&world, &first.access, &first.refresh).await,
        (false, false)
    );
    assert_eq!(
        good(&world, &second.access, &second.refresh).await,
        (true, true)
    );
}

#[tokio::test]
async fn a_session_that_was_ended_meanwhile_does_not_come_back_by_changing_its_password() {
    let world = World::with_employees(1).await;
    let name = person(&world).await;
    let session = sign_in(&world.app, &name, "Passw0rd!x").await.unwrap();
    // The request has been let in before the session ends.
    let actor = authenticate(&world.app, &session.access).await.unwrap();
    sign_out(&world.app, &world.employees[0]).await.unwrap();

    let changed = change_password(&world.app, &actor, "Passw0rd!x", "the first new one").await;

    assert!(
        matches!(changed, Err(Error::BadToken(BadToken::Invalid))),
        "{changed:?}"
    );
    assert_eq!(
        good(&world, &session.access, &session.refresh).await,
        (false, false)
    );
    assert!(sign_in(&world.app, &name, "Passw0rd!x").await.is_ok());
}

#[tokio::test]
async fn a_session_of_the_reference_survives_a_change_of_its_password_as_well() {
    let world = World::with_employees(1).await;
    person(&world).await;
    let token = of_the_reference(world.employees[0].id());
    let (access, _) = refresh(&world.app, &token).await.unwrap();

    change(&world, &access, "Passw0rd!x", "the first new one").await;

    assert_eq!(good(&world, &access, &token).await, (true, true));
}

#[tokio::test]
async fn of_two_password_changes_at_once_one_counts() {
    let world = World::with_employees(1).await;
    person(&world).await;
    let id = world.employees[0].id();
    let user = world.app.db().read().await.unwrap().user(id).await.unwrap();
    // Both requests have read the person before either has written.
    let actor = Actor::new(user.unwrap());
    let change = |new| change_password(&world.app, &actor, "Passw0rd!x", new);

    let first = change("the first one").await.unwrap();
    let second = change("the second one").await.unwrap();

    assert_eq!(first, PasswordChange::Changed);
    assert_eq!(second, PasswordChange::WrongCurrent);
}
