//! The statuses of a company: what they are made of, and what becomes of their clients.

use crate::world::World;
use serde_json::{Value, json};
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::id::{CompanyId, StatusId, UserId};
use tawzi_core::load::ClientCounts;
use tawzi_store::{LoadChange, NewClient, Writes};

on_both_engines! {
    a_status_is_created_with_what_nobody_said,
    what_a_status_is_created_with_is_read_back,
    a_put_leaves_alone_what_it_does_not_name,
    the_newest_default_is_the_only_one,
    clients_of_a_deleted_status_stay_and_the_counters_are_right,
    clients_follow_their_status_into_another_category,
    a_change_waits_for_whoever_distributes_the_companys_clients,
    clients_that_arrive_while_their_status_goes_are_counted_right,
}

const STATUSES: &str = "/api/settings/statuses/";

/// Puts three clients of company 1 into that status and into the hands of two employees.
async fn put_clients_in(world: &World, status: i64) {
    for (id, user) in [(1, 2), (2, 2), (3, 3)] {
        let body = json!({"status": status, "assigned_to": user});
        let path = format!("/api/clients/{id}/");
        let given = world.send("owner1", "PATCH", &path, body).await;
        assert_eq!(given.status, 200, "{}", given.body);
    }
}

async fn a_status_is_created_with_what_nobody_said(world: World) {
    let body = json!({"name": " New ", "category": "active", "company": "1"});

    let created = world.send("owner1", "POST", STATUSES, body).await;

    let now = world.clock.now().to_string();
    let expected = json!({"id": 6, "name": "New", "description": null, "category": "active",
        "color": "#808080", "is_default": false, "is_hidden": false, "company": 1,
        "company_name": "Acme", "is_active": true, "created_at": now, "updated_at": now});
    created.is(201, &expected);
    let read = world.get("emp1", &format!("{STATUSES}6/")).await;
    read.is(200, &expected);
}

async fn what_a_status_is_created_with_is_read_back(world: World) {
    let body = json!({"name": "مغلق", "category": "closed", "company": 1, "description": "",
        "color": "#fff", "is_default": "false", "is_hidden": "true", "is_active": 0, "id": 77});

    let created = world.send("owner1", "POST", STATUSES, body).await;

    assert_eq!(created.status, 201);
    for (field, value) in [
        ("id", json!(6)),
        ("name", json!("مغلق")),
        ("description", json!("")),
        ("color", json!("#fff")),
        ("is_default", json!(false)),
        ("is_hidden", json!(true)),
        ("is_active", json!(false)),
    ] {
        assert_eq!(created.body[field], value, "{field}");
    }
    assert_eq!(world.get("owner1", STATUSES).await.body["count"], 5);
}

async fn a_put_leaves_alone_what_it_does_not_name(world: World) {
    let path = format!("{STATUSES}1/");
    let patch = json!({"description": "d", "is_hidden": true});
    let patched = world.send("owner1", "PATCH", &path, patch).await;
    assert_eq!(patched.status, 200);
    let put = json!({"name": "First", "category": "active", "company": 1});

    let replaced = world.send("owner1", "PUT", &path, put).await;

    let body = replaced.body;
    assert_eq!(
        (replaced.status.as_u16(), &body["name"]),
        (200, &json!("First"))
    );
    let kept = [&body["description"], &body["color"], &body["is_hidden"]];
    assert_eq!(kept, [&json!("d"), &json!("#ff0000"), &json!(true)]);
    assert_eq!(body["is_default"], true);
    let missing = world.send("owner1", "PUT", &path, json!({})).await;
    let required = ["This field is required."];
    missing.is(
        400,
        json!({"name": required, "category": required, "company": required}),
    );
}

async fn the_newest_default_is_the_only_one(world: World) {
    let defaults = async || -> Vec<Value> {
        let list = world.get("owner1", STATUSES).await;
        let rows = list.body["results"].as_array().unwrap().clone();
        let defaults = rows.into_iter().filter(|row| row["is_default"] == true);
        defaults.map(|row| row["id"].clone()).collect()
    };
    assert_eq!(defaults().await, [1]);

    let body = json!({"name": "New", "category": "active", "company": 1, "is_default": true});
    world.send("owner1", "POST", STATUSES, body).await;
    assert_eq!(defaults().await, [6]);

    for (method, id, body) in [
        ("PATCH", 3, json!({"is_default": true})),
        (
            "PUT",
            2,
            json!({"name": "F", "category": "closed", "company": 1, "is_default": true}),
        ),
    ] {
        let path = format!("{STATUSES}{id}/");
        let changed = world.send("owner1", method, &path, body).await;
        assert_eq!(changed.status, 200);
        assert_eq!(defaults().await, [id]);
    }
    let theirs = world.get("owner2", STATUSES).await;
    assert_eq!(theirs.column("id"), [5]);
}

