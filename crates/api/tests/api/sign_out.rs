//! Signing out, and what else ends the tokens that a person has.

use crate::database::PASSWORD;
use crate::world::{NOW, Reply, World};
use axum::body::Body;
use serde_json::{Value, json};
use tawzi_app::TokenType;

on_both_engines! {
    signing_out_ends_every_token_at_once,
    a_new_password_ends_every_token_at_once,
}

async fn post(world: &World, path: &str, body: Value) -> Reply {
    world.send("", "POST", path, body).await
}

async fn sign_in(world: &World, who: &str, password: &str) -> Reply {
    let body = json!({"username": who, "password": password});
    let signed_in = post(world, "/api/auth/login/", body).await;
    assert_eq!(signed_in.status, 200);
    signed_in
}

/// The statuses of using the access token, and of refreshing and checking with both.
async fn uses(world: &World, tokens: &Reply) -> [u16; 4] {
    let access = tokens.body["access"].as_str().unwrap();
    let me = world.request("", "GET", "/api/users/me/");
    let me = me.header("Authorization", format!("Bearer {access}"));
    let me = world.answer(me.body(Body::empty()).unwrap()).await;
    let refresh = json!({"refresh": tokens.body["refresh"]});
    let renewed = post(world, "/api/auth/refresh/", refresh).await;
    let check = async |token: &Value| {
        let body = json!({"token": token});
        post(world, "/api/auth/verify/", body).await.status.as_u16()
    };
    [
        me.status.as_u16(),
        renewed.status.as_u16(),
        check(&tokens.body["access"]).await,
        check(&tokens.body["refresh"]).await,
    ]
}

async fn signing_out_ends_every_token_at_once(world: World) {
    let phone = sign_in(&world, "emp1", PASSWORD).await;
    let desk = sign_in(&world, "emp1", PASSWORD).await;
    let neighbour = sign_in(&world, "emp2", PASSWORD).await;
    let access = desk.body["access"].as_str().unwrap();
    let sign_out = || {
        let request = world.request("", "POST", "/api/auth/logout/");
        let request = request.header("Authorization", format!("Bearer {access}"));
        world.answer(request.body(Body::empty()).unwrap())
    };

    let first = sign_out().await;
    let second = sign_out().await;
    let back = sign_in(&world, "emp1", PASSWORD).await;

    first.is(204, Value::Null);
    assert_eq!(second.status, 401);
    assert_eq!(second.body["code"], "token_not_valid");
    assert_eq!(uses(&world, &phone).await, [401; 4]);
    assert_eq!(uses(&world, &desk).await, [401; 4]);
    assert_eq!(uses(&world, &neighbour).await, [200; 4]);
    assert_eq!(uses(&world, &back).await, [200; 4]);
    let nobody = post(&world, "/api/auth/logout/", json!({})).await;
    assert_eq!(nobody.status, 401);
    let refresh = world.token("emp2", TokenType::Refresh);
    let request = world.request("", "POST", "/api/auth/logout/");
    let request = request.header("Authorization", format!("Bearer {refresh}"));
    let by_refresh = world.answer(request.body(Body::empty()).unwrap()).await;
    assert_eq!(by_refresh.status, 401);
}

async fn a_new_password_ends_every_token_at_once(world: World) {
    let before = sign_in(&world, "emp1", PASSWORD).await;

    tawzi_app::set_password(&world.db, "emp1", "another one", NOW)
        .await
        .unwrap();
    let after = sign_in(&world, "emp1", "another one").await;

    assert_eq!(uses(&world, &before).await, [401; 4]);
    assert_eq!(uses(&world, &after).await, [200; 4]);
}
