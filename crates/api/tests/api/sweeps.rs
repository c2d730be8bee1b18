//! Sweeps by hand, what they did, and how busy everybody is.

use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    a_sweep_does_what_its_preview_said_and_leaves_a_record,
    a_company_that_does_not_re_assign_is_told_so,
    sweeps_are_for_administrators_of_the_company,
    the_least_busy_employee_comes_first_with_their_stale_clients,
    what_is_wrong_with_a_request_is_said,
}

const SWEEPS: &str = "/api/assignment/sweeps/";

async fn re_assign_after_an_hour(world: &World) {
    let path = "/api/companies/1/update_assignment_settings/";
    let body = json!({"re_assign_enabled": true, "re_assign_hours": 1});
    assert_eq!(world.send("owner1", "PATCH", path, body).await.status, 200);
}

async fn a_sweep_does_what_its_preview_said_and_leaves_a_record(world: World) {
    re_assign_after_an_hour(&world).await;

    let preview = world
        .send("owner1", "POST", SWEEPS, json!({"dry_run": true}))
        .await;
    let none_yet = world.get("owner1", SWEEPS).await;
    let real = world.send("owner1", "POST", SWEEPS, json!({})).await;
    let again = world.send("owner1", "POST", SWEEPS, json!({})).await;

    assert_eq!((preview.status.as_u16(), real.status.as_u16()), (200, 201));
    assert_eq!(
        (&preview.body["id"], &preview.body["dry_run"]),
        (&Value::Null, &json!(true))
    );
    assert_eq!(none_yet.body["count"], 0);
    assert_eq!(real.body["moved"], preview.body["moved"]);
    assert_eq!(real.body["due"], preview.body["due"]);
    let moved = real.body["moved"].as_array().unwrap();
    assert!(!moved.is_empty());
    assert_eq!(
        (&again.body["due"], &again.body["moved"]),
        (&json!(0), &json!([]))
    );

    let list = world.get("owner1", SWEEPS).await;
    assert_eq!(
        list.column("id"),
        [real.body["id"].clone()],
        "the second found nothing"
    );
    assert_eq!(list.column("moved"), [json!(moved.len())]);
    let detail = world
        .get(
            "owner1",
            &format!("{SWEEPS}{}/?page_size=1000", real.body["id"]),
        )
        .await;
    assert_eq!(detail.body["moves"]["count"], moved.len());
    assert!(detail.body["finished_at"].is_string());
    let clients = detail.body["moves"]["results"].as_array().unwrap();
    for (listed, done) in clients.iter().zip(moved) {
        assert_eq!(listed["client"], done["client"]);
        let client = world
            .get("owner1", &format!("/api/clients/{}/", done["client"]))
            .await;
        assert_eq!(client.body["assigned_to"], done["to"]);
        assert_eq!(client.body["name"], listed["client_name"]);
    }
    let second = world
        .get(
            "owner1",
            &format!("{SWEEPS}{}/?page_size=1&page=2", real.body["id"]),
        )
        .await;
    assert_eq!(
        second.body["moves"]["results"][0]["client"],
        moved[1]["client"]
    );
}

async fn a_company_that_does_not_re_assign_is_told_so(world: World) {
    for body in [json!({}), json!({"dry_run": true})] {
        let refused = world.send("owner1", "POST", SWEEPS, body).await;

        refused.is(
            400,
            json!({"error": "Re-assignment is switched off for your company; switch it on first."}),
        );
    }
}

async fn sweeps_are_for_administrators_of_the_company(world: World) {
    re_assign_after_an_hour(&world).await;
    let real = world.send("owner1", "POST", SWEEPS, json!({})).await;
    let one = format!("{SWEEPS}{}/", real.body["id"]);

    for who in ["emp1", "root", "owner3"] {
        for (method, path) in [
            ("POST", SWEEPS),
            ("GET", SWEEPS),
            ("GET", &one),
            ("GET", "/api/assignment/workload/"),
        ] {
            let answer = world.send(who, method, path, json!({})).await;
            assert_eq!(answer.status, 403, "{who} {method} {path}");
        }
    }
    let foreign = world.get("owner2", &one).await;
    foreign.is(404, json!({"detail": "No Sweep matches the given query."}));
    assert_eq!(world.get("owner2", SWEEPS).await.body["count"], 0);
}

async fn the_least_busy_employee_comes_first_with_their_stale_clients(world: World) {
    re_assign_after_an_hour(&world).await;
    let stale = world
        .get("owner1", "/api/clients/?stale=true&page_size=1000")
        .await;
    let assignees = stale.column("assigned_to");

    let workload = world.get("owner1", "/api/assignment/workload/").await;

    let rows = workload.body.as_array().unwrap();
    assert_eq!(rows.len(), 3, "the active employees");
    let loads: Vec<_> = rows
        .iter()
        .map(|row| row["clients"].as_i64().unwrap())
        .collect();
    assert!(loads.is_sorted(), "{loads:?}");
    for row in rows {
        let user = &row["user"];
        let held = world
            .get("owner1", &format!("/api/clients/?assigned_to={user}"))
            .await;
        assert_eq!(row["clients"], held.body["count"]);
        let categories = [
            "active",
            "follow_up",
            "inactive",
            "closed",
            "without_status",
        ];
        let sum: i64 = categories
            .iter()
            .map(|name| row[name].as_i64().unwrap())
            .sum();
        assert_eq!(row["clients"], sum);
        assert_eq!(
            row["stale"],
            assignees
                .iter()
                .filter(|assignee| *assignee == user)
                .count()
        );
        assert_eq!(row["oldest_stale_client"].is_null(), row["stale"] == 0);
    }
}

async fn what_is_wrong_with_a_request_is_said(world: World) {
    re_assign_after_an_hour(&world).await;
    for body in [
        json!({"dry_run": "perhaps"}),
        json!({"dry_run": null}),
        json!([]),
    ] {
        let refused = world.send("owner1", "POST", SWEEPS, body.clone()).await;
        assert_eq!(refused.status, 400, "{body}");
    }
    for path in ["x", "0", "99", "99999999999999999999"] {
        let missing = world.get("owner1", &format!("{SWEEPS}{path}/")).await;
        assert_eq!(missing.status, 404, "{path}");
    }
    assert_eq!(
        world
            .get("owner1", &format!("{SWEEPS}?page=2"))
            .await
            .status,
        404
    );
}
