//! How often one may try to sign in.

use crate::database::PASSWORD;
use crate::world::{NOW, Reply, World};
use axum::body::Body;
use axum::extract::ConnectInfo;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tawzi_api::{AddressFrom, SignInLimits};
use tawzi_testkit::{MAIL_SERVER, mailer};

on_both_engines! {
    too_many_passwords_for_an_account_from_one_address_have_to_wait,
    too_many_codes_for_an_account_from_one_address_have_to_wait,
    a_current_password_can_be_guessed_as_seldom,
    a_new_name_is_no_new_chance,
    a_stranger_locks_nobody_out,
    an_address_is_limited_and_only_a_trusted_proxy_says_which,
}

const LOGIN: &str = "/api/auth/login/";
const REQUEST: &str = "/api/auth/request-2fa/";
const VERIFY: &str = "/api/auth/verify-2fa/";

async fn post(world: &World, path: &str, body: Value) -> Reply {
    post_from(world, [10, 0, 0, 1], path, body).await
}

pub(crate) async fn post_from(world: &World, address: [u8; 4], path: &str, body: Value) -> Reply {
    let request = world.request("", "POST", path);
    let request = request
        .header("Content-Type", "application/json")
        .extension(ConnectInfo(SocketAddr::from((address, 50_000))));
    let request = request.body(Body::from(body.to_string())).unwrap();
    world.answer(request).await
}

async fn show(world: &World, who: &str, code: &str) -> Reply {
    let body = json!({"username": who, "password": PASSWORD, "code": code});
    post(world, VERIFY, body).await
}

/// The same world behind a server with limits.
pub(crate) async fn limited(world: &World, address_from: AddressFrom) -> World {
    let limits = |clock| SignInLimits::new(clock, address_from);
    world.again_with(Some(mailer(MAIL_SERVER)), limits).await
}

#[track_caller]
fn must_wait(reply: &Reply, seconds: &str) {
    is_too_many(reply, "Too many attempts.", seconds);
}

/// The web client shows nothing of the server's where it asks for the first code, but this it does not take for a wrong
/// password.
#[track_caller]
fn must_wait_for_a_code(reply: &Reply, seconds: &str) {
    is_too_many(reply, "Unable to log in now: too many attempts.", seconds);
}

#[track_caller]
fn is_too_many(reply: &Reply, sentence: &str, seconds: &str) {
    assert_eq!(reply.status, 429);
    assert_eq!(reply.header("retry-after"), seconds);
    let detail = format!("{sentence} Try again in {seconds} seconds.");
    assert_eq!(reply.body, json!({"detail": detail}));
}

async fn too_many_passwords_for_an_account_from_one_address_have_to_wait(world: World) {
    let world = limited(&world, AddressFrom::Connection).await;
    let login = async |name: &str| {
        let body = json!({"username": name, "password": "nope"});
        post(&world, LOGIN, body).await
    };
    for _ in 0..10 {
        assert_eq!(login("emp1").await.status, 401);
        assert_eq!(show(&world, "EMP1", "123456").await.status, 400);
    }

    let by_password = login("emp1").await;
    let by_address = login("emp1@acme.example").await;
    let by_code = show(&world, "emp1", "123456").await;
    let unknown = login("nobody").await;
    let asked = post(&world, REQUEST, json!({"username": "emp1"})).await;
    world.clock.move_to(NOW.plus_seconds(30));
    let later = login("emp1").await;

    must_wait(&by_password, "31");
    must_wait(&by_address, "31");
    must_wait(&by_code, "31");
    assert_eq!((unknown.status.as_u16(), asked.status.as_u16()), (401, 200));
    assert_eq!(later.status, 401);
}

async fn too_many_codes_for_an_account_from_one_address_have_to_wait(world: World) {
    let world = limited(&world, AddressFrom::Connection).await;
    let ask = async |name: &str| post(&world, REQUEST, json!({"username": name})).await;
    for _ in 0..6 {
        assert_eq!(ask("emp1").await.status, 200);
        assert_eq!(ask("nobody").await.status, 400);
    }

    must_wait_for_a_code(&ask("emp1").await, "121");
    must_wait_for_a_code(&ask("emp1@acme.example").await, "121");
    must_wait_for_a_code(&ask("nobody").await, "121");
    must_wait_for_a_code(&ask("NOBODY").await, "121");
    assert_eq!(ask("emp2").await.status, 200);
}

