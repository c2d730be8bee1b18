//! Every route, asked by everybody about what belongs to company 1: a table says what each is told.
//! The document of the API says which routes there are, so that none can be left out here.

use crate::world::{NOW, World};
use axum::body::Body;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

on_both_engines! {
    each_route_answers_everybody_as_the_table_says,
    every_route_has_a_row,
}

/// People who have no business in company 1, in the order of the table's columns.
const STRANGERS: [&str; 4] = ["", "owner2", "emp4", "owner3"];

/// People of company 1: one who holds nothing of what is asked for, one who does, their
/// administrator; and the super administrator.
const OWN: [&str; 4] = ["emp2", "emp1", "owner1", "root"];

/// Who is told what: nobody in particular, another company's administrator and employee, an
/// administrator without a subscription; then another employee, the employee whom it concerns, the
/// administrator, and the super administrator. The strangers ask first, line by line; the others follow
/// in the same way, and find what those before them have left.
const TABLE: &str = "
POST   /api/auth/login/                                     -  401 401 401 401   401 401 401 401
POST   /api/auth/refresh/                                   -  401 401 401 401   401 401 401 401
POST   /api/auth/verify/                                    -  401 401 401 401   401 401 401 401
POST   /api/auth/request-2fa/                               -  400 400 400 400   400 400 400 400
POST   /api/auth/verify-2fa/                                -  401 401 401 401   401 401 401 401
POST   /api/auth/verify-email/                              -  400 400 400 400   400 400 400 400
POST   /api/auth/resend-verification/                       -  401 403 403 403   403 200 403 403
POST   /api/auth/forgot-password/                           -  200 200 200 200   200 200 200 200
POST   /api/auth/reset-password/                            -  400 400 400 400   400 400 400 400
GET    /api/auth/check-availability/                        -  400 400 400 400   400 400 400 400
POST   /api/auth/check-availability/                        -  200 200 200 200   200 200 200 200
GET    /api/health/                                         -  200 200 200 200   200 200 200 200
GET    /api/public/plans/                                   -  200 200 200 200   200 200 200 200
GET    /api/openapi.json                                    -  200 200 200 200   200 200 200 200
GET    /api/photos/{key}/                                   0  404 404 404 404   404 404 404 404
GET    /api/users/me/                                       -  401 200 200 200   200 200 200 200
GET    /api/users/                                          -  401 200 200 403   200 200 200 200
POST   /api/users/                                          -  401 400 403 403   403 403 201 400
GET    /api/users/{id}/                                     2  401 404 404 403   404 200 200 403
PATCH  /api/users/{id}/                                     2  401 404 404 403   404 200 200 403
GET    /api/users/{id}/deactivate-preview/                  4  401 404 403 403   403 403 200 403
POST   /api/users/{id}/deactivate/                          4  401 404 403 403   403 403 200 403
POST   /api/users/{id}/reactivate/                          4  401 404 403 403   403 403 200 403
PUT    /api/users/{id}/                                     4  401 404 404 403   404 404 200 403
DELETE /api/users/{id}/                                     4  401 404 404 403   404 404 204 404
GET    /api/companies/                                      -  401 403 403 403   403 403 403 200
POST   /api/companies/                                      -  401 403 403 403   403 403 403 201
GET    /api/companies/{id}/                                 1  401 403 403 403   403 403 403 200
PUT    /api/companies/{id}/                                 1  401 403 403 403   403 403 403 200
PATCH  /api/companies/{id}/                                 1  401 403 403 403   403 403 403 200
PATCH  /api/companies/{id}/update_assignment_settings/      1  401 403 403 403   403 403 200 200
GET    /api/clients/                                        -  401 200 200 403   200 200 200 200
POST   /api/clients/                                        -  401 400 400 403   201 201 201 400
GET    /api/clients/status-counts/                          -  401 200 200 403   200 200 200 200
POST   /api/clients/import/                                 -  401 400 403 403   403 403 400 403
GET    /api/clients/export/                                 -  401 200 403 403   403 403 200 403
GET    /api/clients/{id}/                                   1  401 404 404 403   404 200 200 404
PUT    /api/clients/{id}/                                   1  401 404 404 403   404 200 200 404
PATCH  /api/clients/{id}/                                   1  401 404 404 403   404 200 200 404
POST   /api/clients/bulk_assign/                            -  401 404 403 403   403 403 200 403
POST   /api/clients/assign_unassigned/                      -  401 400 403 403   403 403 200 400
GET    /api/client-tasks/                                   -  401 200 200 403   200 200 200 200
POST   /api/client-tasks/                                   -  401 400 400 403   400 201 201 400
GET    /api/client-tasks/{id}/                              1  401 404 404 403   404 200 200 404
PUT    /api/client-tasks/{id}/                              1  401 404 404 403   404 200 200 404
PATCH  /api/client-tasks/{id}/                              1  401 404 404 403   404 200 200 404
DELETE /api/client-tasks/{id}/                              1  401 404 404 403   404 204 404 404
GET    /api/client-events/                                  -  401 200 200 403   200 200 200 200
GET    /api/client-events/{id}/                             1  401 404 404 403   404 200 200 404
DELETE /api/clients/{id}/                                   1  401 404 404 403   404 204 404 404
GET    /api/settings/channels/                              -  401 200 200 403   200 200 200 403
POST   /api/settings/channels/                              -  401 400 403 403   403 403 201 403
GET    /api/settings/channels/{id}/                         1  401 404 404 403   200 200 200 403
PUT    /api/settings/channels/{id}/                         1  401 404 403 403   403 403 200 403
PATCH  /api/settings/channels/{id}/                         1  401 404 403 403   403 403 200 403
DELETE /api/settings/channels/{id}/                         1  401 404 403 403   403 403 204 403
GET    /api/settings/stages/                                -  401 200 200 403   200 200 200 403
POST   /api/settings/stages/                                -  401 400 403 403   403 403 201 403
GET    /api/settings/stages/{id}/                           1  401 404 404 403   200 200 200 403
PUT    /api/settings/stages/{id}/                           1  401 404 403 403   403 403 200 403
PATCH  /api/settings/stages/{id}/                           1  401 404 403 403   403 403 200 403
DELETE /api/settings/stages/{id}/                           1  401 404 403 403   403 403 204 403
GET    /api/settings/statuses/                              -  401 200 200 403   200 200 200 403
POST   /api/settings/statuses/                              -  401 400 403 403   403 403 201 403
GET    /api/settings/statuses/{id}/                         1  401 404 404 403   200 200 200 403
PUT    /api/settings/statuses/{id}/                         1  401 404 403 403   403 403 200 403
PATCH  /api/settings/statuses/{id}/                         1  401 404 403 403   403 403 200 403
DELETE /api/settings/statuses/{id}/                         1  401 404 403 403   403 403 204 403
GET    /api/assignment/sweeps/                              -  401 200 403 403   403 403 200 403
POST   /api/assignment/sweeps/                              -  401 400 403 403   403 403 200 403
GET    /api/assignment/sweeps/{id}/                         1  401 404 403 403   403 403 200 403
GET    /api/assignment/workload/                            -  401 200 403 403   403 403 200 403
GET    /api/api-keys/                                       -  401 200 403 403   403 403 200 403
POST   /api/api-keys/                                       -  401 201 403 403   403 403 201 403
GET    /api/api-keys/{id}/                                  1  401 404 403 403   403 403 200 403
DELETE /api/api-keys/{id}/                                  1  401 404 403 403   403 403 204 403
GET    /api/audit/                                          -  401 200 403 403   403 403 200 200
GET    /api/deals/                                          -  401 200 200 200   200 200 200 200
GET    /api/tasks/                                          -  401 200 200 200   200 200 200 200
GET    /api/campaigns/                                      -  401 200 200 200   200 200 200 200
GET    /api/developers/                                     -  401 200 200 200   200 200 200 200
GET    /api/projects/                                       -  401 200 200 200   200 200 200 200
GET    /api/units/                                          -  401 200 200 200   200 200 200 200
GET    /api/owners/                                         -  401 200 200 200   200 200 200 200
GET    /api/services/                                       -  401 200 200 200   200 200 200 200
GET    /api/service-packages/                               -  401 200 200 200   200 200 200 200
GET    /api/service-providers/                              -  401 200 200 200   200 200 200 200
GET    /api/products/                                       -  401 200 200 200   200 200 200 200
GET    /api/product-categories/                             -  401 200 200 200   200 200 200 200
GET    /api/suppliers/                                      -  401 200 200 200   200 200 200 200
GET    /api/integrations/accounts/                          -  401 200 200 200   200 200 200 200
GET    /api/integrations/logs/                              -  401 200 200 200   200 200 200 200
POST   /api/users/change_password/                          -  401 400 400 400   400 400 400 400
POST   /api/auth/logout/                                    -  401 204 204 204   204 204 204 204
DELETE /api/companies/{id}/                                 1  401 403 403 403   403 403 403 204
";

