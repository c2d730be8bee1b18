//! Nobody reaches what is not theirs: other companies, other people's clients, and paths for which
//! one has no token or no subscription.

use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    another_companys_things_are_not_there,
    another_companys_settings_are_not_there_and_stay_as_they_are,
    an_employee_sees_only_what_is_assigned_to_them,
    nothing_changes_for_a_stranger,
    without_a_token_there_is_only_signing_in,
    without_a_subscription_clients_are_closed_and_the_reason_is_said,
    other_refusals_never_name_what_signs_a_person_out,
    a_role_that_is_none_of_ours_may_do_nothing,
}

/// Each route about what company 1 has set up, and something to send.
fn settings_routes() -> Vec<(&'static str, &'static str, Value)> {
    let mut routes = Vec::new();
    for path in [
        "/api/settings/channels/1/",
        "/api/settings/stages/1/",
        "/api/settings/statuses/1/",
    ] {
        let body = json!({"name": "x", "type": "x", "category": "closed", "company": 2});
        routes.extend([
            ("GET", path, Value::Null),
            ("PUT", path, body),
            ("PATCH", path, json!({"name": "x"})),
            ("DELETE", path, Value::Null),
        ]);
    }
    routes
}

/// Each route below `/api/` about a client of company 1, and something to send.
fn routes() -> Vec<(&'static str, &'static str, Value)> {
    let client = json!({"name": "x", "priority": "low", "type": "cold", "company": 2});
    vec![
        ("GET", "/api/clients/1/", Value::Null),
        ("PUT", "/api/clients/1/", client),
        ("PATCH", "/api/clients/1/", json!({"name": "x"})),
        ("DELETE", "/api/clients/1/", Value::Null),
        ("GET", "/api/client-tasks/1/", Value::Null),
        ("PUT", "/api/client-tasks/1/", json!({"client": 9})),
        ("PATCH", "/api/client-tasks/1/", json!({"notes": "x"})),
        ("DELETE", "/api/client-tasks/1/", Value::Null),
        ("GET", "/api/client-events/1/", Value::Null),
    ]
}

async fn another_companys_things_are_not_there(world: World) {
    for who in ["owner2", "emp4", "root"] {
        for (method, path, body) in routes() {
            let answer = world.send(who, method, path, body).await;

            assert_eq!(answer.status, 404, "{who} {method} {path}");
        }
    }
    for path in ["/api/clients/", "/api/client-tasks/", "/api/client-events/"] {
        let list = world.get("owner2", path).await;
        let companies = list.column("company");
        assert!(companies.iter().all(|company| *company != 1), "{path}");
        assert_eq!(list.body["count"], companies.len());
    }
    let events = world.get("owner2", "/api/client-events/?client=1").await;
    assert_eq!(events.body["count"], 0);
}

async fn another_companys_settings_are_not_there_and_stay_as_they_are(world: World) {
    let lists = ["channels", "stages", "statuses"].map(|name| format!("/api/settings/{name}/"));
    let mut before = Vec::new();
    for list in &lists {
        before.push(world.get("owner1", list).await.body);
    }

    for (method, path, body) in settings_routes() {
        let answer = world.send("owner2", method, path, body).await;

        assert_eq!(answer.status, 404, "{method} {path}");
    }
    assert_eq!(world.get("emp4", lists[2].as_str()).await.column("id"), [5]);
    for (list, before) in lists.iter().zip(before) {
        for company in world.get("owner2", list).await.column("company") {
            assert_eq!(company, 2, "{list}");
        }
        assert_eq!(world.get("owner1", list).await.body, before);
    }
}

async fn an_employee_sees_only_what_is_assigned_to_them(world: World) {
    for (method, path, body) in routes() {
        let answer = world.send("emp2", method, path, body).await;

        assert_eq!(answer.status, 404, "{method} {path}");
    }
    assert_eq!(world.get("emp2", "/api/clients/").await.column("id"), [4]);
    assert_eq!(
        world.get("emp2", "/api/client-tasks/").await.body["count"],
        0
    );
    assert_eq!(
        world.get("emp2", "/api/client-events/").await.body["count"],
        0
    );
    let found = world.get("emp2", "/api/clients/?search=lead%201").await;
    assert_eq!(found.body["count"], 0);

    let given_away = json!({"assigned_to": 2});
    let given_away = world
        .send("emp2", "PATCH", "/api/clients/4/", given_away)
        .await;
    assert_eq!(given_away.body["assigned_to"], 2);
    assert_eq!(world.get("emp2", "/api/clients/4/").await.status, 404);
    assert_eq!(
        world.get("emp2", "/api/client-events/").await.body["count"],
        0
    );
}