async fn a_current_password_can_be_guessed_as_seldom(world: World) {
    let world = limited(&world, AddressFrom::Connection).await;
    let change = async |who: &str| {
        let body = json!({
            "current_password": "nope",
            "new_password": "Another-One-7",
            "confirm_password": "Another-One-7",
        });
        let path = "/api/users/change_password/";
        world.send(who, "POST", path, body).await
    };
    for _ in 0..20 {
        assert_eq!(change("emp1").await.status, 400);
    }

    must_wait(&change("emp1").await, "31");
    assert_eq!(change("emp2").await.status, 400);
}

async fn a_new_name_is_no_new_chance(world: World) {
    let world = limited(&world, AddressFrom::Connection).await;
    let mut statuses = Vec::new();
    for number in 0..12 {
        let name = format!("renamed{number}");
        let renamed = json!({"username": name});
        let renamed = world.send("emp1", "PATCH", "/api/users/2/", renamed).await;
        assert_eq!(renamed.status, 200, "{}", renamed.body);
        let asked = post(&world, REQUEST, json!({"username": name})).await;
        statuses.push(asked.status.as_u16());
    }

    assert_eq!(statuses, [[200; 6], [429; 6]].concat());
    let mails = world.app.db().read().await.unwrap().jobs(20).await.unwrap();
    assert_eq!(mails.len(), 6);
}

async fn a_stranger_locks_nobody_out(world: World) {
    let world = limited(&world, AddressFrom::Connection).await;
    let (stranger, person) = ([127, 0, 0, 66], [127, 0, 0, 77]);
    for number in 0..30 {
        let wrong = json!({"username": "emp1", "password": "nope"});
        let wrong = post_from(&world, stranger, LOGIN, wrong).await;
        assert_eq!(wrong.status, if number < 20 { 401 } else { 429 });
        let asked = post_from(&world, stranger, REQUEST, json!({"username": "emp1"})).await;
        assert_eq!(asked.status, if number < 6 { 200 } else { 429 });
    }

    let right = json!({"username": "emp1", "password": PASSWORD});
    let by_password = post_from(&world, person, LOGIN, right).await;
    let asked = post_from(&world, person, REQUEST, json!({"username": "emp1"})).await;
    let mut code = None;
    let mut tx = world.app.db().begin().await.unwrap();
    while let Some(claim) = tx.claim_job("test", 60_000_000).await.unwrap() {
        let payload: Value = serde_json::from_str(&claim.payload).unwrap();
        code = Some(payload["code"].clone());
    }
    tx.commit().await.unwrap();
    let shown = json!({"username": "emp1", "password": PASSWORD, "code": code,
        "token": asked.body["token"]});
    let by_code = post_from(&world, person, VERIFY, shown).await;

    assert_eq!(by_password.status, 200, "{}", by_password.body);
    assert_eq!(by_code.status, 200, "{}", by_code.body);
}

async fn an_address_is_limited_and_only_a_trusted_proxy_says_which(world: World) {
    for (address_from, status_of_others) in
        [(AddressFrom::Connection, 429), (AddressFrom::Proxy, 400)]
    {
        let world = limited(&world, address_from).await;
        let ask = async |number: u32, forwarded: String| {
            let request = world.request("", "POST", REQUEST);
            let request = request
                .header("Content-Type", "application/json")
                .header("X-Forwarded-For", forwarded)
                .extension(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 50_000))));
            let body = json!({"username": format!("nobody{number}")});
            let body = Body::from(body.to_string());
            world.answer(request.body(body).unwrap()).await
        };

        for number in 0..200 {
            let answer = ask(number, format!("6.6.6.{number}, 1.2.3.4")).await;
            assert_eq!(answer.status, 400);
        }

        must_wait_for_a_code(&ask(201, "9.9.9.9, 1.2.3.4".to_owned()).await, "2");
        let other = ask(202, "1.2.3.4, 5.6.7.8".to_owned()).await;
        assert_eq!(other.status, status_of_others);
    }
}
