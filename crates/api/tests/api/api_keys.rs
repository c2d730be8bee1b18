//! API keys over HTTP: who makes and revokes them, what is told of them, and which are good.

use crate::world::{NOW, Reply, World};
use axum::body::Body;
use serde_json::{Value, json};
use tawzi_testkit::eventually;

on_both_engines! {
    a_key_is_answered_once_and_then_only_recognised,
    only_administrators_of_the_company_see_make_and_revoke_keys,
    a_revoked_or_unknown_key_is_answered_like_a_bad_token,
    a_deleted_company_takes_its_keys_along,
    what_is_wrong_with_a_name_is_said,
    a_company_has_so_many_keys_and_no_more,
    keys_are_listed_in_pages_the_newest_first,
    the_last_use_is_kept_in_the_background,
}

pub(crate) const KEYS: &str = "/api/api-keys/";

async fn make(world: &World, who: &str, name: &str) -> Value {
    let made = world.send(who, "POST", KEYS, json!({"name": name})).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

/// The text of a new key.
pub(crate) async fn secret(world: &World, who: &str, name: &str) -> String {
    let made = make(world, who, name).await;
    made["key"].as_str().unwrap().to_owned()
}

/// The answer to a program.
pub(crate) async fn ask(world: &World, key: &str, method: &str, path: &str, body: Value) -> Reply {
    let request = world.request("", method, path);
    let request = request
        .header("Authorization", format!("Bearer {key}"))
        .header("Content-Type", "application/json");
    let body = if body.is_null() {
        Body::empty()
    } else {
        Body::from(body.to_string())
    };
    world.answer(request.body(body).unwrap()).await
}

pub(crate) async fn get(world: &World, key: &str, path: &str) -> Reply {
    ask(world, key, "GET", path, Value::Null).await
}

async fn a_key_is_answered_once_and_then_only_recognised(world: World) {
    let made = make(&world, "owner1", " Website form ").await;
    let key = made["key"].as_str().unwrap();
    let one = format!("{KEYS}1/");

    let mut listed = made.clone();
    listed.as_object_mut().unwrap().remove("key");
    let expected = json!({"id": 1, "name": "Website form", "prefix": &key[..10], "created_by": 1,
        "created_by_username": "owner1", "created_at": NOW.to_string(), "last_used_at": null,
        "revoked_at": null});
    assert_eq!(listed, expected);
    assert!(key.starts_with("twz_") && key.len() == 44, "{key}");
    let read = world.get("owner1", &one).await;
    let list = world.get("owner1", KEYS).await;
    let revoked = world.ask("owner1", "DELETE", &one).await;
    world.clock.move_to(NOW.plus_seconds(60));
    let again = world.ask("owner1", "DELETE", &one).await;
    let after = world.get("owner1", &one).await;

    read.is(200, &expected);
    assert_eq!(list.body["results"], json!([expected]));
    revoked.is(204, Value::Null);
    again.is(204, Value::Null);
    let mut expected = expected;
    expected["revoked_at"] = json!(NOW.to_string());
    after.is(200, &expected);
    for answer in [read, list, after] {
        let text = answer.body.to_string();
        assert!(
            !text.contains(&key[10..]) && !text.contains("hash"),
            "{text}"
        );
    }
}

async fn only_administrators_of_the_company_see_make_and_revoke_keys(world: World) {
    let key = secret(&world, "owner1", "form").await;
    let one = format!("{KEYS}1/");
    let denied = json!({"detail": "You do not have permission to perform this action."});
    let requests = [
        ("GET", KEYS, Value::Null),
        ("POST", KEYS, json!({"name": ""})),
        ("GET", &one, Value::Null),
        ("DELETE", &one, Value::Null),
        ("DELETE", "/api/api-keys/99/", Value::Null),
    ];

    for (method, path, body) in requests {
        for who in ["emp1", "root"] {
            let answer = world.send(who, method, path, body.clone()).await;
            answer.is(403, &denied);
        }
        let nobody = world.send("", method, path, body.clone()).await;
        assert_eq!(nobody.status, 401);
        let unpaid = world.send("owner3", method, path, body).await;
        assert_eq!(unpaid.status, 403);
        assert!(
            unpaid.body["detail"]
                .as_str()
                .unwrap()
                .contains("subscription")
        );
    }
    for method in ["GET", "DELETE"] {
        for path in [&*one, "/api/api-keys/99/"] {
            let missing = world.ask("owner2", method, path).await;
            missing.is(404, json!({"detail": "No ApiKey matches the given query."}));
        }
    }
    assert_eq!(world.get("owner2", KEYS).await.body["count"], 0);
    assert_eq!(get(&world, &key, "/api/clients/").await.status, 200);
}

async fn a_revoked_or_unknown_key_is_answered_like_a_bad_token(world: World) {
    let key = secret(&world, "owner1", "form").await;
    assert_eq!(get(&world, &key, "/api/clients/").await.status, 200);
    let bad_token = get(&world, "not.a.token", "/api/clients/").await;
    world.ask("owner1", "DELETE", "/api/api-keys/1/").await;

    let unknown = format!("twz_{}", "a".repeat(40));
    for secret in [&*key, &*unknown, "twz_", &key[..20]] {
        for (method, path) in [
            ("GET", "/api/clients/"),
            ("GET", "/api/users/me/"),
            ("DELETE", "/api/clients/1/"),
            ("OPTIONS", "/api/clients/"),
        ] {
            let answer = ask(&world, secret, method, path, Value::Null).await;

            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"api\"");
            answer.is(401, &bad_token.body);
        }
    }
}

