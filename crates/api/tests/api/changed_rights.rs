//! Whatever happens to the rights of those who create clients holds for the next request, on every server.

use crate::api_keys::{ask, secret};
use crate::database::PASSWORD;
use crate::world::{NOW, World};
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};
use tawzi_api::SignInLimits;
use tawzi_app::TokenType;
use tawzi_testkit::{MAIL_SERVER, eventually, mailer};

on_both_engines! {
    whatever_happens_to_a_person_holds_at_once,
    whatever_happens_to_a_key_holds_at_once,
    with_a_token_that_was_taken_back_nothing_is_created,
    a_key_goes_on_being_noted_as_used,
    people_of_one_company_create_by_turns,
}

const CLIENTS: &str = "/api/clients/";

fn client(company: i64) -> Value {
    json!({"name": "ليلى", "priority": "low", "type": "fresh", "company": company})
}

/// A server on the same database that has not seen anybody yet.
async fn stranger(world: &World) -> World {
    let limits = |_| SignInLimits::off();
    world.again_with(Some(mailer(MAIL_SERVER)), limits).await
}

/// How whoever has the token is answered who creates a client, asks for none, and sends no JSON.
async fn answers(world: &World, token: &str) -> [(StatusCode, Value); 4] {
    let bodies = [client(1), client(2), json!({}), Value::Null].map(|body| match body {
        Value::Null => "{".to_owned(),
        body => body.to_string(),
    });
    let mut answers = Vec::new();
    for body in bodies {
        let request = world.request("", "POST", CLIENTS);
        let request = request
            .header("Authorization", format!("Bearer {token}"))
            .header("Content-Type", "application/json");
        let reply = world.answer(request.body(Body::from(body)).unwrap()).await;
        let mut body = reply.body;
        if reply.status == StatusCode::CREATED {
            // Another client each time; what matters is whose and of which company.
            body = json!([body["company"], body["assigned_to"]]);
        }
        answers.push((reply.status, body));
    }
    answers.try_into().unwrap()
}

/// The server answers as one does that has never seen whoever has the token, after each change.
async fn holds_at_once(world: &World, token: &str, changes: &[(&'static str, u16)]) {
    let first = answers(world, token).await;
    assert_eq!(first[0].0, 201);
    for &(change, status) in changes {
        answers(world, token).await;
        world.execute(change).await;

        let answered = answers(world, token).await;

        assert_eq!(answered[0].0, status, "{change}");
        let fresh = answers(&stranger(world).await, token).await;
        assert_eq!(answered, fresh, "{change}");
    }
    assert_eq!(answers(world, token).await, first);
}

async fn whatever_happens_to_a_person_holds_at_once(world: World) {
    let token = world.token("emp1", TokenType::Access);
    let changes = [
        (
            "UPDATE user_account SET is_active = FALSE WHERE id = 2",
            401,
        ),
        ("UPDATE user_account SET is_active = TRUE WHERE id = 2", 201),
        ("UPDATE user_account SET role = 'none' WHERE id = 2", 201),
        ("UPDATE user_account SET role = 'admin' WHERE id = 2", 201),
        (
            "UPDATE user_account SET role = 'employee' WHERE id = 2",
            201,
        ),
        ("UPDATE subscription SET is_active = FALSE", 403),
        ("UPDATE subscription SET is_active = TRUE", 201),
        ("UPDATE user_account SET company_id = 2 WHERE id = 2", 400),
        ("UPDATE user_account SET company_id = 1 WHERE id = 2", 201),
        (
            "UPDATE user_account SET is_superuser = TRUE WHERE id = 2",
            201,
        ),
        (
            "UPDATE user_account SET is_superuser = FALSE WHERE id = 2",
            201,
        ),
    ];
    holds_at_once(&world, &token, &changes).await;
}

async fn whatever_happens_to_a_key_holds_at_once(world: World) {
    let key = secret(&world, "owner1", "form").await;
    let changes = [
        ("UPDATE subscription SET is_active = FALSE", 403),
        ("UPDATE subscription SET is_active = TRUE", 201),
        ("UPDATE api_key SET revoked_at = 1", 401),
        ("UPDATE api_key SET revoked_at = NULL", 201),
    ];
    holds_at_once(&world, &key, &changes).await;
}

async fn with_a_token_that_was_taken_back_nothing_is_created(world: World) {
    world.client("emp1", 1, "first").await;
    world.client("emp1", 1, "second").await;
    let before = world.get("owner1", CLIENTS).await.body["count"].clone();

    let out = world.ask("emp1", "POST", "/api/auth/logout/").await;
    let refused = world.send("emp1", "POST", CLIENTS, client(1)).await;
    let body = json!({"username": "emp1", "password": PASSWORD});
    let back = world.send("", "POST", "/api/auth/login/", body).await;
    let again = world.request("", "POST", CLIENTS);
    let again = again
        .header(
            "Authorization",
            format!("Bearer {}", back.body["access"].as_str().unwrap()),
        )
        .header("Content-Type", "application/json")
        .body(Body::from(client(1).to_string()));
    let again = world.answer(again.unwrap()).await;

    assert!(out.status.is_success(), "{}", out.body);
    assert_eq!((refused.status.as_u16(), again.status.as_u16()), (401, 201));
    let after = world.get("owner1", CLIENTS).await.body["count"].clone();
    assert_eq!(after.as_i64(), before.as_i64().map(|count| count + 1));
}

async fn a_key_goes_on_being_noted_as_used(world: World) {
    let key = secret(&world, "owner1", "form").await;
    for minute in 0..3 {
        let now = NOW.plus_seconds(minute * 90);
        world.clock.move_to(now);
        let created = ask(&world, &key, "POST", CLIENTS, client(1)).await;
        assert_eq!(created.status, 201, "{}", created.body);
        // The use is kept in the background.
        let now = json!(now.to_string());
        let used = eventually(async || {
            let key = world.get("owner1", "/api/api-keys/1/").await;
            (key.body["last_used_at"] == now).then_some(key)
        });
        assert_eq!(used.await.status, 200);
    }
}

async fn people_of_one_company_create_by_turns(world: World) {
    for round in 0..4 {
        for who in ["owner1", "emp1", "emp2", "emp3"] {
            let name = format!("{who} {round}");
            let created = world.client(who, 1, &name).await;
            assert_eq!(created["name"], json!(name));
            // Somebody else changes the company in between.
            let id = &created["id"];
            let edit = json!({"name": "renamed", "assigned_to": 2});
            let path = format!("{CLIENTS}{id}/");
            let edited = world.send("owner1", "PATCH", &path, edit).await;
            assert_eq!(edited.status, 200, "{}", edited.body);
        }
    }
    world.nothing_is_wrong().await;
}