async fn clients_of_a_deleted_status_stay_and_the_counters_are_right(world: World) {
    put_clients_in(&world, 2).await;
    let before = world.get("owner1", "/api/clients/").await;
    let of_status = before
        .column("status")
        .iter()
        .filter(|id| **id == 2)
        .count();
    assert!(of_status >= 3);

    let deleted = world
        .ask("owner1", "DELETE", &format!("{STATUSES}2/"))
        .await;

    deleted.is(204, Value::Null);
    let client = world.get("owner1", "/api/clients/1/").await;
    assert_eq!(client.body["status"], Value::Null);
    assert_eq!(client.body.get("status_name"), None);
    assert_eq!(client.body["assigned_to"], 2);
    let after = world.get("owner1", "/api/clients/").await;
    assert_eq!(after.body["count"], before.body["count"]);
    let events = world.get("owner1", "/api/client-events/?client=1").await;
    assert!(!events.body.to_string().contains("Unassigned (was"));
    world.nothing_is_wrong().await;
    let again = world
        .ask("owner1", "DELETE", &format!("{STATUSES}2/"))
        .await;
    again.is(
        404,
        json!({"detail": "No LeadStatus matches the given query."}),
    );
}

async fn clients_follow_their_status_into_another_category(world: World) {
    put_clients_in(&world, 2).await;

    for category in ["closed", "active", "inactive", "follow_up", "follow_up"] {
        let path = format!("{STATUSES}2/");
        let body = json!({"category": category});
        let changed = world.send("owner1", "PATCH", &path, body).await;

        assert_eq!(changed.body["category"], category);
        world.nothing_is_wrong().await;
    }
}

async fn a_change_waits_for_whoever_distributes_the_companys_clients(world: World) {
    let (company, ed, status) = (CompanyId::new(1), UserId::new(2), StatusId::new(2));
    let path = format!("{STATUSES}{status}/");
    for (method, body, answer) in [
        ("PATCH", json!({"category": "closed"}), 200),
        ("DELETE", Value::Null, 204),
    ] {
        let mut tx = world.app.db().begin().await.unwrap();
        tx.lock_company(company).await.unwrap();
        let found = tx.tenant(company).status(status).await.unwrap().unwrap();
        let (other, path) = (world.clone(), path.clone());
        let change = tokio::spawn(async move { other.send("owner1", method, &path, body).await });

        world.until_it_waits(&change).await;
        let arrival = NewClient {
            company,
            name: "Sara",
            priority: Priority::Low,
            client_type: ClientType::Fresh,
            channel: None,
            status: Some(status),
            budget: None,
            phone_number: None,
            phones: &[],
            phone_keys: Vec::new(),
            assigned_to: Some(ed),
            waiting_since: None,
            event: None,
            create_key: None,
            at: world.clock.now(),
        };
        let arrivals = [arrival];
        let mut clients = ClientCounts::default();
        clients.add(found.category, 1);
        let load = LoadChange {
            company,
            user: ed,
            clients,
            received: None,
        };
        let writes = Writes {
            clients: &arrivals,
            loads: &[load],
            ..Writes::default()
        };
        tx.write(&writes).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(change.await.unwrap().status, answer, "{method}");
        world.nothing_is_wrong().await;
    }
}

async fn clients_that_arrive_while_their_status_goes_are_counted_right(world: World) {
    world.auto_assign(1).await;
    let arrivals = (0..20).map(|number| {
        let world = world.clone();
        tokio::spawn(async move {
            let body = json!({"name": format!("Lead {number}"), "priority": "low", "type": "cold",
                "company": 1, "status": 2});
            world.send("owner1", "POST", "/api/clients/", body).await
        })
    });
    let arrivals: Vec<_> = arrivals.collect();
    let path = format!("{STATUSES}2/");
    let body = json!({"category": "closed"});
    let (changed, deleted) = tokio::join!(
        world.send("owner1", "PATCH", &path, body),
        world.ask("owner1", "DELETE", &path),
    );

    assert_eq!(deleted.status, 204);
    assert!(matches!(changed.status.as_u16(), 200 | 404));
    for arrival in arrivals {
        let arrived = arrival.await.unwrap();
        // Before or after the status went; nothing in between. An id that was given is answered like a foreign one.
        match arrived.status.as_u16() {
            201 => {}
            _ => arrived.is(
                400,
                json!({"status": ["Status must belong to the same company as the client."]}),
            ),
        }
    }
    world.nothing_is_wrong().await;
}
