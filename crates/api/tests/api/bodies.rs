//! How much of a request is read, by whom it is sent and whatever is in it.

use crate::photos::{BOUNDARY, me};
use crate::world::{Reply, World};
use axum::body::{Body, Bytes};
use http_body::Frame;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

on_both_engines! {
    nobody_is_listened_to_who_may_not_ask,
    no_more_is_read_than_a_request_may_have,
    what_nobody_asks_for_is_passed_over,
    notes_have_ten_thousand_characters_at_most,
    many_clients_can_be_given_away_at_once,
    a_form_holds_no_long_texts,
}

/// A body without end, which counts the KiB that are read of it.
struct Endless(Arc<AtomicUsize>);

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b' '; 1024])))))
    }
}

/// The answer to a request without end, and how many KiB of it are read.
async fn read_of(
    world: &World,
    (who, method, path): (&str, &str, &str),
    media_type: &str,
) -> (Reply, usize) {
    let read = Arc::new(AtomicUsize::new(0));
    let request = world.request(who, method, path);
    let request = request.header("Content-Type", media_type);
    let body = Body::new(Endless(Arc::clone(&read)));
    let answer = world.answer(request.body(body).unwrap()).await;
    (answer, read.load(Ordering::Relaxed))
}

const JSON: &str = "application/json";

async fn nobody_is_listened_to_who_may_not_ask(world: World) {
    let form = format!("multipart/form-data; boundary={BOUNDARY}");
    for (request, media_type, status) in [
        (("", "POST", "/api/clients/"), JSON, 401),
        (("owner3", "POST", "/api/clients/"), JSON, 403),
        (("emp1", "POST", "/api/settings/stages/"), JSON, 403),
        (("emp1", "POST", "/api/users/"), JSON, 403),
        (("emp1", "POST", "/api/users/"), &form, 403),
        (("owner1", "POST", "/api/companies/"), JSON, 403),
        (("emp1", "PATCH", "/api/companies/1/"), JSON, 403),
        (("emp1", "PATCH", "/api/users/3/"), &form, 404),
        (("owner1", "PATCH", "/api/clients/abc/"), JSON, 404),
        (("owner1", "POST", "/api/client-events/"), JSON, 405),
    ] {
        let (answer, read) = read_of(&world, request, media_type).await;

        assert_eq!((answer.status.as_u16(), read), (status, 0), "{request:?}");
    }
    let (answer, read) = read_of(&world, ("owner1", "POST", "/api/clients/"), "text/plain").await;
    assert_eq!((answer.status.as_u16(), read), (415, 1));
}

async fn no_more_is_read_than_a_request_may_have(world: World) {
    let form = format!("multipart/form-data; boundary={BOUNDARY}");
    for (request, media_type, most, status) in [
        (("", "POST", "/api/auth/login/"), JSON, 64, 413),
        (("", "POST", "/api/auth/request-2fa/"), JSON, 64, 413),
        (("emp1", "POST", "/api/clients/"), JSON, 64, 413),
        (("owner1", "PATCH", "/api/users/2/"), JSON, 64, 413),
        (("emp1", "POST", "/api/client-tasks/"), JSON, 128, 413),
        (
            ("owner1", "POST", "/api/clients/bulk_assign/"),
            JSON,
            1024,
            413,
        ),
        (("emp1", "PATCH", "/api/users/2/"), &form, 11 * 1024, 400),
    ] {
        let (answer, read) = read_of(&world, request, media_type).await;

        assert_eq!(answer.status, status, "{request:?}: {}", answer.body);
        assert!((most..=most + 1).contains(&read), "{request:?}: {read} KiB");
    }
}

async fn what_nobody_asks_for_is_passed_over(world: World) {
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let wide = "{\"\":0},".repeat(7_000);
    for rubbish in [
        format!("\"x\": {deep}, \"\": 1e300, \"name\": 5, \"x\": null,"),
        format!("\"phones\": [{wide} \"\\u0000\\ud83d\\ude00\"],"),
    ] {
        let client = format!(
            "{{{rubbish} \"priority\": \"low\", \"type\": \"cold\", \"company\": 1, \"name\": \"رنا\"}}"
        );

        let created = world
            .send_text("owner1", "POST", "/api/clients/", client)
            .await;

        assert_eq!(created.status, 201, "{}", created.body);
        assert_eq!(created.body["name"], "رنا", "the last one counts");
    }
    for (wrong, sentence) in [
        (
            format!("{{\"x\": {}", "[".repeat(200)),
            "recursion limit exceeded",
        ),
        ("{\"x\": [1, 2}".to_owned(), "expected `,` or `]`"),
        ("{\"x\": \"\u{1}\"}".to_owned(), "control character"),
        ("{\"x\": 1} 2".to_owned(), "trailing characters"),
    ] {
        let refused = world
            .send_text("owner1", "POST", "/api/clients/", wrong)
            .await;

        assert_eq!(refused.status, 400);
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.starts_with("JSON parse error - "), "{detail}");
        assert!(detail.contains(sentence), "{detail}");
    }
}

async fn notes_have_ten_thousand_characters_at_most(world: World) {
    let too_long = json!(["Ensure this field has no more than 10000 characters."]);
    // As programs write it that know ASCII alone.
    let longest = "\\ud83d\\ude00".repeat(10_000);
    for (path, rest, field) in [
        ("/api/client-tasks/", "\"client\": 1", "notes"),
        (
            "/api/settings/stages/",
            "\"name\": \"x\", \"company\": 1",
            "description",
        ),
        (
            "/api/settings/statuses/",
            "\"name\": \"x\", \"company\": 1, \"category\": \"active\"",
            "description",
        ),
    ] {
        let body = |more: &str| format!("{{{rest}, \"{field}\": \"{longest}{more}\"}}");

        let refused = world.send_text("owner1", "POST", path, body("x")).await;
        let kept = world.send_text("owner1", "POST", path, body("")).await;

        refused.is(400, json!({field: too_long}));
        assert_eq!(kept.status, 201, "{path}: {}", kept.body);
        assert_eq!(kept.body[field], "😀".repeat(10_000));
    }
    let phone = json!({"phone_number": "1", "notes": "x".repeat(10_001)});
    let phone = world
        .send(
            "owner1",
            "PATCH",
            "/api/clients/1/",
            json!({"phone_numbers": [phone]}),
        )
        .await;
    let sentence = "Phone number 1: notes: Ensure this field has no more than 10000 characters.";
    phone.is(400, json!({"phone_numbers": [sentence]}));
}

async fn many_clients_can_be_given_away_at_once(world: World) {
    let ids = |count: usize| {
        let ids: Vec<_> = (1..=count).collect();
        json!({"client_ids": ids, "user_id": 2})
    };
    let path = "/api/clients/bulk_assign/";

    let given = world.send("owner1", "POST", path, ids(50_000)).await;
    let beyond = world.send("owner1", "POST", path, ids(100_001)).await;

    assert_eq!(given.status, 200, "{}", given.body);
    beyond.is(
        400,
        json!({"detail": "JSON parse error - more than 100000 values"}),
    );
}

async fn a_form_holds_no_long_texts(world: World) {
    let long = "x".repeat(70_000);
    for (name, status) in [("first_name", 413), ("nobody_asks_for_it", 200)] {
        let parts = [crate::photos::text(name, &long)];

        let answer = crate::photos::send(&world, "emp1", 2, &parts).await;

        assert_eq!(answer.status, status, "{}", answer.body);
    }
    assert_eq!(me(&world, "emp1").await["first_name"], "Ed");
    assert_ne!(me(&world, "emp1").await["email"], Value::Null);
}
