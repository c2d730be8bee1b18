//! The reference's answers, recorded, against ours: the exchanges of the paths that are here, in
//! order, compared by the rules of the recording.

use crate::world::World;
use axum::body::Body;
use serde_json::Value;

on_both_engines! {
    the_recorded_exchanges_are_answered_as_the_reference_does,
}

const EXCHANGES: &str = include_str!("recorded.json");

/// Values that differ from run to run: compared by kind, not by value.
const VOLATILE: [&str; 8] = [
    "access",
    "refresh",
    "token",
    "last_login",
    "created_at",
    "updated_at",
    "date_joined",
    "sent",
];

/// What Tawzi answers beyond the reference.
const ADDED: [&str; 6] = [
    "assigned_at",
    "last_contacted_at",
    "due_at",
    "unique_phones",
    "phone_region",
    // Beside what is said of the name and the company together.
    "name",
];

/// Times that come from the imported data are compared exactly.
const FIXED_TIME: &str = "2025-12-01T";

async fn the_recorded_exchanges_are_answered_as_the_reference_does(world: World) {
    let exchanges: Vec<Value> = serde_json::from_str(EXCHANGES).unwrap();
    let mut wrong = Vec::new();

    for exchange in &exchanges {
        for difference in replay(&world, exchange).await {
            wrong.push(format!("{}: {difference}", exchange["label"]));
        }
    }

    assert!(exchanges.len() > 120);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn replay(world: &World, exchange: &Value) -> Vec<String> {
    let text = |key: &str| exchange[key].as_str();
    let who = text("who").unwrap_or_default();
    let mut request = world.request(who, text("method").unwrap(), text("path").unwrap());
    for (name, value) in exchange["headers"].as_object().into_iter().flatten() {
        request = request.header(name, value.as_str().unwrap());
    }
    let body = match (text("raw"), exchange.get("request")) {
        (Some(raw), _) => Some(raw.to_owned()),
        (None, Some(body)) => Some(body.to_string()),
        (None, None) => None,
    };
    if body.is_some() {
        request = request.header(
            "Content-Type",
            text("content_type").unwrap_or("application/json"),
        );
    }
    let request = request
        .body(body.map_or(Body::empty(), Body::from))
        .unwrap();

    let found = world.answer(request).await;

    let mut wrong = Vec::new();
    if found.status.as_u16() != exchange["status"] {
        wrong.push(format!("{} {}", found.status, found.body));
    } else if exchange["compare"] == "full" && !exchange["response"].is_null() {
        compare(&exchange["response"], &found.body, "", &mut wrong);
    }
    for (name, value) in exchange["response_headers"]
        .as_object()
        .into_iter()
        .flatten()
    {
        if found.header(name) != value.as_str().unwrap() {
            wrong.push(format!(
                "{name}: {:?} instead of {value}",
                found.header(name)
            ));
        }
    }
    wrong
}

fn compare(expected: &Value, found: &Value, place: &str, wrong: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                let place = format!("{place}.{key}");
                let Some(found) = found.get(key) else {
                    wrong.push(format!("{place} is missing"));
                    continue;
                };
                let fixed = value.as_str().is_some_and(|v| v.starts_with(FIXED_TIME));
                if !VOLATILE.contains(&key.as_str()) || fixed {
                    compare(value, found, &place, wrong);
                } else if value.is_null() != found.is_null() && key != "last_login" {
                    wrong.push(format!("{place}: {found} instead of {value}"));
                }
            }
            let more = |key: &&String| !expected.contains_key(*key);
            for key in found.keys().filter(more) {
                if ADDED.contains(&key.as_str()) {
                    continue;
                }
                wrong.push(format!("{place}.{key} is there, too"));
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (number, (expected, found)) in expected.iter().zip(found).enumerate() {
                compare(expected, found, &format!("{place}[{number}]"), wrong);
            }
        }
        (Value::String(link), Value::String(_)) if link.contains("://") => {}
        (expected, found) if expected == found => {}
        _ => wrong.push(format!("{place}: {found} instead of {expected}")),
    }
}
