//! The page on which people read the document.

use crate::world::{Reply, World};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

on_both_engines! {
    the_page_is_there_with_all_it_needs,
    what_is_not_part_of_the_page_is_not_found,
}

async fn part(world: &World, path: &str) -> Reply {
    let request = Request::get(path).body(Body::empty()).unwrap();
    world.respond(request).await
}

async fn the_page_is_there_with_all_it_needs(world: World) {
    for (name, kind) in [
        ("", "text/html"),
        ("swagger-ui.css", "text/css"),
        ("index.css", "text/css"),
        ("swagger-ui-bundle.js", "text/javascript"),
        ("swagger-ui-standalone-preset.js", "text/javascript"),
        ("swagger-initializer.js", "text/javascript"),
        ("favicon-32x32.png", "image/png"),
    ] {
        let answer = part(&world, &format!("/api/docs/{name}")).await;

        assert_eq!(answer.status, StatusCode::OK, "{name}");
        assert_eq!(answer.header("content-type"), kind);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{policy}"
        );
        assert!(
            !policy.contains("http") && !policy.contains("unsafe"),
            "{policy}"
        );
    }
    let start = part(&world, "/api/docs/swagger-initializer.js").await;
    let start = start.text();
    assert!(start.contains("\"/api/openapi.json\""), "{start}");
    assert!(start.contains("\"validatorUrl\": \"none\""), "{start}");
    // With the other layout comes a bar to load other documents, and a picture with styles of its own.
    assert!(start.contains("\"layout\": \"BaseLayout\""), "{start}");
}

async fn what_is_not_part_of_the_page_is_not_found(world: World) {
    let bare = world.get("", "/api/docs").await;
    assert_eq!(
        (bare.status.as_u16(), bare.header("location")),
        (301, "/api/docs/")
    );
    for path in [
        "/api/docs/nope.js",
        "/api/docs/..%2fCargo.toml",
        "/api/docs/a/b",
    ] {
        let answer = world.get("", path).await;

        answer.is(404, json!({"detail": "Not found."}));
    }
    let posted = world.ask("", "POST", "/api/docs/").await;
    posted.is(405, json!({"detail": "Method \"POST\" not allowed."}));
}
