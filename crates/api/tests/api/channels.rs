//! The channels of a company, and what holds for stages and statuses alike.

use crate::world::World;
use serde_json::{Value, json};

on_both_engines! {
    a_channel_is_created_with_what_nobody_said,
    clients_of_a_deleted_channel_stay,
    a_name_is_taken_once_in_a_company,
    another_company_can_neither_be_written_to_nor_moved_to,
    employees_only_read,
    whether_one_may_is_said_before_what_is_wrong,
    lists_are_paged,
}

const CHANNELS: &str = "/api/settings/channels/";

/// The three lists, and what creates something in them in company 1.
fn lists() -> [(&'static str, Value); 3] {
    [
        (
            CHANNELS,
            json!({"name": "Radio", "type": "Ads", "company": 1}),
        ),
        (
            "/api/settings/stages/",
            json!({"name": "Radio", "company": 1}),
        ),
        (
            "/api/settings/statuses/",
            json!({"name": "Radio", "category": "active", "company": 1}),
        ),
    ]
}

async fn a_channel_is_created_with_what_nobody_said(world: World) {
    let (path, body) = &lists()[0];

    let created = world.send("owner1", "POST", path, body.clone()).await;

    let now = world.clock.now().to_string();
    let expected = json!({"id": 3, "name": "Radio", "type": "Ads", "priority": "medium",
        "company": 1, "company_name": "Acme", "is_active": true, "created_at": now,
        "updated_at": now});
    created.is(201, &expected);
    world
        .get("emp1", &format!("{CHANNELS}3/"))
        .await
        .is(200, &expected);
    assert_eq!(world.get("emp1", CHANNELS).await.column("id"), [3, 2, 1]);
    let wrong = json!({"name": "x", "type": "", "priority": "High", "is_active": null});
    let wrong = world.send("owner1", "POST", CHANNELS, wrong).await;
    wrong.is(
        400,
        json!({"type": ["This field may not be blank."],
            "priority": ["\"High\" is not a valid choice."],
            "company": ["This field is required."],
            "is_active": ["This field may not be null."]}),
    );
}

async fn clients_of_a_deleted_channel_stay(world: World) {
    let before = world.get("owner1", "/api/clients/").await;
    let of_channel = |ways: Vec<Value>| ways.iter().filter(|way| **way == 1).count();
    assert!(of_channel(before.column("communication_way")) > 0);

    let deleted = world
        .ask("owner1", "DELETE", &format!("{CHANNELS}1/"))
        .await;

    deleted.is(204, Value::Null);
    let after = world.get("owner1", "/api/clients/").await;
    assert_eq!(after.body["count"], before.body["count"]);
    assert_eq!(of_channel(after.column("communication_way")), 0);
    assert_eq!(after.column("updated_at"), before.column("updated_at"));
    let again = world
        .ask("owner1", "DELETE", &format!("{CHANNELS}1/"))
        .await;
    again.is(
        404,
        json!({"detail": "No Channel matches the given query."}),
    );
}

async fn a_name_is_taken_once_in_a_company(world: World) {
    let taken = json!({
        "name": ["Your company has another one with this name already."],
        "non_field_errors": ["The fields name, company must make a unique set."],
    });
    for (path, body) in lists() {
        let created = world.send("owner1", "POST", path, body.clone()).await;
        assert_eq!(created.status, 201, "{}", created.body);
        let mut theirs = body.clone();
        theirs["company"] = json!(2);

        let again = world.send("owner1", "POST", path, body.clone()).await;
        again.is(400, &taken);
        for method in ["PUT", "PATCH"] {
            let first = format!("{path}1/");
            let renamed = world.send("owner1", method, &first, body.clone()).await;
            renamed.is(400, &taken);
        }
        let itself = format!("{path}{}/", created.body["id"]);
        let kept = world.send("owner1", "PUT", &itself, body).await;
        assert_eq!(kept.status, 200);
        let theirs = world.send("owner2", "POST", path, theirs).await;
        assert_eq!(theirs.status, 201);
    }
}

async fn another_company_can_neither_be_written_to_nor_moved_to(world: World) {
    for (path, mut body) in lists() {
        let before = world.get("owner2", path).await.body;
        let own = format!("{path}1/");
        for company in ["2", "99", "-1", "99999999999999999999"] {
            body["company"] = json!(company);
            let sentence = format!("Invalid pk \"{company}\" - object does not exist.");
            for (method, path) in [("POST", path), ("PUT", &*own), ("PATCH", &*own)] {
                let refused = world.send("owner1", method, path, body.clone()).await;

                refused.is(400, json!({"company": [sentence]}));
            }
        }
        body["company"] = json!(2);
        body["name"] = json!("");
        let both = world.send("owner1", "POST", path, body).await;
        assert_eq!(both.status, 400);
        assert_eq!(both.body["name"], json!(["This field may not be blank."]));
        assert!(both.body["company"].is_array());
        assert_eq!(world.get("owner2", path).await.body, before);
    }
}

async fn employees_only_read(world: World) {
    let denied = json!({"detail": "You do not have permission to perform this action."});
    for (path, body) in lists() {
        let before = world.get("owner1", path).await.body;
        let one = format!("{path}1/");
        for who in ["emp1", "root"] {
            for (method, path) in [
                ("POST", path),
                ("PUT", &*one),
                ("PATCH", &*one),
                ("DELETE", &*one),
            ] {
                let refused = world.send(who, method, path, body.clone()).await;

                refused.is(403, &denied);
            }
        }
        assert_eq!(world.get("emp1", path).await.body, before);
        assert_eq!(world.get("emp1", &one).await.status, 200);
        world.get("root", path).await.is(403, &denied);
        world.get("root", &one).await.is(403, &denied);
    }
}

async fn whether_one_may_is_said_before_what_is_wrong(world: World) {
    for (path, _) in lists() {
        let denied = world.send_text("emp1", "POST", path, "{bad").await;
        let wrong = json!({"name": ""});
        let theirs = world
            .send("owner2", "PATCH", &format!("{path}1/"), wrong)
            .await;

        assert_eq!(denied.status, 403);
        assert_eq!(theirs.status, 404);
        for id in ["0", "abc", "-1", "99999999999999999999"] {
            let nobodys = world.get("owner1", &format!("{path}{id}/")).await;
            assert_eq!(nobodys.status, 404);
        }
    }
}

async fn lists_are_paged(world: World) {
    for (path, mut body) in lists() {
        for number in 0..101 {
            body["name"] = json!(format!("No. {number}"));
            world.send("owner1", "POST", path, body.clone()).await;
        }
        let first = world.get("owner1", path).await;
        let count = first.body["count"].as_i64().unwrap();

        assert!(count > 102);
        assert_eq!(first.column("id").len(), 100);
        assert_eq!(
            first.body["next"],
            format!("http://crm.test:8000{path}?page=2")
        );
        let second = world.get("owner1", &format!("{path}?page=last")).await;
        let both = first.column("id").len() + second.column("id").len();
        assert_eq!(i64::try_from(both).unwrap(), count);
        assert_eq!(
            second.body["previous"],
            format!("http://crm.test:8000{path}")
        );
        for page in ["0", "abc", "99"] {
            let nowhere = world.get("owner1", &format!("{path}?page={page}")).await;
            nowhere.is(404, json!({"detail": "Invalid page."}));
        }
    }
}
