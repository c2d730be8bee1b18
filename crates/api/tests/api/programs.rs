//! What is answered to a program that comes with an API key.

use crate::api_keys::{KEYS, ask, get, secret};
use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    a_key_creates_a_client_and_the_timeline_names_the_key,
    a_program_reaches_what_is_of_its_company_alone,
    what_needs_a_person_is_refused_with_a_sentence,
    a_key_without_a_subscription_is_told_so,
    a_request_sent_twice_with_a_key_creates_one_client,
}

fn lead(name: &str) -> Value {
    json!({"name": name, "priority": "low", "type": "fresh", "company": 1,
        "phone_number": "+963944000111"})
}

async fn a_key_creates_a_client_and_the_timeline_names_the_key(world: World) {
    let key = secret(&world, "owner1", "نموذج الموقع").await;
    let mut body = lead("سارة");
    body["assigned_to"] = json!(2);

    let created = ask(&world, &key, "POST", "/api/clients/", body).await;
    let path = format!("/api/clients/{}/", created.body["id"]);
    let edited = ask(&world, &key, "PATCH", &path, json!({"priority": "high"})).await;
    let task = json!({"client": created.body["id"], "notes": "called back"});
    let task = ask(&world, &key, "POST", "/api/client-tasks/", task).await;

    assert_eq!(created.status, 201, "{}", created.body);
    assert_eq!(created.body["company_name"], "Acme");
    assert_eq!(created.body["assigned_to_username"], "emp1");
    assert_eq!(edited.body["priority"], "high");
    assert_eq!(task.status, 201);
    assert_eq!(task.body["created_by"], Value::Null);
    assert_eq!(task.body["created_by_username"], "API: نموذج الموقع");
    let events = format!("/api/client-events/?client={}", created.body["id"]);
    for events in [
        world.get("emp1", &events).await,
        get(&world, &key, &events).await,
    ] {
        assert_eq!(events.column("event_type"), ["edit", "assignment"]);
        assert_eq!(events.column("created_by"), [Value::Null, Value::Null]);
        let names = events.column("created_by_username");
        assert_eq!(names, ["API: نموذج الموقع", "API: نموذج الموقع"]);
    }
    let deleted = ask(&world, &key, "DELETE", &path, Value::Null).await;
    assert_eq!(deleted.status, 204);
    world.nothing_is_wrong().await;
}

async fn a_program_reaches_what_is_of_its_company_alone(world: World) {
    let key = secret(&world, "owner1", "form").await;
    let stranger = secret(&world, "owner2", "form").await;
    let lists = [
        "/api/clients/",
        "/api/clients/status-counts/",
        "/api/client-tasks/",
        "/api/client-events/",
        "/api/settings/channels/",
        "/api/settings/stages/",
        "/api/settings/statuses/",
        "/api/assignment/sweeps/",
        "/api/assignment/workload/",
        "/api/deals/",
        "/api/public/plans/",
    ];

    for path in lists {
        let of_owner = world.get("owner1", path).await.body;
        get(&world, &key, path).await.is(200, of_owner);
    }
    let people = get(&world, &key, "/api/users/").await;
    assert_eq!(people.column("company"), [1, 1, 1, 1, 1]);
    assert!(people.column("is_me").iter().all(|is_me| *is_me == false));
    for path in [
        "/api/clients/1/",
        "/api/client-tasks/1/",
        "/api/client-events/1/",
        "/api/settings/channels/1/",
        "/api/users/2/",
    ] {
        assert_eq!(get(&world, &key, path).await.status, 200, "{path}");
        assert_eq!(get(&world, &stranger, path).await.status, 404, "{path}");
    }
    for (method, path, body) in [
        ("PUT", "/api/clients/1/", lead("x")),
        ("PATCH", "/api/clients/1/", json!({"name": "x"})),
        ("DELETE", "/api/clients/1/", Value::Null),
        ("PATCH", "/api/client-tasks/1/", json!({"notes": "x"})),
        ("DELETE", "/api/client-tasks/1/", Value::Null),
    ] {
        let answer = ask(&world, &stranger, method, path, body).await;
        assert_eq!(answer.status, 404, "{method} {path}");
    }
    let smuggled = ask(&world, &stranger, "POST", "/api/clients/", lead("x")).await;
    assert_eq!(smuggled.status, 400);
    let bulk = json!({"client_ids": [1, 2, 3], "user_id": null});
    let bulk = ask(&world, &stranger, "POST", "/api/clients/bulk_assign/", bulk).await;
    bulk.is(
        200,
        json!({"message": "Successfully unassigned 0 lead(s)."}),
    );
}

