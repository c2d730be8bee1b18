//! Companies: for super administrators alone.

use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    nobody_else_sees_or_changes_a_company,
    a_company_is_created_with_its_first_administrator_and_deleted,
    what_is_wrong_with_a_company_is_said_by_field,
    an_owner_is_an_administrator_of_the_company,
}

async fn nobody_else_sees_or_changes_a_company(world: World) {
    for who in ["owner1", "emp1"] {
        for (method, path) in [
            ("GET", "/api/companies/"),
            ("POST", "/api/companies/"),
            ("GET", "/api/companies/1/"),
            ("PUT", "/api/companies/1/"),
            ("PATCH", "/api/companies/1/"),
            ("DELETE", "/api/companies/1/"),
            ("GET", "/api/companies/99/"),
        ] {
            let answer = world.send(who, method, path, json!({"name": 1})).await;

            assert_eq!(answer.status, 403, "{who} {method} {path}");
        }
    }
    assert_eq!(world.get("root", "/api/companies/99/").await.status, 404);
    assert_eq!(world.get("root", "/api/companies/").await.body["count"], 3);
    let found = world.get("root", "/api/companies/?search=owner2").await;
    assert_eq!(found.column("id"), [2]);
}

async fn a_company_is_created_with_its_first_administrator_and_deleted(world: World) {
    let body = json!({"name": "شركة جديدة", "domain": "new.example", "specialization": "services"});
    let created = world.send("root", "POST", "/api/companies/", body).await;
    assert_eq!(created.status, 201, "{}", created.body);
    assert_eq!(created.body["owner"], Value::Null);
    let id = created.body["id"].as_i64().unwrap();
    let path = format!("/api/companies/{id}/");
    let boss = json!({
        "username": "boss", "email": "boss@new.example", "password": "Abc12345!z",
        "role": "admin", "company_id": id,
    });
    let boss = world.send("root", "POST", "/api/users/", boss).await;
    let changed = world
        .send("root", "PATCH", &path, json!({"re_assign_hours": 48}))
        .await;
    assert_eq!(changed.body["owner"], boss.body["id"]);
    assert_eq!(changed.body["re_assign_hours"], 48);
    assert_eq!(changed.body["name"], "شركة جديدة");

    for company in ["1", &id.to_string()] {
        let path = format!("/api/companies/{company}/");
        let deleted = world.ask("root", "DELETE", &path).await;

        deleted.is(204, Value::Null);
        assert_eq!(world.get("root", &path).await.status, 404);
    }
    assert_eq!(
        world.get("root", "/api/companies/").await.column("id"),
        [3, 2]
    );
    assert_eq!(world.get("owner1", "/api/users/me/").await.status, 401);
    assert_eq!(world.get("owner2", "/api/clients/").await.status, 200);
}

async fn what_is_wrong_with_a_company_is_said_by_field(world: World) {
    let good = json!({"name": "N", "domain": "n.example"});
    for (key, value) in [
        ("name", json!("")),
        ("name", json!("x".repeat(65))),
        ("domain", json!("acme.example")),
        ("domain", json!(null)),
        ("specialization", json!("cars")),
        ("owner", json!(1)),
        ("re_assign_hours", json!(0)),
        ("re_assign_hours", json!("soon")),
        ("auto_assign_enabled", json!([])),
    ] {
        let mut body = good.clone();
        body[key] = value.clone();
        let refused = world.send("root", "POST", "/api/companies/", body).await;

        assert_eq!(refused.status, 400, "{key}: {value}");
        assert!(refused.body[key].is_array(), "{}", refused.body);
    }
    let empty = world
        .send("root", "PUT", "/api/companies/1/", json!({}))
        .await;
    let required = ["This field is required."];
    empty.is(400, json!({"name": required, "domain": required}));
    let taken = json!({"domain": "beta.example"});
    let taken = world
        .send("root", "PATCH", "/api/companies/1/", taken)
        .await;
    taken.is(
        400,
        json!({"domain": ["company with this domain already exists."]}),
    );
}

async fn an_owner_is_an_administrator_of_the_company(world: World) {
    for owner in [2, 6, 99] {
        let body = json!({"owner": owner});
        let refused = world.send("root", "PATCH", "/api/companies/1/", body).await;

        assert_eq!(refused.status, 400, "{owner}");
        assert!(refused.body["owner"].is_array());
    }
    let same = world
        .send("root", "PATCH", "/api/companies/1/", json!({"owner": 1}))
        .await;
    assert_eq!(same.status, 200);
}