/// What is sent, so that whoever may do it can: nothing else is wrong with the request.
fn body(method: &str, path: &str) -> Value {
    match (method, path) {
        ("POST", "/api/users/") => json!({
            "username": "new", "email": "new@acme.example", "role": "employee",
            "password": "a long password", "company_id": 1,
        }),
        ("PUT", "/api/users/{id}/") => json!({
            "username": "other", "email": "other@acme.example", "role": "employee",
        }),
        ("PATCH", "/api/users/{id}/") => json!({"first_name": "New"}),
        ("POST", "/api/users/{id}/deactivate/") => json!({"reassign_leads": true}),
        ("POST", "/api/companies/") => json!({"name": "New", "domain": "new.example"}),
        ("PUT", "/api/companies/{id}/") => json!({"name": "New", "domain": "changed.example"}),
        ("PATCH", "/api/companies/{id}/") => json!({"name": "New"}),
        ("PATCH", "/api/companies/{id}/update_assignment_settings/") => {
            json!({"auto_assign_enabled": true})
        }
        ("POST" | "PUT", "/api/clients/" | "/api/clients/{id}/") => {
            json!({"name": "New", "priority": "low", "type": "fresh", "company": 1})
        }
        ("PATCH", "/api/clients/{id}/") => json!({"name": "Changed"}),
        ("POST", "/api/clients/bulk_assign/") => json!({"client_ids": [1, 2], "user_id": 2}),
        ("POST" | "PUT", "/api/client-tasks/" | "/api/client-tasks/{id}/") => {
            json!({"client": 1, "notes": "New"})
        }
        ("PATCH", "/api/client-tasks/{id}/") => json!({"notes": "Changed"}),
        ("POST" | "PUT", _) if path.starts_with("/api/settings/") => {
            let name = if method == "POST" { "New" } else { "Changed" };
            json!({"name": name, "type": "Web", "category": "active", "company": 1})
        }
        ("PATCH", _) if path.starts_with("/api/settings/") => json!({"name": "Again"}),
        ("POST", "/api/assignment/sweeps/") => json!({"dry_run": true}),
        ("POST", "/api/auth/login/") => json!({"username": "emp1", "password": "wrong"}),
        ("POST", "/api/auth/refresh/") => json!({"refresh": "wrong"}),
        ("POST", "/api/auth/verify/") => json!({"token": "wrong"}),
        ("POST", "/api/auth/request-2fa/") => json!({"username": "nobody"}),
        ("POST", "/api/auth/verify-email/") => json!({"email": "x@y.example", "code": "123456"}),
        ("POST", "/api/auth/resend-verification/") => json!({"email": "emp1@acme.example"}),
        ("POST", "/api/auth/forgot-password/") => json!({"email": "x@y.example"}),
        ("POST", "/api/auth/reset-password/") => json!({
            "email": "x@y.example", "code": "123456", "new_password": "a long password",
            "confirm_password": "a long password",
        }),
        ("POST", "/api/auth/check-availability/") => json!({"username": "free"}),
        ("POST", "/api/auth/verify-2fa/") => {
            json!({"username": "emp1", "password": "wrong", "code": "123456"})
        }
        ("POST", "/api/users/change_password/") => json!({
            "current_password": "wrong", "new_password": "a long password",
            "confirm_password": "a long password",
        }),
        ("POST", "/api/api-keys/") => json!({"name": "Form"}),
        _ => Value::Null,
    }
}

