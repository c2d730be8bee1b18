//! Giving many clients away: `bulk_assign` and `assign_unassigned`.

use crate::world::{Reply, World};
use serde_json::{Value, json};

on_both_engines! {
    what_bulk_assign_is_told_is_checked_in_order,
    bulk_assign_takes_ids_as_numbers_and_as_text_and_passes_over_those_of_nobody,
    a_whole_number_with_a_point_is_an_id,
    an_inactive_employee_receives_nothing_by_bulk_assign,
    unassigned_clients_are_spread_and_the_receivers_named_in_order,
    spreading_says_why_it_cannot,
}

async fn bulk(world: &World, who: &str, body: Value) -> Reply {
    world
        .send(who, "POST", "/api/clients/bulk_assign/", body)
        .await
}

async fn spread(world: &World, who: &str) -> Reply {
    let path = "/api/clients/assign_unassigned/";
    world.ask(who, "POST", path).await
}

const REQUIRED: &str = "client_ids is required.";
const ONLY_ADMINS: &str = "Only admins can assign leads.";
const A_LIST: &str = "client_ids must be a list of numbers.";
const NO_USER: &str = "user_id is required; null unassigns.";
const A_NUMBER: &str = "user_id must be a number or null.";
const NOBODY: &str = "User not found or does not belong to your company.";

/// Who asks, the body, and the answer.
const REFUSED: [(&str, &str, u16, &str); 18] = [
    ("emp1", r#"{"client_ids": []}"#, 400, REQUIRED),
    ("owner1", r#"{"client_ids": null}"#, 400, REQUIRED),
    (
        "owner1",
        r#"{"client_ids": "", "user_id": 2}"#,
        400,
        REQUIRED,
    ),
    (
        "owner1",
        r#"{"client_ids": 0, "user_id": 2}"#,
        400,
        REQUIRED,
    ),
    ("emp1", r#"{"client_ids": ["x"]}"#, 403, ONLY_ADMINS),
    ("owner1", r#"{"client_ids": [1]}"#, 400, NO_USER),
    (
        "owner1",
        r#"{"client_ids": "1", "user_id": 2}"#,
        400,
        A_LIST,
    ),
    (
        "owner1",
        r#"{"client_ids": {"1": 1}, "user_id": 2}"#,
        400,
        A_LIST,
    ),
    (
        "owner1",
        r#"{"client_ids": ["x"], "user_id": 2}"#,
        400,
        A_LIST,
    ),
    (
        "owner1",
        r#"{"client_ids": [1.5], "user_id": 2}"#,
        400,
        A_LIST,
    ),
    (
        "owner1",
        r#"{"client_ids": [true], "user_id": 2}"#,
        400,
        A_LIST,
    ),
    (
        "owner1",
        r#"{"client_ids": [null], "user_id": 2}"#,
        400,
        A_LIST,
    ),
    (
        "owner1",
        r#"{"client_ids": [1], "user_id": "x"}"#,
        400,
        A_NUMBER,
    ),
    (
        "owner1",
        r#"{"client_ids": [1], "user_id": true}"#,
        400,
        A_NUMBER,
    ),
    (
        "owner1",
        r#"{"client_ids": [1], "user_id": ""}"#,
        400,
        A_NUMBER,
    ),
    (
        "owner1",
        r#"{"client_ids": [1], "user_id": 0}"#,
        404,
        NOBODY,
    ),
    (
        "owner1",
        r#"{"client_ids": [1], "user_id": 7}"#,
        404,
        NOBODY,
    ),
    (
        "owner1",
        r#"{"client_ids": [1], "user_id": 1e30}"#,
        404,
        NOBODY,
    ),
];

async fn what_bulk_assign_is_told_is_checked_in_order(world: World) {
    let path = "/api/clients/bulk_assign/";
    for (who, body, status, sentence) in REFUSED {
        let answer = world.send_text(who, "POST", path, body).await;

        answer.is(status, json!({"error": sentence}));
    }
}

async fn bulk_assign_takes_ids_as_numbers_and_as_text_and_passes_over_those_of_nobody(
    world: World,
) {
    let body = json!({"client_ids": ["7", 8, 7, 9, 0, -1, 1e30], "user_id": "2"});

    let answer = bulk(&world, "owner1", body).await;

    answer.is(200, json!({"message": "Successfully assigned 2 lead(s)."}));
    let foreign = world.get("owner2", "/api/clients/9/").await;
    assert_eq!(foreign.body["assigned_to"], 7);
}

async fn a_whole_number_with_a_point_is_an_id(world: World) {
    let client = world.client("owner1", 1, "a").await["id"].as_f64().unwrap();

    let given = bulk(
        &world,
        "owner1",
        json!({"client_ids": [client], "user_id": 2.0}),
    )
    .await;
    let path = format!("/api/clients/{client}/");
    let status = world
        .send("owner1", "PATCH", &path, json!({"status": 1.0}))
        .await;

    given.is(200, json!({"message": "Successfully assigned 1 lead(s)."}));
    assert_eq!(
        (status.status.as_u16(), &status.body["status"]),
        (200, &json!(1))
    );
}

async fn an_inactive_employee_receives_nothing_by_bulk_assign(world: World) {
    let body = json!({"client_ids": [7], "user_id": 5});

    let answer = bulk(&world, "owner1", body).await;

    answer.is(404, json!({"error": "off1 is inactive."}));
    let foreign = json!({"client_ids": [7], "user_id": 7});
    let foreign = bulk(&world, "owner1", foreign).await;
    let unknown = "User not found or does not belong to your company.";
    foreign.is(404, json!({"error": unknown}));
    world
        .execute("UPDATE user_account SET is_active = FALSE WHERE id IN (2, 7)")
        .await;
    for (user, sentence) in [(2, "Ed One is inactive."), (7, unknown)] {
        let body = json!({"client_ids": [7], "user_id": user});
        let answer = bulk(&world, "owner1", body).await;
        answer.is(404, json!({"error": sentence}));
    }
    let client = world.get("owner1", "/api/clients/7/").await;
    assert_eq!(client.body["assigned_to"], Value::Null);
}

async fn unassigned_clients_are_spread_and_the_receivers_named_in_order(world: World) {
    for name in ["A", "B", "C"] {
        world.client("owner1", 1, name).await;
    }
    world.auto_assign(1).await;

    let answer = spread(&world, "owner1").await;

    // Loads are 3, 1 and 2, and five clients wait: emp2, emp3, emp2, emp1, emp3.
    answer.is(
        200,
        json!({
            "message": "Successfully assigned 5 client(s) to Eve Two, emp3, Ed One.",
            "assigned_count": 5,
            "assigned_to": "Eve Two, emp3, Ed One",
        }),
    );
    let clients = world.get("owner1", "/api/clients/").await;
    assert!(!clients.column("assigned_to").contains(&Value::Null));
    let elsewhere = world.get("owner2", "/api/clients/10/").await;
    assert_eq!(elsewhere.body["assigned_to"], Value::Null);
}

async fn spreading_says_why_it_cannot(world: World) {
    let off = "Auto assign is not enabled for your company.";
    spread(&world, "owner1")
        .await
        .is(400, json!({"message": off, "assigned_count": 0}));

    world.auto_assign(1).await;
    world
        .execute("UPDATE user_account SET is_active = FALSE WHERE role = 'employee'")
        .await;
    let nobody = "No active employees found in your company.";
    spread(&world, "owner1")
        .await
        .is(400, json!({"error": nobody, "assigned_count": 0}));

    spread(&world, "root")
        .await
        .is(400, json!({"error": "You must belong to a company."}));
}