async fn nothing_changes_for_a_stranger(world: World) {
    let before = world.get("owner1", "/api/clients/").await.body;
    let bulk = json!({"client_ids": [1, 2, 3, 7], "user_id": 7});

    let moved = world
        .send("owner2", "POST", "/api/clients/bulk_assign/", bulk)
        .await;
    for (method, path, body) in routes() {
        world.send("owner2", method, path, body).await;
    }

    moved.is(200, json!({"message": "Successfully assigned 0 lead(s)."}));
    assert_eq!(world.get("owner1", "/api/clients/").await.body, before);
}

async fn without_a_token_there_is_only_signing_in(world: World) {
    let mut paths = routes();
    paths.extend(settings_routes());
    paths.extend([
        ("GET", "/api/settings/statuses/", Value::Null),
        ("GET", "/api/deals/", Value::Null),
        ("GET", "/api/deals/1/", Value::Null),
        ("GET", "/api/users/me/", Value::Null),
        ("GET", "/api/clients/", Value::Null),
        ("POST", "/api/clients/", json!({})),
        ("POST", "/api/clients/bulk_assign/", json!({})),
        ("POST", "/api/clients/assign_unassigned/", Value::Null),
        ("GET", "/api/client-tasks/", Value::Null),
        ("POST", "/api/client-tasks/", json!({})),
        ("GET", "/api/client-events/", Value::Null),
        (
            "PATCH",
            "/api/companies/1/update_assignment_settings/",
            json!({}),
        ),
        // Who one is comes before what one may do with it.
        ("DELETE", "/api/clients/", Value::Null),
        ("OPTIONS", "/api/clients/", Value::Null),
    ]);
    let detail = json!({"detail": "Authentication credentials were not provided."});

    for (method, path, body) in paths {
        let answer = world.send("", method, path, body).await;

        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"api\"");
        answer.is(401, &detail);
    }
    world
        .get("", "/api/health/")
        .await
        .is(200, json!({"status": "ok"}));
}

async fn without_a_subscription_clients_are_closed_and_the_reason_is_said(world: World) {
    let detail = "Your subscription is not active. Please contact support or complete your \
                  payment to access the system.";
    let mut paths = routes();
    paths.extend(settings_routes());
    paths.extend([
        ("POST", "/api/settings/statuses/", json!({})),
        ("POST", "/api/clients/", json!([])),
        ("POST", "/api/clients/bulk_assign/", json!({})),
        ("POST", "/api/clients/assign_unassigned/", Value::Null),
        ("POST", "/api/client-tasks/", json!({})),
        ("POST", "/api/client-events/", json!({})),
    ]);

    for (method, path, body) in paths {
        for who in ["owner3", "emp5"] {
            let answer = world.send(who, method, path, body.clone()).await;

            answer.is(403, json!({"detail": detail}));
        }
    }
    assert_eq!(world.get("emp5", "/api/users/me/").await.status, 200);
}

async fn other_refusals_never_name_what_signs_a_person_out(world: World) {
    for (method, path, body) in [
        (
            "POST",
            "/api/clients/bulk_assign/",
            json!({"client_ids": [1]}),
        ),
        ("POST", "/api/clients/assign_unassigned/", Value::Null),
        ("POST", "/api/settings/statuses/", json!({})),
        (
            "PATCH",
            "/api/companies/1/update_assignment_settings/",
            json!({}),
        ),
    ] {
        let answer = world.send("emp1", method, path, body).await;

        assert_eq!(answer.status, 403);
        let text = answer.body.to_string().to_lowercase();
        for word in ["active", "subscription", "اشتراك"] {
            assert!(!text.contains(word), "{text}");
        }
    }
}

async fn a_role_that_is_none_of_ours_may_do_nothing(world: World) {
    world
        .execute("UPDATE user_account SET role = 'data_entry' WHERE id = 2")
        .await;

    for (method, path, body) in routes() {
        let answer = world.send("emp1", method, path, body).await;

        assert_eq!(answer.status, 404, "{method} {path}");
    }
    for (method, path, body) in settings_routes() {
        let answer = world.send("emp1", method, path, body).await;

        assert_eq!(answer.status, 403, "{method} {path}");
    }
    assert_eq!(world.get("emp1", "/api/clients/").await.body["count"], 0);
    let spread = "/api/clients/assign_unassigned/";
    assert_eq!(world.ask("emp1", "POST", spread).await.status, 403);
}
