//! A company's settings for distributing its clients.

use crate::world::{Reply, World};
use serde_json::{Value, json};

on_both_engines! {
    switches_are_read_and_anything_else_is_refused,
    hours_are_read_as_python_reads_them_up_to_a_year,
    a_wrong_value_saves_nothing,
    whether_one_may_is_said_before_what_is_wrong,
}

async fn save(world: &World, who: &str, company: &str, body: Value) -> Reply {
    let path = format!("/api/companies/{company}/update_assignment_settings/");
    world.send(who, "PATCH", &path, body).await
}

async fn switches_are_read_and_anything_else_is_refused(world: World) {
    for (sent, kept) in [
        (json!(true), true),
        (json!("false"), false),
        (json!("True"), true),
        (json!(0), false),
        (json!("1"), true),
        (json!(null), true),
        (json!("off"), false),
    ] {
        let saved = save(&world, "owner1", "1", json!({"auto_assign_enabled": sent})).await;

        assert_eq!(saved.body["auto_assign_enabled"], kept, "{sent}");
    }
    for name in ["auto_assign_enabled", "re_assign_enabled"] {
        for wrong in [
            json!("maybe"),
            json!(2),
            json!(""),
            json!([]),
            json!({}),
            json!(1.5),
        ] {
            let refused = save(&world, "owner1", "1", json!({name: wrong})).await;

            let sentence = format!("{name} must be true or false.");
            refused.is(400, json!({"error": sentence}));
        }
    }
}

async fn hours_are_read_as_python_reads_them_up_to_a_year(world: World) {
    for (sent, kept) in [
        (json!(2.9), 2),
        (json!(" 36 "), 36),
        (json!("١٢"), 12),
        (json!("۲۴"), 24),
        (json!("+48"), 48),
        (json!(" +12 "), 12),
        (json!("1_000"), 1000),
        (json!("१२"), 12),
        (json!(8760), 8760),
        (json!(null), 8760),
    ] {
        let saved = save(&world, "owner1", "1", json!({"re_assign_hours": sent})).await;

        assert_eq!(saved.body["re_assign_hours"], kept, "{sent}");
    }
    let (few, many, junk) = (
        "re_assign_hours must be at least 1 hour.",
        "re_assign_hours must be at most 8760 hours (one year).",
        "re_assign_hours must be a valid integer.",
    );
    for (sent, sentence) in [
        (json!(0.9), few),
        (json!("-5"), few),
        (json!(-0.5), few),
        (json!("-99999999999999999999"), few),
        (json!(8761), many),
        (json!(1e300), many),
        (json!("99999999999999999999"), many),
        (json!("2.9"), junk),
        (json!(""), junk),
        (json!("-"), junk),
        (json!("1__0"), junk),
        (json!("_1"), junk),
        (json!("abc"), junk),
        (json!([24]), junk),
        (json!({}), junk),
        (json!(true), junk),
    ] {
        let refused = save(&world, "owner1", "1", json!({"re_assign_hours": sent})).await;

        assert_eq!(refused.body, json!({"error": sentence}), "{sent}");
    }
}

async fn a_wrong_value_saves_nothing(world: World) {
    let body = json!({"auto_assign_enabled": true, "re_assign_hours": 9000});

    let refused = save(&world, "owner1", "1", body).await;

    assert_eq!(refused.status, 400);
    let me = world.get("owner1", "/api/users/me/").await;
    assert_eq!(me.body["company"]["auto_assign_enabled"], false);
}

async fn whether_one_may_is_said_before_what_is_wrong(world: World) {
    let wrong = json!({"re_assign_hours": "abc"});
    let not_there = json!({"detail": "No Company matches the given query."});
    let denied = json!({"error": "You do not have permission to update these settings."});

    for company in ["99", "0"] {
        let answer = save(&world, "emp1", company, wrong.clone()).await;
        answer.is(404, &not_there);
    }
    let no_number = save(&world, "emp1", "abc", wrong.clone()).await;
    no_number.is(404, json!({"detail": "Not found."}));
    for who in ["emp1", "owner2", "owner3"] {
        save(&world, who, "1", wrong.clone()).await.is(403, &denied);
    }
    // Without a subscription the settings can still be changed.
    assert_eq!(save(&world, "owner3", "3", json!({})).await.status, 200);
}