/// The rows: method, path, and the id that stands in it.
fn rows() -> Vec<(&'static str, &'static str, &'static str)> {
    let lines = TABLE.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || words.next().unwrap();
            (word(), word(), word())
        })
        .collect()
}

/// What each of the people is told on each row.
async fn ask_all(world: &World, people: &[&str]) -> Vec<String> {
    let mut told = Vec::new();
    for (method, path, id) in rows() {
        // So that no request is taken for the repetition of one on the line before.
        world.clock.move_to(world.clock.now().plus_seconds(2));
        let address = path.replace("{id}", id).replace("{key}", id);
        let mut statuses = String::new();
        for who in people {
            let answer = match body(method, path) {
                // What it answers is no JSON.
                Value::Null if path.ends_with("/export/") => {
                    let request = world.request(who, method, &address);
                    world.respond(request.body(Body::empty()).unwrap()).await
                }
                Value::Null => world.ask(who, method, &address).await,
                body => world.send(who, method, &address, body).await,
            };
            let _ = write!(statuses, " {}", answer.status.as_u16());
            if path.ends_with("/logout/") && !who.is_empty() {
                world.sign_in_again(who).await;
            }
        }
        told.push(statuses);
    }
    told
}

/// All that company 1 has, as its administrator sees it.
async fn everything(world: &World) -> Vec<Value> {
    let mut all = Vec::new();
    for path in [
        "/api/users/",
        "/api/users/me/",
        "/api/clients/",
        "/api/client-tasks/",
        "/api/client-events/",
        "/api/settings/channels/",
        "/api/settings/stages/",
        "/api/settings/statuses/",
        "/api/assignment/sweeps/",
        "/api/assignment/workload/",
        "/api/api-keys/",
    ] {
        let answer = world.get("owner1", path).await;
        assert_eq!(answer.status, 200, "{path}");
        all.push(answer.body);
    }
    all
}

