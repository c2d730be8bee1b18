//! What browsers need: CORS, headers, and limits that answer.

use crate::world::{Reply, World};
use axum::body::Body;
use serde_json::{Value, json};

on_both_engines! {
    a_page_that_may_call_is_told_so_in_every_answer,
    a_page_that_may_not_call_is_told_nothing,
    a_preflight_is_answered_for_every_address,
    answers_are_not_kept_and_not_guessed_at,
    a_body_that_is_too_large_is_refused,
    a_body_must_say_that_it_is_json,
    a_body_that_is_no_object_is_refused,
}

const ALLOW_ORIGIN: &str = "access-control-allow-origin";

async fn from_page(world: &World, origin: &str, who: &str, path: &str) -> Reply {
    let request = world.request(who, "GET", path).header("Origin", origin);
    world.answer(request.body(Body::empty()).unwrap()).await
}

async fn preflight(world: &World, origin: &str, path: &str) -> Reply {
    let request = world.request("", "OPTIONS", path);
    let request = request
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "PATCH")
        .header(
            "Access-Control-Request-Headers",
            "authorization,content-type",
        );
    world.answer(request.body(Body::empty()).unwrap()).await
}

async fn a_page_that_may_call_is_told_so_in_every_answer(world: World) {
    for origin in [
        "http://localhost",
        "http://localhost:3000",
        "https://app.localhost:5173",
        "http://127.0.0.1:8080",
        "http://0.0.0.0:1",
        "https://crm.example",
        "HTTPS://CRM.EXAMPLE",
        "https://tawzi.example",
        "https://a.b.tawzi.example",
    ] {
        for (who, path) in [
            ("owner1", "/api/clients/"),
            ("", "/api/clients/"),
            ("owner1", "/api/nope/"),
        ] {
            let answer = from_page(&world, origin, who, path).await;

            assert_eq!(answer.header(ALLOW_ORIGIN), origin, "{path}");
            assert_eq!(answer.header("access-control-allow-credentials"), "true");
            assert_eq!(answer.header("vary").to_lowercase(), "origin");
        }
    }
}

async fn a_page_that_may_not_call_is_told_nothing(world: World) {
    for origin in [
        "http://evil.example",
        "http://crm.example",
        "https://crm.example.evil",
        "https://localhost.evil.example",
        "https://nottawzi.example",
        "https://localhost@evil.example",
        "ftp://localhost",
        "null",
        "",
    ] {
        for answer in [
            from_page(&world, origin, "owner1", "/api/clients/").await,
            preflight(&world, origin, "/api/clients/").await,
        ] {
            let names = answer.headers.keys();
            let told: Vec<_> = names
                .filter(|name| name.as_str().contains("access"))
                .collect();
            assert!(told.is_empty(), "{told:?}");
            assert_eq!(answer.header("vary").to_lowercase(), "origin");
        }
    }
}

async fn a_preflight_is_answered_for_every_address(world: World) {
    for path in ["/api/clients/", "/api/clients", "/api/deals/"] {
        let answer = preflight(&world, "http://localhost:3000", path).await;

        assert_eq!(answer.header(ALLOW_ORIGIN), "http://localhost:3000");
        assert_eq!(answer.header("access-control-max-age"), "3600");
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        let mut methods: Vec<_> = answer
            .header("access-control-allow-methods")
            .split(',')
            .collect();
        methods.sort_unstable();
        assert_eq!(
            methods,
            ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"]
        );
        let headers = answer.header("access-control-allow-headers");
        assert!(headers.contains("authorization") && headers.contains("x-csrftoken"));
        answer.is(200, Value::Null);
    }
}

async fn answers_are_not_kept_and_not_guessed_at(world: World) {
    for path in ["/api/clients/", "/api/nope/", "/api/clients"] {
        let answer = world.get("owner1", path).await;

        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
}

async fn a_body_that_is_too_large_is_refused(world: World) {
    let refused = json!({"detail": "The request's body is too large."});

    let large = " ".repeat(64 * 1024 + 1);
    let answer = world
        .send_text("owner1", "POST", "/api/clients/", large)
        .await;
    answer.is(413, &refused);
    let stranger = world
        .send_text("", "POST", "/api/auth/login/", " ".repeat(70_000))
        .await;
    stranger.is(413, refused);
}

async fn a_body_must_say_that_it_is_json(world: World) {
    for media_type in [
        "text/plain",
        "",
        "application/x-www-form-urlencoded",
        "application/jsonp",
    ] {
        let request = world.request("owner1", "POST", "/api/clients/");
        let request = request.header("Content-Type", media_type);

        let answer = world.answer(request.body(Body::from("a=b")).unwrap()).await;

        let detail = format!("Unsupported media type \"{media_type}\" in request.");
        answer.is(415, json!({"detail": detail}));
    }
    let nothing = world.ask("owner1", "POST", "/api/client-tasks/").await;
    nothing.is(400, json!({"client": ["This field is required."]}));
}

async fn a_body_that_is_no_object_is_refused(world: World) {
    for (body, sentence) in [
        ("[]", "Invalid data. Expected a dictionary, but got list."),
        ("\"x\"", "Invalid data. Expected a dictionary, but got str."),
        ("1", "Invalid data. Expected a dictionary, but got int."),
        ("1.5", "Invalid data. Expected a dictionary, but got float."),
        ("true", "Invalid data. Expected a dictionary, but got bool."),
        ("null", "No data provided"),
    ] {
        for (method, path) in [
            ("POST", "/api/clients/"),
            ("POST", "/api/clients/bulk_assign/"),
            ("PATCH", "/api/companies/1/update_assignment_settings/"),
            ("POST", "/api/auth/login/"),
        ] {
            let answer = world.send_text("owner1", method, path, body).await;

            answer.is(400, json!({"non_field_errors": [sentence]}));
        }
    }
}
