//! The stages of a company.

use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    a_new_stage_goes_behind_all_others_whatever_it_says,
    a_stage_is_moved_by_its_order,
    an_order_is_a_whole_number_of_32_bits,
    activities_of_a_deleted_stage_stay,
    what_may_be_empty_and_what_may_not,
}

const STAGES: &str = "/api/settings/stages/";

async fn a_new_stage_goes_behind_all_others_whatever_it_says(world: World) {
    for (order, place) in [(json!(0), 2), (json!(77), 3)] {
        let body = json!({"name": format!("Stage {place}"), "order": order, "company": 1,
            "required": true, "auto_advance": "yes", "color": "#000000"});

        let created = world.send("owner1", "POST", STAGES, body).await;

        assert_eq!(created.status, 201);
        assert_eq!(created.body["order"], place);
        let flags = [&created.body["required"], &created.body["auto_advance"]];
        assert_eq!(flags, [true, true]);
    }
    let list = world.get("emp1", STAGES).await;
    assert_eq!(list.column("order"), [0, 1, 2, 3]);
    assert_eq!(list.body["results"][0].get("updated_at"), None);
}

async fn a_stage_is_moved_by_its_order(world: World) {
    let body = json!({"name": "Meeting", "company": 1, "order": -1});

    let moved = world
        .send("owner1", "PUT", &format!("{STAGES}2/"), body)
        .await;

    let now = world.clock.now().to_string();
    moved.is(
        200,
        json!({"id": 2, "name": "Meeting", "description": null, "color": "#808080",
            "required": false, "auto_advance": false, "order": -1, "company": 1,
            "company_name": "Acme", "is_active": true, "created_at": "2025-12-01T09:00:02Z",
            "updated_at": now}),
    );
    assert_eq!(world.get("owner1", STAGES).await.column("id"), [2, 1]);
}

async fn an_order_is_a_whole_number_of_32_bits(world: World) {
    let path = format!("{STAGES}1/");
    for (sent, kept) in [
        (json!(2_147_483_647), 2_147_483_647_i64),
        (json!("-2147483648"), -2_147_483_648),
        (json!(" 7 "), 7),
    ] {
        let changed = world
            .send("owner1", "PATCH", &path, json!({"order": sent}))
            .await;

        assert_eq!(changed.body["order"], kept);
    }
    let (integer, low, high) = (
        "A valid integer is required.",
        "Ensure this value is greater than or equal to -2147483648.",
        "Ensure this value is less than or equal to 2147483647.",
    );
    for (sent, sentence) in [
        (json!(null), "This field may not be null."),
        (json!(""), integer),
        (json!("x"), integer),
        (json!(1.5), integer),
        (json!(true), integer),
        (json!([1]), integer),
        (json!(2_147_483_648_i64), high),
        (json!("99999999999999999999"), high),
        (json!(-2_147_483_649_i64), low),
        (json!("-99999999999999999999"), low),
    ] {
        let refused = world
            .send("owner1", "PATCH", &path, json!({"order": sent}))
            .await;

        refused.is(400, json!({"order": [sentence]}));
    }
}

async fn activities_of_a_deleted_stage_stay(world: World) {
    let task = world.get("owner1", "/api/client-tasks/1/").await.body;
    let stage = &task["stage"];
    assert_ne!(*stage, Value::Null);

    let deleted = world
        .ask("owner1", "DELETE", &format!("{STAGES}{stage}/"))
        .await;

    deleted.is(204, Value::Null);
    let after = world.get("owner1", "/api/client-tasks/1/").await;
    assert_eq!(after.body["stage"], Value::Null);
    assert_eq!(after.body.get("stage_name"), None);
    assert_eq!(after.body["notes"], task["notes"]);
    assert_eq!(world.get("owner1", STAGES).await.body["count"], 1);
}

async fn what_may_be_empty_and_what_may_not(world: World) {
    let (null, blank) = (
        "This field may not be null.",
        "This field may not be blank.",
    );
    let path = format!("{STAGES}1/");
    for description in [json!(null), json!("")] {
        let body = json!({"description": description});
        let changed = world.send("owner1", "PATCH", &path, body).await;
        assert_eq!(changed.body["description"], description);
    }
    for (field, sent, sentence) in [
        ("name", json!(null), null),
        ("name", json!("  "), blank),
        ("color", json!(null), null),
        ("color", json!(""), blank),
        ("required", json!(null), null),
        ("is_active", json!("maybe"), "Must be a valid boolean."),
        ("company", json!(null), null),
        ("description", json!({}), "Not a valid string."),
        (
            "description",
            json!("a\0b"),
            "Null characters are not allowed.",
        ),
    ] {
        let refused = world
            .send("owner1", "PATCH", &path, json!({field: sent}))
            .await;

        refused.is(400, json!({field: [sentence]}));
    }
    let long = json!({"name": "n".repeat(256)});
    let long = world.send("owner1", "PATCH", &path, long).await;
    let sentence = "Ensure this field has no more than 255 characters.";
    long.is(400, json!({"name": [sentence]}));
}