async fn a_deleted_company_takes_its_keys_along(world: World) {
    let key = secret(&world, "owner1", "form").await;
    let other = secret(&world, "owner2", "form").await;

    let deleted = world.ask("root", "DELETE", "/api/companies/1/").await;

    assert_eq!(deleted.status, 204, "{}", deleted.body);
    assert_eq!(get(&world, &key, "/api/clients/").await.status, 401);
    assert_eq!(get(&world, &other, "/api/clients/").await.status, 200);
}

async fn what_is_wrong_with_a_name_is_said(world: World) {
    let long = "م".repeat(101);
    for (body, sentence) in [
        (json!({}), "This field is required."),
        (json!({"name": null}), "This field may not be null."),
        (json!({"name": "  "}), "This field may not be blank."),
        (json!({"name": []}), "Not a valid string."),
        (json!({"name": "a\0b"}), "Null characters are not allowed."),
        (
            json!({"name": long}),
            "Ensure this field has no more than 100 characters.",
        ),
    ] {
        let refused = world.send("owner1", "POST", KEYS, body).await;

        refused.is(400, json!({"name": [sentence]}));
    }
    let bad = world.send_text("owner1", "POST", KEYS, "{bad").await;
    assert_eq!(bad.status, 400);
    assert_eq!(world.get("owner1", KEYS).await.body["count"], 0);
    make(&world, "owner1", &long[2..]).await;
}

async fn a_company_has_so_many_keys_and_no_more(world: World) {
    for number in 0..100 {
        make(&world, "owner1", &format!("key {number}")).await;
    }

    let over = json!({"name": "one too many"});
    let refused = world.send("owner1", "POST", KEYS, over.clone()).await;
    let neighbour = world.send("owner2", "POST", KEYS, over.clone()).await;
    world.ask("owner1", "DELETE", "/api/api-keys/7/").await;
    let made = world.send("owner1", "POST", KEYS, over).await;

    let sentence = "A company can have 100 API keys; revoke one that is not needed any more.";
    refused.is(400, json!({"error": sentence}));
    assert_eq!(neighbour.status, 201);
    assert_eq!(made.status, 201);
}

async fn keys_are_listed_in_pages_the_newest_first(world: World) {
    for name in ["a", "b", "c"] {
        make(&world, "owner1", name).await;
    }

    let first = world.get("owner1", "/api/api-keys/?page_size=2").await;
    let second = world
        .get("owner1", "/api/api-keys/?page_size=2&page=last")
        .await;
    let beyond = world.get("owner1", "/api/api-keys/?page=2").await;

    assert_eq!(first.column("name"), ["c", "b"]);
    assert_eq!(first.body["count"], 3);
    let next = "http://crm.test:8000/api/api-keys/?page_size=2&page=2";
    assert_eq!(first.body["next"], next);
    assert_eq!(second.column("name"), ["a"]);
    beyond.is(404, json!({"detail": "Invalid page."}));
}

async fn the_last_use_is_kept_in_the_background(world: World) {
    let key = secret(&world, "owner1", "form").await;

    for _ in 0..3 {
        assert_eq!(get(&world, &key, "/api/clients/").await.status, 200);
    }

    let kept = eventually(async || {
        let read = world.get("owner1", "/api/api-keys/1/").await;
        read.body["last_used_at"].as_str().map(str::to_owned)
    });
    assert_eq!(kept.await, NOW.to_string());
}
