//! What people, clients and everything else may be called.

use crate::people::patch;
use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    no_name_steers_what_it_is_shown_in,
    what_nobody_sees_is_no_name,
    nobody_is_called_what_timelines_call_nobody,
    a_name_that_is_there_already_stays_until_it_is_changed,
}

const LINES: &str = "Line breaks are not allowed.";
const CONTROL: &str = "Control characters are not allowed.";
const DIRECTION: &str = "Characters that turn the direction of writing are not allowed.";
const OF_TIMELINES: &str = "Timelines use this name themselves. Use another one.";

/// Where names are sent to, and their fields; the rest of the body is wrong or missing.
const NAMED: [(&str, &str, &str); 10] = [
    ("owner1", "/api/users/", "first_name"),
    ("owner1", "/api/users/", "last_name"),
    ("owner1", "/api/clients/", "name"),
    ("owner1", "/api/settings/channels/", "name"),
    ("owner1", "/api/settings/channels/", "type"),
    ("owner1", "/api/settings/stages/", "name"),
    ("owner1", "/api/settings/statuses/", "name"),
    ("root", "/api/companies/", "name"),
    ("root", "/api/companies/", "domain"),
    ("owner1", "/api/api-keys/", "name"),
];

async fn sentences(world: &World, (who, path, field): (&str, &str, &str), name: &str) -> Value {
    let answer = world.send(who, "POST", path, json!({field: name})).await;
    assert_eq!(answer.status, 400, "{path} {field} {name:?}");
    answer.body[field].clone()
}

async fn no_name_steers_what_it_is_shown_in(world: World) {
    for (name, sentence) in [
        ("a\nb", LINES),
        ("a\u{2028}b", LINES),
        ("a\u{1b}]0;x\u{7}", CONTROL),
        ("a\u{85}b", LINES),
        ("a\u{9b}2J", CONTROL),
        ("\u{202e}nimda", DIRECTION),
        ("a\u{2067}b\u{2069}", DIRECTION),
        ("a\u{200e}b", DIRECTION),
    ] {
        for place in NAMED {
            assert_eq!(sentences(&world, place, name).await, json!([sentence]));
        }
    }
    let notes = json!({"notes": "one\n\u{200f}two"});
    let path = "/api/client-tasks/1/";
    let kept = world.send("owner1", "PATCH", path, notes.clone()).await;
    assert_eq!(
        (kept.status.as_u16(), &kept.body["notes"]),
        (200, &notes["notes"])
    );
    let steering = json!({"notes": "\u{1b}[2J"});
    let refused = world.send("owner1", "PATCH", path, steering).await;
    refused.is(400, json!({"notes": [CONTROL]}));
}

async fn what_nobody_sees_is_no_name(world: World) {
    let unnamed: Vec<_> = NAMED
        .iter()
        .filter(|(_, path, _)| *path != "/api/users/")
        .collect();
    for name in [
        "\u{200f}",
        "\u{200b}\u{feff}",
        "\u{3164}",
        "\u{2800}",
        "\u{ad} \u{a0}",
    ] {
        for place in &unnamed {
            assert_eq!(
                sentences(&world, **place, name).await,
                json!(["This field may not be blank."])
            );
        }
        let user = ("owner1", "/api/users/", "username");
        let blank = json!(["This field may not be blank."]);
        assert_eq!(sentences(&world, user, name).await, blank);
        let none = patch(&world, "emp1", 2, json!({"last_name": name})).await;
        assert_eq!(none.body["last_name"], "");
    }
}

async fn nobody_is_called_what_timelines_call_nobody(world: World) {
    for (change, field) in [
        (
            json!({"first_name": "UNASSIGNED", "last_name": ""}),
            "first_name",
        ),
        (
            json!({"first_name": "Un\u{200b}", "last_name": "assigned"}),
            "last_name",
        ),
        (
            json!({"first_name": "API:", "last_name": "Website"}),
            "last_name",
        ),
        (
            json!({"first_name": "النّظام", "last_name": ""}),
            "first_name",
        ),
        (json!({"username": "System"}), "username"),
        (json!({"username": "s.y.s.t.\u{435}.m"}), "username"),
    ] {
        let refused = patch(&world, "emp1", 2, change.clone()).await;

        refused.is(400, json!({field: [OF_TIMELINES]}));
    }
    let person = json!({"username": "unassigned", "email": "u@new.example", "role": "employee",
        "password": "Abc12345!z", "first_name": "Salma"});
    let refused = world.send("owner1", "POST", "/api/users/", person).await;
    refused.is(400, json!({"username": [OF_TIMELINES]}));
}

async fn a_name_that_is_there_already_stays_until_it_is_changed(world: World) {
    world
        .execute("UPDATE user_account SET username = 'system', first_name = 'Un', last_name = 'known' WHERE id = 3")
        .await;

    let other = patch(
        &world,
        "owner1",
        3,
        json!({"phone": "0550000001", "username": "system"}),
    )
    .await;
    let changed = patch(&world, "owner1", 3, json!({"first_name": "UN"})).await;

    assert_eq!(
        (other.status.as_u16(), &other.body["username"]),
        (200, &json!("system"))
    );
    changed.is(400, json!({"last_name": [OF_TIMELINES]}));
}
