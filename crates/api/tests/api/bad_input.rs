//! Whatever is sent, the answer says what is wrong with it and is never the server's fault.

use crate::world::World;
use axum::body::Body;
use serde_json::{Value, json};

on_both_engines! {
    each_wrong_value_has_its_sentence,
    no_value_of_any_field_breaks_the_server,
    no_text_that_is_no_json_breaks_the_server,
    no_query_breaks_the_server,
}

/// A field of a client, a JSON value, and what is wrong with it.
const WRONG: [(&str, &str, &str); 27] = [
    ("name", "true", "Not a valid string."),
    ("name", "{}", "Not a valid string."),
    ("name", r#""a\u0000""#, NULL_CHARACTERS),
    ("name", r#"" \t ""#, "This field may not be blank."),
    ("priority", "5", r#""5" is not a valid choice."#),
    ("priority", "true", r#""True" is not a valid choice."#),
    ("priority", r#""""#, r#""" is not a valid choice."#),
    ("type", r#""Fresh""#, r#""Fresh" is not a valid choice."#),
    (
        "status",
        "1.5",
        "Incorrect type. Expected pk value, received float.",
    ),
    (
        "status",
        r#""1.0""#,
        "Incorrect type. Expected pk value, received str.",
    ),
    (
        "status",
        r#"" ""#,
        "Incorrect type. Expected pk value, received str.",
    ),
    (
        "status",
        "[1]",
        "Incorrect type. Expected pk value, received list.",
    ),
    (
        "status",
        "{}",
        "Incorrect type. Expected pk value, received dict.",
    ),
    (
        "status",
        "false",
        "Incorrect type. Expected pk value, received bool.",
    ),
    ("status", r#""99999999999999999999""#, NO_SUCH_BIG_ID),
    (
        "status",
        "-1",
        r#"Invalid pk "-1" - object does not exist."#,
    ),
    ("company", r#""""#, "This field may not be null."),
    ("company", "99999999999999999999", NO_SUCH_ROUNDED_ID),
    ("budget", r#""12,5""#, "A valid number is required."),
    ("budget", r#""١٢""#, "A valid number is required."),
    ("budget", r#""NaN""#, "A valid number is required."),
    ("budget", "true", "A valid number is required."),
    (
        "budget",
        "1e300",
        "Ensure that there are no more than 12 digits in total.",
    ),
    (
        "budget",
        "0.001",
        "Ensure that there are no more than 2 decimal places.",
    ),
    ("budget", "12345678901", TOO_MANY_WHOLE_DIGITS),
    ("phone_number", r#""1\u0000""#, NULL_CHARACTERS),
    (
        "phone_number",
        r#""123456789012345678901""#,
        "Ensure this field has no more than 20 characters.",
    ),
];

const NULL_CHARACTERS: &str = "Null characters are not allowed.";
const NO_SUCH_BIG_ID: &str = r#"Invalid pk "99999999999999999999" - object does not exist."#;
/// Numbers beyond 64 bits are read as floating ones.
const NO_SUCH_ROUNDED_ID: &str = r#"Invalid pk "100000000000000000000" - object does not exist."#;
const TOO_MANY_WHOLE_DIGITS: &str =
    "Ensure that there are no more than 10 digits before the decimal point.";

async fn each_wrong_value_has_its_sentence(world: World) {
    let path = "/api/clients/1/";
    for (field, value, sentence) in WRONG {
        let body = format!("{{\"{field}\": {value}}}");

        let answer = world.send_text("owner1", "PATCH", path, body).await;

        answer.is(400, json!({field: [sentence]}));
    }
    let long = json!({"budget": "9".repeat(1001)});
    let long = world.send("owner1", "PATCH", path, long).await;
    long.is(400, json!({"budget": ["String value too large."]}));
    let both = json!({"name": format!("{}\0", "n".repeat(255))});
    let both = world.send("owner1", "PATCH", path, both).await;
    let long = "Ensure this field has no more than 255 characters.";
    both.is(400, json!({"name": [long, NULL_CHARACTERS]}));
}

/// Values of all kinds and sizes.
fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("\0"),
        json!("\u{feff}\u{202e}\u{10ffff}"),
        json!("x".repeat(100_000)),
        json!("9".repeat(400)),
        json!([]),
        json!([[null]]),
        json!({}),
        json!({"id": {"id": [1]}}),
        json!([{"phone_number": "1", "id": u64::MAX, "notes": {}, "phone_type": []}]),
    ]
}

async fn no_value_of_any_field_breaks_the_server(world: World) {
    let client = json!({"name": "x", "priority": "low", "type": "cold", "company": 1,
        "communication_way": 1, "status": 1, "budget": 1, "phone_number": "1",
        "phone_numbers": [], "assigned_to": 2});
    let task = json!({"client": 1, "stage": 1, "notes": "x", "reminder_date": "2025-12-25T10:30"});
    let bulk = json!({"client_ids": [1], "user_id": 2});
    let channel = json!({"name": "x", "type": "x", "priority": "low", "company": 1,
        "is_active": true});
    let stage = json!({"name": "x", "description": "x", "color": "#ffffff", "required": true,
        "auto_advance": true, "order": 1, "company": 1, "is_active": true});
    let status = json!({"name": "x", "description": "x", "category": "active", "color": "#ffffff",
        "is_default": true, "is_hidden": true, "company": 1, "is_active": true});
    let settings = json!({"auto_assign_enabled": false, "re_assign_enabled": false,
        "re_assign_hours": 24});
    let login = json!({"username": "emp1", "password": "x", "email": "x"});
    let code = json!({"username": "emp1", "password": "Passw0rd!x", "code": "1", "token": "x"});
    for (method, path, good) in [
        ("POST", "/api/clients/", &client),
        ("PUT", "/api/clients/1/", &client),
        ("PATCH", "/api/clients/1/", &client),
        ("POST", "/api/client-tasks/", &task),
        ("PUT", "/api/client-tasks/1/", &task),
        ("POST", "/api/settings/channels/", &channel),
        ("PUT", "/api/settings/channels/1/", &channel),
        ("POST", "/api/settings/stages/", &stage),
        ("PUT", "/api/settings/stages/1/", &stage),
        ("POST", "/api/settings/statuses/", &status),
        ("PATCH", "/api/settings/statuses/1/", &status),
        ("POST", "/api/clients/bulk_assign/", &bulk),
        (
            "PATCH",
            "/api/companies/1/update_assignment_settings/",
            &settings,
        ),
        ("POST", "/api/auth/login/", &login),
        (
            "POST",
            "/api/auth/request-2fa/",
            &json!({"username": "emp1"}),
        ),
        ("POST", "/api/auth/verify-2fa/", &code),
        ("POST", "/api/auth/refresh/", &json!({"refresh": "x"})),
        ("POST", "/api/auth/verify/", &json!({"token": "x"})),
    ] {
        for field in good.as_object().unwrap().keys() {
            for value in &values() {
                let mut body = good.clone();
                body[field] = value.clone();

                let answer = world.send("owner1", method, path, body).await;

                let status = answer.status.as_u16();
                assert!(status < 500, "{method} {path} {field} {value}: {status}");
            }
        }
    }
}

async fn no_text_that_is_no_json_breaks_the_server(world: World) {
    let deep = format!("{}1{}", "[".repeat(30_000), "]".repeat(30_000));
    let deep_object = format!("{{\"name\": {}1", "{\"a\":".repeat(10_000));
    for body in [
        b"{bad".to_vec(),
        b"{\"name\": \"\xff\xfe\"}".to_vec(),
        b"{\"name\": \"\\ud800\"}".to_vec(),
        b"{\"name\": \"\\udc00\\ud800\"}".to_vec(),
        b"{\"budget\": 1e999}".to_vec(),
        b"{\"budget\": NaN}".to_vec(),
        b"{\"name\": \"a\"} x".to_vec(),
        b"   ".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        deep.into_bytes(),
        deep_object.into_bytes(),
    ] {
        for (method, path) in [("POST", "/api/clients/"), ("PATCH", "/api/client-tasks/1/")] {
            let answer = world.send_text("owner1", method, path, body.clone()).await;

            assert_eq!(answer.status, 400);
            let detail = answer.body["detail"].as_str().unwrap();
            assert!(detail.starts_with("JSON parse error - "), "{detail}");
        }
    }
}

async fn no_query_breaks_the_server(world: World) {
    for list in [
        "clients",
        "client-tasks",
        "client-events",
        "settings/channels",
        "settings/stages",
        "settings/statuses",
        "deals",
        "public/plans",
    ] {
        for query in [
            "search=%FF%FE",
            "search=%",
            "search='",
            "search=%5C%25_",
            "search=%22%22%22",
            "ordering=%00",
            "ordering=-,,--,id;DROP",
            "page=%00",
            "page=9223372036854775807&page_size=1000",
            "page_size=99999999999999999999999",
            "client=%00",
            "client=9223372036854775808",
            "&&==&=&page",
            "page=1&page=x",
        ] {
            let answer = world.get("owner1", &format!("/api/{list}/?{query}")).await;

            let status = answer.status.as_u16();
            assert!(status < 500, "{list} {query}: {}", answer.body);
        }
    }
    let request = world.request("owner1", "GET", "/api/clients/?page_size=1");
    let request = request.header("Host", "a b\"c").header("Host", "x");
    let answer = world.answer(request.body(Body::empty()).unwrap()).await;
    assert_ne!(answer.body["next"], Value::Null);
}
