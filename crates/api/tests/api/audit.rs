//! The security log.

use crate::world::{Reply, World};
use axum::body::Body;
use axum::extract::ConnectInfo;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tawzi_api::{AddressFrom, SignInLimits};
use tawzi_testkit::{MAIL_SERVER, mailer};

on_both_engines! {
    refused_attempts_and_limits_are_counted_for_the_company_of_the_person,
    what_changes_is_told_with_who_and_from_where,
    conditions_that_make_no_sense_are_refused,
}

async fn from(world: &World, address: &str, who: &str, how: (&str, &str), body: Value) -> Reply {
    let (method, path) = how;
    let request = world.request(who, method, path);
    let peer: SocketAddr = address.parse().unwrap();
    let request = request
        .header("Content-Type", "application/json")
        .extension(ConnectInfo(peer));
    let request = request.body(Body::from(body.to_string())).unwrap();
    world.answer(request).await
}

async fn lines(world: &World, who: &str, query: &str) -> Vec<Value> {
    let path = format!("/api/audit/{query}");
    let reply = world.ask(who, "GET", &path).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.body["results"].as_array().unwrap().clone()
}

async fn refused_attempts_and_limits_are_counted_for_the_company_of_the_person(world: World) {
    let limits = |clock| SignInLimits::new(clock, AddressFrom::Connection);
    let world = world.again_with(Some(mailer(MAIL_SERVER)), limits).await;
    for _ in 0..22 {
        let body = json!({"username": "emp1", "password": "let me in"});
        let login = ("POST", "/api/auth/login/");
        from(&world, "203.0.113.9:5000", "", login, body).await;
    }
    let body = json!({"username": "who-is-that", "password": "let me in"});
    let login = ("POST", "/api/auth/login/");
    from(&world, "[2001:db8::7]:5000", "", login, body).await;

    let seen = lines(&world, "owner1", "").await;
    let told = |kind: &str, detail: &str, amount: i64| {
        json!({
            "id": null, "company": 1, "kind": kind, "detail": detail, "user": 2, "subject": null,
            "amount": amount, "actor": null, "actor_key": null, "address": "203.0.113.9",
            "created_at": "2025-12-02T12:00:00Z",
        })
    };
    let mut known: Vec<_> = seen.clone();
    for line in &mut known {
        line["id"] = Value::Null;
    }
    known.sort_by_key(|line| line["kind"].to_string());
    assert_eq!(
        known,
        [
            told("limit_met", "sign_in", 2),
            told("sign_in_refused", "wrong_password", 20),
        ]
    );
    assert!(lines(&world, "owner2", "").await.is_empty());
    let everything = lines(&world, "root", "?kind=sign_in_refused,limit_met").await;
    assert_eq!(everything.len(), 3);
    let unknown = lines(&world, "root", "?kind=sign_in_refused").await;
    let unknown = unknown.iter().find(|line| line["company"].is_null());
    let unknown = unknown.unwrap();
    assert_eq!(unknown["detail"], "unknown_name");
    assert_eq!(
        unknown["address"], "2001:db8::",
        "a line of many addresses is one"
    );
    let text = Value::Array(everything).to_string();
    for typed in ["emp1", "who-is-that", "let me in"] {
        assert!(!text.contains(typed), "{text}");
    }
}

async fn what_changes_is_told_with_who_and_from_where(world: World) {
    let address = "198.51.100.4:5000";
    let change = json!({"role": "admin"});
    let edited = from(
        &world,
        address,
        "owner1",
        ("PATCH", "/api/users/2/"),
        change,
    )
    .await;
    assert_eq!(edited.status, 200, "{}", edited.body);
    let settings = json!({"re_assign_hours": 7});
    let path = "/api/companies/1/update_assignment_settings/";
    let changed = from(&world, address, "owner1", ("PATCH", path), settings).await;
    assert_eq!(changed.status, 200, "{}", changed.body);

    let seen = lines(&world, "owner1", "").await;
    let told: Vec<_> = seen
        .iter()
        .map(|line| {
            assert_eq!(
                (&line["actor"], &line["address"]),
                (&json!(1), &json!("198.51.100.4"))
            );
            (
                line["kind"].as_str().unwrap(),
                line["user"].clone(),
                line["detail"].clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("settings_changed", Value::Null, json!("hours=7")),
            ("role_changed", json!(2), json!("admin")),
        ]
    );
    for (query, found) in [
        ("?kind=role_changed", 1),
        ("?kind=role_changed,settings_changed", 2),
        ("?actor=1", 2),
        ("?actor=2", 0),
        ("?user=2", 1),
        ("?from=2025-12-02", 2),
        ("?from=2025-12-03", 0),
        ("?until=2025-12-02T12:00:00Z", 0),
        ("?page_size=1&page=2", 1),
    ] {
        assert_eq!(lines(&world, "owner1", query).await.len(), found, "{query}");
    }
}

async fn conditions_that_make_no_sense_are_refused(world: World) {
    for query in ["?kind=nothing", "?user=x", "?from=yesterday", "?company=1"] {
        let path = format!("/api/audit/{query}");

        let reply = world.ask("owner1", "GET", &path).await;

        assert_eq!(reply.status, 400, "{query}: {}", reply.body);
    }
}