async fn each_route_answers_everybody_as_the_table_says(world: World) {
    let settings = "/api/companies/1/update_assignment_settings/";
    let on = json!({"re_assign_enabled": true});
    assert_eq!(
        world.send("owner1", "PATCH", settings, on).await.status,
        200
    );
    let key = json!({"name": "Form"});
    assert_eq!(
        world
            .send("owner1", "POST", "/api/api-keys/", key)
            .await
            .status,
        201
    );
    let sweep = world.ask("owner1", "POST", "/api/assignment/sweeps/").await;
    assert_eq!(sweep.status, 201, "{}", sweep.body);
    let before = everything(&world).await;

    let strangers = ask_all(&world, &STRANGERS).await;

    world.clock.move_to(NOW);
    assert!(
        everything(&world).await == before,
        "strangers have changed something"
    );
    let own = ask_all(&world, &OWN).await;
    let mut table = String::from("\n");
    for ((method, path, id), (strangers, own)) in
        rows().into_iter().zip(strangers.into_iter().zip(own))
    {
        let _ = writeln!(table, "{method:<6} {path:<52} {id:<2}{strangers}  {own}");
    }
    assert!(
        table == TABLE,
        "what is answered differs; the table would be\n{table}"
    );
}

async fn every_route_has_a_row(world: World) {
    let document = world.get("", "/api/openapi.json").await.body;
    let mut routes = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                routes.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }

    let tested: BTreeSet<_> = rows()
        .into_iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();

    assert!(routes.len() > 60);
    assert_eq!(routes, tested);
}
