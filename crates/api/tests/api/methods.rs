//! Methods, slashes, and addresses that are nothing.

use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    a_method_that_is_not_allowed_is_refused_with_those_that_are,
    options_say_what_is_allowed,
    a_head_is_a_get_without_its_body,
    an_address_without_its_slash_leads_to_the_one_with_it,
    an_unknown_address_is_not_found_in_json,
    without_its_database_the_server_says_that_it_cannot_work,
}

const ROUTES: [(&str, &str); 36] = [
    ("/api/auth/login/", "POST, OPTIONS"),
    ("/api/auth/refresh/", "POST, OPTIONS"),
    ("/api/auth/verify/", "POST, OPTIONS"),
    ("/api/auth/request-2fa/", "OPTIONS, POST"),
    ("/api/auth/verify-2fa/", "OPTIONS, POST"),
    ("/api/auth/logout/", "POST, OPTIONS"),
    ("/api/health/", "GET, HEAD, OPTIONS"),
    ("/api/users/me/", "GET, HEAD, OPTIONS"),
    ("/api/users/", "GET, POST, HEAD, OPTIONS"),
    ("/api/users/2/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ("/api/users/change_password/", "POST, OPTIONS"),
    ("/api/users/2/deactivate-preview/", "GET, HEAD, OPTIONS"),
    ("/api/users/2/deactivate/", "POST, OPTIONS"),
    ("/api/users/2/reactivate/", "POST, OPTIONS"),
    ("/api/api-keys/", "GET, POST, HEAD, OPTIONS"),
    ("/api/api-keys/1/", "GET, DELETE, HEAD, OPTIONS"),
    ("/api/companies/", "GET, POST, HEAD, OPTIONS"),
    (
        "/api/companies/1/update_assignment_settings/",
        "PATCH, OPTIONS",
    ),
    ("/api/clients/", "GET, POST, HEAD, OPTIONS"),
    ("/api/clients/1/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ("/api/clients/bulk_assign/", "POST, OPTIONS"),
    ("/api/clients/assign_unassigned/", "POST, OPTIONS"),
    (
        "/api/client-tasks/1/",
        "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
    ),
    ("/api/client-events/", "GET, HEAD, OPTIONS"),
    ("/api/client-events/1/", "GET, HEAD, OPTIONS"),
    ("/api/assignment/sweeps/", "GET, POST, HEAD, OPTIONS"),
    ("/api/assignment/sweeps/1/", "GET, HEAD, OPTIONS"),
    ("/api/assignment/workload/", "GET, HEAD, OPTIONS"),
    ("/api/settings/channels/", "GET, POST, HEAD, OPTIONS"),
    (
        "/api/settings/channels/1/",
        "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
    ),
    ("/api/settings/stages/", "GET, POST, HEAD, OPTIONS"),
    (
        "/api/settings/stages/1/",
        "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
    ),
    ("/api/settings/statuses/", "GET, POST, HEAD, OPTIONS"),
    (
        "/api/settings/statuses/1/",
        "GET, PUT, PATCH, DELETE, HEAD, OPTIONS",
    ),
    ("/api/public/plans/", "GET, HEAD, OPTIONS"),
    ("/api/photos/1/", "GET, HEAD, OPTIONS"),
];

async fn a_method_that_is_not_allowed_is_refused_with_those_that_are(world: World) {
    for (path, allow) in ROUTES {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            if allow.split(", ").any(|allowed| allowed == method) {
                continue;
            }
            let answer = world.send_text("owner1", method, path, "{bad").await;

            assert_eq!(answer.header("allow"), allow, "{method} {path}");
            let detail = format!("Method \"{method}\" not allowed.");
            answer.is(405, json!({"detail": detail}));
        }
    }
}

async fn options_say_what_is_allowed(world: World) {
    for (path, allow) in ROUTES {
        let answer = world.ask("owner1", "OPTIONS", path).await;

        assert_eq!(answer.header("allow"), allow, "{path}");
        answer.is(200, Value::Null);
    }
}

async fn a_head_is_a_get_without_its_body(world: World) {
    for path in ["/api/clients/", "/api/clients/1/", "/api/users/me/"] {
        let head = world.ask("owner1", "HEAD", path).await;

        assert_eq!(head.header("content-type"), "application/json");
        head.is(200, Value::Null);
    }
    let nothing = world
        .ask("owner1", "HEAD", "/api/clients/bulk_assign/")
        .await;
    assert_eq!(nothing.status, 405);
}

async fn an_address_without_its_slash_leads_to_the_one_with_it(world: World) {
    for (path, location) in [
        ("/api/clients", "/api/clients/"),
        ("/api/clients/1?a=b&c", "/api/clients/1/?a=b&c"),
        ("/api/users/me", "/api/users/me/"),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = world.ask("", method, path).await;

            assert_eq!(answer.status, 301);
            assert_eq!(answer.header("location"), location);
        }
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = world.ask("owner1", method, path).await;

            assert_eq!(answer.status, 404);
            assert!(answer.body["detail"].as_str().unwrap().contains("slash"));
        }
    }
}

async fn an_unknown_address_is_not_found_in_json(world: World) {
    for path in ["/api", "/api/", "/api/nope", "/api/nope/", "/api/a/b/c/"] {
        for method in ["GET", "POST", "DELETE"] {
            for who in ["", "owner1"] {
                let answer = world.ask(who, method, path).await;

                answer.is(404, json!({"detail": "Not found."}));
            }
        }
    }
}

async fn without_its_database_the_server_says_that_it_cannot_work(world: World) {
    world
        .get("", "/api/health/")
        .await
        .is(200, json!({"status": "ok"}));
    world.app.db().close().await;

    for path in ["/api/health/", "/api/clients/"] {
        let answer = world.get("owner1", path).await;

        let sentence = "The database cannot be reached; try again in a moment.";
        answer.is(503, json!({"detail": sentence}));
    }
}
