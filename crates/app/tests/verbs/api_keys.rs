//! API keys: who makes and revokes them, which are good, and when it is written that one was used.

use std::time::Duration;
use tawzi_app::{
    Actor, BadToken, CreatedApiKey, Denied, Error, NewApiKey, PageRequest, Result, Session, Thing,
    TokenType, authenticate, create_api_key, create_api_key_of, list_api_keys, read_api_key,
    revoke_any_api_key, revoke_api_key,
};
use tawzi_core::id::{ApiKeyId, CompanyId};
use tawzi_core::text::{ApiKeyName, TextProblem};
use tawzi_store::ApiKey;
use tawzi_testkit::{NOON, TestUser, World};

pub(crate) const PAGE: PageRequest = PageRequest::new(1, 100);

/// What ends by itself has ended before that.
const PATIENCE: Duration = Duration::from_secs(30);

/// Uses that wait while the writer has a full queue of them in hand.
const MORE_THAN_MAY_WAIT: u32 = 2_100;

pub(crate) async fn key(world: &World, by: &TestUser, name: &str) -> CreatedApiKey {
    create_api_key(&world.app, by, named(name)).await.unwrap()
}

pub(crate) async fn come_with(world: &World, secret: &str) -> Result<Actor> {
    authenticate(&world.app, secret).await
}

pub(crate) async fn kept(world: &World, id: ApiKeyId) -> ApiKey {
    read_api_key(&world.app, &world.admin, id).await.unwrap()
}

pub(crate) fn is_refused_token<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::BadToken(BadToken::Invalid)))
}

/// A key of that name, to be made.
pub(crate) fn named(name: &str) -> NewApiKey {
    NewApiKey {
        name: ApiKeyName::parse(name).ok(),
    }
}

#[tokio::test]
async fn a_key_is_made_listed_and_revoked_by_administrators_alone() {
    let world = World::with_employees(1).await;
    let app = &world.app;
    let (_, neighbour) = world.neighbour().await;
    let first = key(&world, &world.admin, "  نموذج الموقع ").await.key;
    let second = key(&world, &world.admin, "Other CRM").await;

    let listed = list_api_keys(app, &world.admin, PAGE).await.unwrap();
    let ids: Vec<_> = listed.rows.iter().map(|key| key.id).collect();
    assert_eq!((listed.count, ids), (2, vec![second.key.id, first.id]));
    assert_eq!(first.name, "نموذج الموقع");
    assert_eq!(first.created_by, Some(world.admin.id()));
    assert!(second.secret.reveal().starts_with(&second.key.prefix));

    let employee = &world.employees[0];
    for denied in [
        list_api_keys(app, employee, PAGE).await.map(drop),
        read_api_key(app, employee, first.id).await.map(drop),
        revoke_api_key(app, employee, first.id).await,
        create_api_key(app, employee, named("x")).await.map(drop),
    ] {
        assert!(matches!(denied, Err(Error::Denied(Denied::NotAdmin))));
    }
    let theirs = list_api_keys(app, &neighbour, PAGE).await.unwrap();
    assert_eq!(theirs.count, 0);
    for missing in [
        read_api_key(app, &neighbour, first.id).await.map(drop),
        revoke_api_key(app, &neighbour, first.id).await,
    ] {
        assert!(matches!(missing, Err(Error::NotFound(Thing::ApiKey))));
    }
    assert_eq!(kept(&world, first.id).await.revoked_at, None);
}

