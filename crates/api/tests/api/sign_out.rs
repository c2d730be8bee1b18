//! Signing out, and what else ends the tokens that a person has.

use crate::api_keys;
use crate::database::PASSWORD;
use crate::world::{NOW, Reply, World};
use axum::body::Body;
use serde_json::{Value, json};
use tawzi_app::{TokenType, set_password};
use tawzi_core::id::{ApiKeyId, CompanyId, UserId};
use tawzi_core::text::NewPassword;

const EMP1: UserId = UserId::new(2);

on_both_engines! {
    signing_out_ends_every_token_at_once,
    a_new_password_ends_every_token_at_once,
    what_takes_rights_back_waits_for_whoever_manages_the_company,
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

    set_password(
        &world.app,
        "emp1",
        &NewPassword::parse("another one").unwrap(),
    )
    .await
    .unwrap();
    let after = sign_in(&world, "emp1", "another one").await;

    assert_eq!(uses(&world, &before).await, [401; 4]);
    assert_eq!(uses(&world, &after).await, [200; 4]);
}

/// A person as their administrator changes them: the company first, then the person. Whoever took the two
/// the other way round would stand in each other's way, and one of them fail.
async fn what_takes_rights_back_waits_for_whoever_manages_the_company(world: World) {
    api_keys::secret(&world, "owner1", "form").await;
    let company = CompanyId::new(1);
    let new = json!({
        "current_password": PASSWORD, "new_password": "Another1!x", "confirm_password": "Another1!x",
    });
    let requests = [
        // The first one, as the manager finds no key to revoke later.
        ("owner1", "DELETE", "/api/api-keys/1/", Value::Null, 204),
        ("emp1", "POST", "/api/users/change_password/", new, 200),
        ("emp1", "POST", "/api/auth/logout/", json!({}), 204),
    ];

    for (who, method, path, body, status) in requests {
        let mut manager = world.app.db().begin().await.unwrap();
        manager.lock_company(company).await.unwrap();
        let asking = world.clone();
        let request = tokio::spawn(async move { asking.send(who, method, path, body).await });
        world.until_it_waits(&request).await;
        manager.save_active(EMP1, true).await.unwrap();
        let mut keys = manager.tenant_tx(company);
        keys.revoke_api_key(ApiKeyId::new(1), NOW).await.unwrap();
        manager.commit().await.unwrap();

        assert_eq!(request.await.unwrap().status, status, "{path}");
    }

    let mut manager = world.app.db().begin().await.unwrap();
    manager.lock_company(company).await.unwrap();
    let app = world.app.clone();
    let set = tokio::spawn(async move {
        set_password(&app, "emp1", &NewPassword::parse("Another2!x").unwrap()).await
    });
    world.until_it_waits(&set).await;
    manager.save_active(EMP1, true).await.unwrap();
    manager.commit().await.unwrap();
    set.await.unwrap().unwrap();
}
