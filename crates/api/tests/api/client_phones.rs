//! The phone numbers of a client in requests and answers.

use crate::clients::{CLIENTS, create, minimal_with};
use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    without_a_list_the_phone_number_becomes_the_primary_mobile,
    a_phone_number_that_stays_keeps_its_id,
    phone_numbers_that_make_no_sense_are_refused_before_anything_is_written,
}

async fn without_a_list_the_phone_number_becomes_the_primary_mobile(world: World) {
    let body = minimal_with(&json!({"phone_number": 963_955, "phone_numbers": []}));

    let created = create(&world, body).await;

    let phone = &created.body["phone_numbers"][0];
    assert_eq!(created.body["phone_number"], "963955");
    assert_eq!(phone["phone_number"], "963955");
    assert_eq!(phone["phone_type"], "mobile");
    assert_eq!(phone["is_primary"], true);
    assert_eq!(phone["notes"], Value::Null);
}

async fn a_phone_number_that_stays_keeps_its_id(world: World) {
    let phones = json!([
        {"phone_number": "+963 1", "phone_type": "work"},
        {"id": "1", "phone_number": "+963 2", "is_primary": "true", "unknown": 1},
        {"id": 4, "phone_number": "+963 3", "phone_type": "home", "notes": null},
    ]);
    let body = json!({"phone_numbers": phones});

    let edited = world.send("owner1", "PATCH", "/api/clients/1/", body).await;

    let phones = &edited.body["phone_numbers"];
    assert_eq!(phones[0]["id"], 1, "{phones}");
    assert_eq!(phones[0]["phone_number"], "+963 2");
    assert_eq!(phones[1]["phone_type"], "home");
    assert_ne!(phones[1]["id"], 4, "the number of another client");
    let none = json!({"phone_numbers": []});
    let none = world.send("owner1", "PATCH", "/api/clients/1/", none).await;
    assert_eq!(none.body["phone_numbers"], json!([]));
}

async fn phone_numbers_that_make_no_sense_are_refused_before_anything_is_written(world: World) {
    let many: Vec<_> = (0..51).map(|n| json!({"phone_number": n})).collect();
    for (phones, sentence) in [
        (json!("x"), "Expected a list of items but got type \"str\"."),
        (
            json!([1]),
            "Phone number 1: Expected an object, but got int.",
        ),
        (
            json!([{"phone_number": ""}]),
            "Phone number 1: phone_number: This field may not be blank.",
        ),
        (
            json!([{"phone_number": "1"}, {"phone_number": "x".repeat(21)}]),
            "Phone number 2: phone_number: Ensure this field has no more than 20 characters.",
        ),
        (
            json!([{"phone_number": "1", "phone_type": "fax"}]),
            "Phone number 1: phone_type: \"fax\" is not a valid choice.",
        ),
        (
            json!([{"phone_number": "1", "is_primary": "maybe"}]),
            "Phone number 1: is_primary: Must be a valid boolean.",
        ),
        (
            json!([{"phone_number": "1"}, {"phone_number": " 1 "}]),
            "Phone number \"1\" is listed twice.",
        ),
        (json!(many), "A client can have at most 50 phone numbers."),
    ] {
        let answer = create(&world, minimal_with(&json!({"phone_numbers": phones}))).await;

        answer.is(400, json!({"phone_numbers": [sentence]}));
    }
    assert_eq!(world.get("owner1", CLIENTS).await.body["count"], 8);
}
