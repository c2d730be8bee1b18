//! What the document says about the fields of requests, against what is enforced.

use crate::document::request_fields;
use crate::world::World;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

on_both_engines! {
    what_is_required_is_what_an_empty_body_lacks,
    every_documented_field_is_read,
    null_is_for_fields_that_can_be_null,
    the_documented_lengths_are_the_enforced_ones,
    the_documented_words_and_bounds_are_the_enforced_ones,
}

/// Requests whose fields are answered by name. None of them succeeds with a single field.
const READERS: [(&str, &str); 12] = [
    ("owner1", "/api/users/"),
    ("owner1", "/api/users/change_password/"),
    ("root", "/api/companies/"),
    ("owner1", "/api/clients/"),
    ("owner1", "/api/client-tasks/"),
    ("owner1", "/api/settings/channels/"),
    ("owner1", "/api/settings/stages/"),
    ("owner1", "/api/settings/statuses/"),
    ("", "/api/auth/refresh/"),
    ("", "/api/auth/verify/"),
    ("", "/api/auth/request-2fa/"),
    ("", "/api/auth/login/"),
];

const REQUIRED: &str = "This field is required.";

/// The fields that an address reads under their own names: all but an e-mail address to sign in
/// with, which is another name for the user name.
fn fields(path: &str) -> Map<String, Value> {
    let (mut fields, _) = request_fields("POST", path);
    if path == "/api/auth/login/" {
        fields.remove("email");
    }
    fields
}

/// Anything but a value of any field.
fn nonsense() -> Value {
    json!({"nonsense": [true]})
}

/// The sentences about a field with that value.
async fn sentences(world: &World, (who, path): (&str, &str), name: &str, value: Value) -> String {
    let answer = world.send(who, "POST", path, json!({name: value})).await;
    let sentences = answer.body[name].as_array().cloned().unwrap_or_default();
    let sentences: Vec<_> = sentences.iter().map(|one| one.as_str().unwrap()).collect();
    sentences.join(" ")
}

async fn what_is_required_is_what_an_empty_body_lacks(world: World) {
    for (who, path) in READERS {
        let (_, mut documented) = request_fields("POST", path);
        if path == "/api/auth/login/" {
            // Either this or the address, so that neither is required by itself.
            documented.insert("username".to_owned());
        }

        let answer = world.send(who, "POST", path, json!({})).await;

        let body = answer.body.as_object().unwrap();
        let lacking: BTreeSet<_> = body.keys().cloned().collect();
        assert_eq!(lacking, documented, "{path}");
        assert!(
            body.values()
                .all(|sentences| *sentences == json!([REQUIRED]))
        );
    }
}

async fn every_documented_field_is_read(world: World) {
    for reader in READERS {
        for name in fields(reader.1).keys() {
            let sentences = sentences(&world, reader, name, nonsense()).await;

            assert!(
                !sentences.is_empty() && sentences != REQUIRED,
                "{reader:?} {name}"
            );
        }
    }
    for (who, method, path) in [
        ("owner1", "POST", "/api/users/2/deactivate/"),
        ("owner1", "POST", "/api/clients/bulk_assign/"),
        ("owner1", "POST", "/api/assignment/sweeps/"),
        (
            "owner1",
            "PATCH",
            "/api/companies/1/update_assignment_settings/",
        ),
    ] {
        for name in request_fields(method, path).0.keys() {
            let mut body = json!({"client_ids": [1], "user_id": 2});
            body[name] = nonsense();
            let answer = world.send(who, method, path, body).await;

            assert_eq!(answer.status, 400, "{path} {name}");
            assert!(
                answer.body.to_string().contains(name),
                "{path}: {}",
                answer.body
            );
        }
    }
}

async fn null_is_for_fields_that_can_be_null(world: World) {
    for reader in READERS {
        for (name, field) in fields(reader.1) {
            let can_be_null = field.to_string().contains("\"null\"");
            let sentences = sentences(&world, reader, &name, Value::Null).await;

            let refused = sentences.contains("This field may not be null.");
            assert_eq!(refused, !can_be_null, "{reader:?} {name}: {sentences}");
        }
    }
}

async fn the_documented_lengths_are_the_enforced_ones(world: World) {
    for reader in READERS {
        for (name, field) in fields(reader.1) {
            if !field["type"].to_string().contains("string") || field["pattern"].is_string() {
                continue;
            }
            let long = field["maxLength"].as_u64().unwrap_or(5000);
            let long = usize::try_from(long).unwrap();
            let fits = sentences(&world, reader, &name, json!("x".repeat(long))).await;
            assert!(!fits.contains("no more than"), "{reader:?} {name}: {fits}");
            if field["maxLength"].is_u64() {
                let sentence = format!("no more than {long} characters");
                let longer = json!("x".repeat(long + 1));
                let longer = sentences(&world, reader, &name, longer).await;
                assert!(longer.contains(&sentence), "{reader:?} {name}: {longer}");
            }
            let blank = sentences(&world, reader, &name, json!("")).await;
            let refused = blank.contains("may not be blank") || blank == REQUIRED;
            let wants_something =
                field["minLength"].as_u64().unwrap_or(0) > 0 || !field["enum"].is_null();
            assert_eq!(
                refused || blank.contains("valid choice"),
                wants_something,
                "{reader:?} {name}: {blank}"
            );
        }
    }
    let phones = json!(vec![json!({"phone_number": "1"}); 51]);
    let sentence = sentences(&world, ("owner1", "/api/clients/"), "phone_numbers", phones).await;
    let documented = &fields("/api/clients/")["phone_numbers"]["maxItems"];
    assert!(
        sentence.contains(&format!("at most {documented} ")),
        "{sentence}"
    );
}

async fn the_documented_words_and_bounds_are_the_enforced_ones(world: World) {
    let mut seen = 0;
    for reader in READERS {
        for (name, field) in fields(reader.1) {
            let words = field["enum"].as_array().cloned().unwrap_or_default();
            let least = field["minimum"].as_i64();
            let most = field["maximum"].as_i64();
            let bounds = least.into_iter().chain(most).map(Value::from);
            for good in words.iter().cloned().chain(bounds) {
                let sentences = sentences(&world, reader, &name, good.clone()).await;
                assert_eq!(sentences, "", "{reader:?} {name} {good}");
                seen += 1;
            }
            let beyond = least
                .map(|least| least - 1)
                .into_iter()
                .chain(most.map(|most| most + 1));
            for bad in beyond
                .map(Value::from)
                .chain((!words.is_empty()).then(|| json!("nonsense")))
            {
                let sentences = sentences(&world, reader, &name, bad.clone()).await;
                assert_ne!(sentences, "", "{reader:?} {name} {bad}");
            }
        }
    }
    assert!(seen > 10);
}