#[tokio::test]
async fn a_revoked_key_is_good_for_nothing_and_stays_listed() {
    let world = World::with_employees(0).await;
    let (app, now) = (&world.app, world.clock.now());
    let one = key(&world, &world.admin, "one").await;
    let two = create_api_key_of(app, world.company, &ApiKeyName::parse("two").unwrap())
        .await
        .unwrap();
    assert!(come_with(&world, one.secret.reveal()).await.is_ok());

    let id = one.key.id;
    revoke_api_key(app, &world.admin, id).await.unwrap();
    let again = now.plus_seconds(9);
    world.clock.move_to(again);
    revoke_api_key(app, &world.admin, id).await.unwrap();
    let by_command = revoke_any_api_key(app, two.key.id).await.unwrap();

    assert!(is_refused_token(
        &come_with(&world, one.secret.reveal()).await
    ));
    assert!(is_refused_token(
        &come_with(&world, two.secret.reveal()).await
    ));
    assert_eq!(kept(&world, id).await.revoked_at, Some(now));
    assert_eq!(by_command.revoked_at, Some(again));
    assert_eq!(by_command.created_by, None);
    let nothing = revoke_any_api_key(app, ApiKeyId::new(99)).await;
    assert!(matches!(nothing, Err(Error::NotFound(Thing::ApiKey))));
}

#[tokio::test]
async fn what_is_no_key_of_ours_opens_no_door() {
    let world = World::with_employees(0).await;
    let good = key(&world, &world.admin, "one").await;
    let good = good.secret.reveal();
    let other = format!("{}A", &good[..good.len() - 1]);
    let another = format!("{}B", &good[..good.len() - 1]);
    let wrong = if other == good { another } else { other };

    let upper = format!("TWZ_{}", &good[4..]);
    let dashed = format!("{}-", &good[..43]);
    let arabic = format!("{}ع", &good[..42]);
    for secret in [
        "",
        "twz_",
        &good[..43],
        &good[4..],
        &wrong,
        &format!("{good}A"),
        &upper,
        &dashed,
        &arabic,
    ] {
        assert!(
            is_refused_token(&come_with(&world, secret).await),
            "{secret}"
        );
    }
}

#[tokio::test]
async fn a_key_is_shown_once_and_kept_as_the_sha_256_of_its_text() {
    let world = World::with_employees(0).await;
    let made = key(&world, &world.admin, "one").await;
    assert_eq!(made.secret.reveal().len(), 44);
    assert_eq!(made.key.prefix.len(), 10);
    assert_eq!(format!("{:?}", made.secret), "ApiKeySecret(..)");

    let kept = tawzi_store::NewApiKey {
        name: "older",
        prefix: "twz_012345",
        key_hash: "4a18951f8437e24dbc14b56f4c27442f816a8d492cf5fd5530cb865dc35cdc9c",
        created_by: None,
        created_at: NOON,
    };
    let mut tx = world.app.db().begin().await.unwrap();
    let mut tenant = tx.tenant_tx(world.company);
    tenant.create_api_key(kept).await.unwrap();
    tx.commit().await.unwrap();

    let older = come_with(&world, "twz_0123456789abcdefghijABCDEFGHIJ0123456789").await;
    assert_eq!(older.unwrap().company(), Some(world.company));
}

#[tokio::test]
async fn a_name_has_to_say_something_in_a_hundred_characters() {
    let world = World::with_employees(0).await;
    let longest = "م".repeat(100);

    for (name, problem) in [
        ("", TextProblem::Blank),
        (" \n", TextProblem::Blank),
        ("a\0b", TextProblem::NullCharacter),
        (
            &format!("{longest}م"),
            TextProblem::TooLong { longest: 100 },
        ),
    ] {
        assert_eq!(ApiKeyName::parse(name), Err(vec![problem]), "{name:?}");
    }
    assert_eq!(key(&world, &world.admin, &longest).await.key.name, longest);
    let nowhere = create_api_key_of(
        &world.app,
        CompanyId::new(99),
        &ApiKeyName::parse("x").unwrap(),
    )
    .await;
    assert!(matches!(nowhere, Err(Error::NotFound(Thing::Company))));
}