async fn what_needs_a_person_is_refused_with_a_sentence(world: World) {
    let key = secret(&world, "owner1", "form").await;
    let sentence = "An API key cannot do this; a person has to sign in for it.";
    let status = json!({"name": "x", "category": "active", "company": 1});
    let user = json!({"username": "mole", "email": "m@a.example", "role": "admin",
        "password": "a long password"});

    for (method, path, body) in [
        ("GET", "/api/users/me/", Value::Null),
        ("POST", "/api/users/change_password/", json!({})),
        ("POST", "/api/auth/logout/", Value::Null),
        ("POST", "/api/users/", user),
        ("PATCH", "/api/users/2/", json!({"role": "admin"})),
        ("PUT", "/api/users/2/", json!({})),
        ("DELETE", "/api/users/2/", Value::Null),
        ("DELETE", "/api/users/99/", Value::Null),
        ("GET", "/api/users/2/deactivate-preview/", Value::Null),
        ("POST", "/api/users/2/deactivate/", Value::Null),
        ("POST", "/api/users/2/reactivate/", Value::Null),
        ("GET", "/api/companies/", Value::Null),
        ("POST", "/api/companies/", json!({})),
        ("GET", "/api/companies/1/", Value::Null),
        ("PATCH", "/api/companies/1/", json!({})),
        ("DELETE", "/api/companies/1/", Value::Null),
        (
            "PATCH",
            "/api/companies/1/update_assignment_settings/",
            json!({}),
        ),
        ("POST", "/api/settings/statuses/", status),
        ("PATCH", "/api/settings/channels/1/", json!({"name": "x"})),
        ("DELETE", "/api/settings/stages/1/", Value::Null),
        ("POST", "/api/assignment/sweeps/", Value::Null),
        ("POST", "/api/assignment/sweeps/", json!({"dry_run": true})),
        ("GET", KEYS, Value::Null),
        ("POST", KEYS, json!({"name": "child"})),
        ("GET", "/api/api-keys/1/", Value::Null),
        ("DELETE", "/api/api-keys/1/", Value::Null),
    ] {
        let answer = ask(&world, &key, method, path, body).await;

        assert_eq!(answer.status, 403, "{method} {path}");
        answer.is(403, json!({"detail": sentence}));
    }
    for word in ["active", "subscription", "اشتراك"] {
        assert!(!sentence.contains(word));
    }
    assert_eq!(get(&world, &key, "/api/clients/").await.status, 200);
    for (path, field) in [("refresh", "refresh"), ("verify", "token")] {
        let path = format!("/api/auth/{path}/");
        let answer = world.send("", "POST", &path, json!({field: key})).await;
        assert_eq!(answer.status, 401);
    }
}

async fn a_key_without_a_subscription_is_told_so(world: World) {
    let key = secret(&world, "owner1", "form").await;
    world
        .execute("UPDATE subscription SET is_active = FALSE")
        .await;
    let detail = "Your subscription is not active. Please contact support or complete your \
                  payment to access the system.";

    let read = get(&world, &key, "/api/clients/").await;
    let created = ask(&world, &key, "POST", "/api/clients/", lead("Sara")).await;

    read.is(403, json!({"detail": detail}));
    created.is(403, json!({"detail": detail}));
}

async fn a_request_sent_twice_with_a_key_creates_one_client(world: World) {
    let key = secret(&world, "owner1", "form").await;
    let other = secret(&world, "owner1", "other form").await;

    let first = ask(&world, &key, "POST", "/api/clients/", lead("Sara")).await;
    let again = ask(&world, &key, "POST", "/api/clients/", lead("Sara")).await;
    let by_other = ask(&world, &other, "POST", "/api/clients/", lead("Sara")).await;
    let by_owner = world
        .send("owner1", "POST", "/api/clients/", lead("Sara"))
        .await;

    again.is(201, &first.body);
    let ids = [&first, &by_other, &by_owner].map(|answer| answer.body["id"].as_i64().unwrap());
    assert!(ids[0] < ids[1] && ids[1] < ids[2], "{ids:?}");
}
