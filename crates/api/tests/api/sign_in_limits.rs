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
    too_many_passwords_for_a_name_have_to_wait,
    too_many_codes_for_a_name_have_to_wait,
    a_current_password_can_be_guessed_as_seldom,
    an_address_is_limited_and_only_a_trusted_proxy_says_which,
}

const REQUEST: &str = "/api/auth/request-2fa/";

async fn post(world: &World, path: &str, body: Value) -> Reply {
    world.send("", "POST", path, body).await
}

async fn show(world: &World, who: &str, code: &str) -> Reply {
    let body = json!({"username": who, "password": PASSWORD, "code": code});
    post(world, "/api/auth/verify-2fa/", body).await
}

/// The same world behind a server with limits.
async fn limited(world: &World, address_from: AddressFrom) -> World {
    let limits = |clock| SignInLimits::new(clock, address_from);
    world.again_with(Some(mailer(MAIL_SERVER)), limits).await
}

#[track_caller]
fn must_wait(reply: &Reply, seconds: &str) {
    assert_eq!(reply.status, 429);
    assert_eq!(reply.header("retry-after"), seconds);
    let detail = format!("Too many attempts. Try again in {seconds} seconds.");
    assert_eq!(reply.body, json!({"detail": detail}));
}

async fn too_many_passwords_for_a_name_have_to_wait(world: World) {
    let world = limited(&world, AddressFrom::Connection).await;
    let login = |name: &str| {
        let body = json!({"username": name, "password": "nope"});
        let path = "/api/auth/login/";
        let world = world.clone();
        async move { post(&world, path, body).await }
    };
    for _ in 0..10 {
        assert_eq!(login("emp1").await.status, 401);
        assert_eq!(show(&world, "EMP1", "123456").await.status, 400);
    }

    let by_password = login("emp1").await;
    let by_code = show(&world, "emp1", "123456").await;
    let unknown = login("nobody").await;
    let asked = post(&world, REQUEST, json!({"username": "emp1"})).await;
    world.clock.move_to(NOW.plus_seconds(30));
    let later = login("emp1").await;

    must_wait(&by_password, "31");
    must_wait(&by_code, "31");
    assert_eq!((unknown.status.as_u16(), asked.status.as_u16()), (401, 200));
    assert_eq!(later.status, 401);
}

async fn too_many_codes_for_a_name_have_to_wait(world: World) {
    let world = limited(&world, AddressFrom::Connection).await;
    let ask = |name: &'static str| {
        let world = world.clone();
        async move { post(&world, REQUEST, json!({"username": name})).await }
    };
    for _ in 0..6 {
        assert_eq!(ask("emp1").await.status, 200);
        assert_eq!(ask("nobody").await.status, 400);
    }

    must_wait(&ask("emp1").await, "121");
    must_wait(&ask("nobody").await, "121");
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

        must_wait(&ask(201, "9.9.9.9, 1.2.3.4".to_owned()).await, "2");
        let other = ask(202, "1.2.3.4, 5.6.7.8".to_owned()).await;
        assert_eq!(other.status, status_of_others);
    }
}
