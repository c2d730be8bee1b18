//! Looking for clients: conditions, orders and counts.

use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    each_condition_finds_what_meets_it,
    conditions_are_joined_and_stay_within_what_one_sees,
    what_is_no_condition_is_refused_by_name,
    clients_are_ordered_by_more_than_before,
    clients_are_counted_by_status_under_the_same_conditions,
    a_client_says_when_it_becomes_stale,
}

/// What stands in an address, and which clients meet it.
type Condition = (&'static str, fn(&Value) -> bool);

/// The ids that `owner1` finds, the smallest first.
async fn found(world: &World, query: &str) -> Vec<i64> {
    let path = format!("/api/clients/?page_size=1000&{query}");
    let list = world.get("owner1", &path).await;
    assert_eq!(list.status, 200, "{query}: {}", list.body);
    let mut ids: Vec<_> = list
        .column("id")
        .iter()
        .map(|id| id.as_i64().unwrap())
        .collect();
    assert_eq!(list.body["count"], ids.len(), "{query}");
    ids.sort_unstable();
    ids
}

/// The ids of all clients of which that holds.
async fn expected(world: &World, holds: impl Fn(&Value) -> bool) -> Vec<i64> {
    let list = world.get("owner1", "/api/clients/?page_size=1000").await;
    let rows = list.body["results"].as_array().unwrap().clone();
    let ids = rows
        .iter()
        .filter(|row| holds(row))
        .map(|row| row["id"].as_i64().unwrap());
    let mut ids: Vec<_> = ids.collect();
    ids.sort_unstable();
    ids
}

async fn each_condition_finds_what_meets_it(world: World) {
    world
        .execute("UPDATE client SET last_contacted_at = 1764590000000000 WHERE id = 1")
        .await;
    let conditions: [Condition; 14] = [
        ("type=cold", |row| row["type"] == "cold"),
        ("type=cold,fresh", |_| true),
        ("type=rotated", |_| false),
        ("priority=high", |row| row["priority"] == "high"),
        ("priority=high,%20low", |row| row["priority"] != "medium"),
        ("status=1", |row| row["status"] == 1),
        ("status=1,2", |row| row["status"] == 1 || row["status"] == 2),
        ("assigned_to=2", |row| row["assigned_to"] == 2),
        ("assigned_to=2,3", |row| {
            row["assigned_to"] == 2 || row["assigned_to"] == 3
        }),
        ("assigned_to=unassigned", |row| row["assigned_to"].is_null()),
        ("assigned_to=3,unassigned", |row| {
            row["assigned_to"].is_null() || row["assigned_to"] == 3
        }),
        ("contacted_before=2025-12-02", |row| {
            row["last_contacted_at"]
                .as_str()
                .is_some_and(|at| at < "2025-12-02")
        }),
        ("contacted_before=2025-12-01T00:00:00Z", |_| false),
        ("created_after=2030-01-01", |_| false),
    ];
    for (query, holds) in conditions {
        assert_eq!(
            found(&world, query).await,
            expected(&world, holds).await,
            "{query}"
        );
    }
    let early = found(&world, "created_after=2025-01-01T00:00:00%2B03:00").await;
    assert_eq!(early, expected(&world, |_| true).await);
    assert!(!found(&world, "type=cold").await.is_empty());
    assert!(!found(&world, "assigned_to=unassigned").await.is_empty());
}

async fn conditions_are_joined_and_stay_within_what_one_sees(world: World) {
    let both = found(&world, "assigned_to=2&type=fresh&search=a").await;
    for id in both {
        let client = world
            .get("owner1", &format!("/api/clients/{id}/"))
            .await
            .body;
        assert_eq!(
            (&client["assigned_to"], &client["type"]),
            (&json!(2), &json!("fresh"))
        );
    }
    for who in ["emp2", "owner2"] {
        let list = world
            .get(who, "/api/clients/?assigned_to=2,unassigned")
            .await;
        let assignees = list.column("assigned_to");
        let companies = list.column("company");
        assert!(who == "owner2" || assignees.is_empty(), "{assignees:?}");
        assert!(
            companies
                .iter()
                .all(|company| *company == 2 || who != "owner2")
        );
    }
}

async fn what_is_no_condition_is_refused_by_name(world: World) {
    for (name, value) in [
        ("status", "new"),
        ("status", "1,x"),
        ("status", "99999999999999999999"),
        ("assigned_to", "me"),
        ("created_after", "yesterday"),
        ("created_after", "2025-13-01"),
        ("contacted_before", "12"),
        ("stale", "perhaps"),
        ("type", "%00"),
    ] {
        for list in ["", "status-counts/"] {
            let path = format!("/api/clients/{list}?{name}={value}");
            let refused = world.get("owner1", &path).await;

            assert_eq!(refused.status, 400, "{path}");
            assert!(refused.body[name].is_array(), "{path}: {}", refused.body);
        }
    }
    for nothing in ["status=", "type=,,", "stale=", "created_after="] {
        assert_eq!(
            found(&world, nothing).await,
            expected(&world, |_| true).await
        );
    }
}

async fn clients_are_ordered_by_more_than_before(world: World) {
    for key in ["budget", "assigned_at", "last_contacted_at", "updated_at"] {
        let ids = async |query: String| world.get("owner1", &query).await.column("id");
        let up = ids(format!("/api/clients/?ordering={key},created_at")).await;
        let down = ids(format!("/api/clients/?ordering=-{key},-created_at")).await;

        let reversed: Vec<_> = down.into_iter().rev().collect();
        assert_eq!(up, reversed, "{key}");
    }
}

async fn clients_are_counted_by_status_under_the_same_conditions(world: World) {
    for (who, query) in [
        ("owner1", ""),
        ("emp1", ""),
        ("owner1", "assigned_to=unassigned"),
        ("owner1", "search=nobody%20has%20this"),
        ("root", ""),
    ] {
        let list = world
            .get(who, &format!("/api/clients/?page_size=1000&{query}"))
            .await;
        let statuses = list.column("status");
        let counts = world
            .get(who, &format!("/api/clients/status-counts/?{query}"))
            .await;

        assert_eq!(counts.status, 200);
        assert_eq!(counts.body["total"], statuses.len(), "{who} {query}");
        for row in counts.body["statuses"].as_array().unwrap() {
            let of_it = statuses.iter().filter(|status| **status == row["status"]);
            assert_eq!(row["count"], of_it.count(), "{who} {query} {row}");
            assert_eq!(row["status"].is_null(), row.get("status_name").is_none());
        }
    }
}

async fn a_client_says_when_it_becomes_stale(world: World) {
    let settings =
        json!({"re_assign_enabled": true, "re_assign_hours": 2, "auto_assign_enabled": true});
    let path = "/api/companies/1/update_assignment_settings/";
    world.send("owner1", "PATCH", path, settings).await;
    let created = world.client("owner1", 1, "Sara").await;
    let id = &created["id"];
    assert_eq!(created["assigned_at"], "2025-12-02T12:00:00Z");
    assert_eq!(created["due_at"], "2025-12-02T14:00:00Z");
    assert_eq!(created["last_contacted_at"], Value::Null);

    let read = world
        .get("owner1", &format!("/api/clients/{id}/"))
        .await
        .body;
    let stale = found(&world, "stale=true").await;
    let fresh = found(&world, "stale=false").await;

    assert_eq!(read["due_at"], created["due_at"]);
    assert!(!stale.contains(&id.as_i64().unwrap()) && fresh.contains(&id.as_i64().unwrap()));
    assert!(!stale.is_empty());
    let all = expected(&world, |_| true).await;
    assert_eq!(stale.len() + fresh.len(), all.len());
    for client in &stale {
        let client = world
            .get("owner1", &format!("/api/clients/{client}/"))
            .await
            .body;
        assert!(
            client["due_at"].as_str().unwrap() < "2025-12-02T12:00:00Z",
            "{client}"
        );
    }
    let task = json!({"client": id, "notes": "called"});
    world
        .send("owner1", "POST", "/api/client-tasks/", task)
        .await;
    let contacted = world
        .get("owner1", &format!("/api/clients/{id}/"))
        .await
        .body;
    assert_eq!(contacted["last_contacted_at"], "2025-12-02T12:00:00Z");
    let off = json!({"re_assign_enabled": false});
    world.send("owner1", "PATCH", path, off).await;
    let read = world
        .get("owner1", &format!("/api/clients/{id}/"))
        .await
        .body;
    assert_eq!(read["due_at"], Value::Null);
}