#[tokio::test]
async fn a_company_has_a_hundred_keys_at_most_and_a_revoked_one_makes_room() {
    let world = World::with_employees(0).await;
    let app = &world.app;
    let (_, neighbour) = world.neighbour().await;
    let mut makers = tokio::task::JoinSet::new();
    for number in 0..101 {
        let (app, admin) = (app.clone(), world.admin.clone());
        makers.spawn(async move { create_api_key(&app, &admin, named(&number.to_string())).await });
    }
    let made = makers.join_all().await;

    let refused: Vec<_> = made.iter().filter_map(|made| made.as_ref().err()).collect();
    assert_eq!(refused.len(), 1);
    assert!(refused[0].to_string().contains("100 API keys; revoke one"));
    let some = made.iter().find_map(|made| made.as_ref().ok()).unwrap();
    revoke_api_key(app, &world.admin, some.key.id)
        .await
        .unwrap();
    key(&world, &world.admin, "one more").await;
    key(&world, &neighbour, "theirs").await;
    let over = create_api_key(app, &world.admin, named("one too many")).await;
    assert!(matches!(over, Err(Error::Refused(_))));
    let listed = list_api_keys(app, &world.admin, PAGE).await.unwrap();
    assert_eq!(listed.count, 101);
}

#[tokio::test]
async fn when_a_key_was_used_is_written_once_a_minute() {
    let world = World::with_employees(0).await;
    let created = key(&world, &world.admin, "form").await;
    let use_at = async |seconds: i64, times: usize| {
        let at = NOON.plus_seconds(seconds);
        world.clock.move_to(at);
        let (app, queues) = world.server(None);
        for _ in 0..times {
            authenticate(&app, created.secret.reveal()).await.unwrap();
        }
        drop(app);
        queues.finish(PATIENCE).await;
        let used = kept(&world, created.key.id).await.last_used_at.unwrap();
        (used.microseconds() - NOON.microseconds()) / 1_000_000
    };

    assert_eq!(kept(&world, created.key.id).await.last_used_at, None);
    assert_eq!(use_at(0, 3).await, 0);
    assert_eq!(use_at(59, 3).await, 0);
    assert_eq!(use_at(60, 1).await, 60);
    assert_eq!(use_at(300, 2000).await, 300);
}

#[tokio::test]
async fn noting_a_use_neither_waits_for_the_writer_nor_fails_with_it() {
    let world = World::with_employees(0).await;
    let created = key(&world, &world.admin, "form").await;
    let secret = created.secret.reveal();
    let (app, queues) = world.server(None);

    // Somebody else has the database for themselves.
    let busy = world.app.db().begin().await.unwrap();
    for _ in 0..MORE_THAN_MAY_WAIT {
        authenticate(&app, secret).await.unwrap();
    }
    assert_eq!(kept(&world, created.key.id).await.last_used_at, None);
    drop(busy);
    drop(app);
    queues.finish(PATIENCE).await;
    assert!(kept(&world, created.key.id).await.last_used_at.is_some());

    world.after_hours(1);
    let (app, queues) = world.server(None);
    authenticate(&app, secret).await.unwrap();
    world.app.db().close().await;
    drop(app);
    let finished = tokio::time::timeout(PATIENCE, queues.finish(2 * PATIENCE)).await;
    assert_eq!(finished, Ok(()));
}

#[tokio::test]
async fn a_key_is_no_token_that_could_be_renewed() {
    let world = World::with_employees(0).await;
    let (keys, now) = (&world.keys, world.clock.now());
    let created = key(&world, &world.admin, "form").await;
    let secret = created.secret.reveal();

    let renewed = tawzi_app::refresh(&world.app, secret).await;
    let verified = tawzi_app::verify(&world.app, secret).await;
    let session = Session::begin(world.admin.id(), 0);
    let access = keys.issue(&session, TokenType::Access, now).unwrap();
    let person = come_with(&world, &access).await.unwrap();

    assert!(is_refused_token(&renewed) && is_refused_token(&verified));
    assert_eq!(person.id(), Some(world.admin.id()));
}
