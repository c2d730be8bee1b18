//! Logging activities, and what that says about contact.

use crate::world::{NOW, World};
use axum::body::Body;
use serde_json::{Value, json};
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::time::Timestamp;
use tawzi_store::Viewer;

on_both_engines! {
    logging_an_activity_is_contact_but_editing_and_deleting_it_is_not,
    only_who_may_see_a_client_can_log_an_activity_on_it,
    an_activity_cannot_be_moved_to_a_client_that_cannot_be_seen,
    everything_wrong_with_an_activity_is_listed_together,
    a_reminder_without_a_zone_is_utc,
    an_activity_that_cannot_be_seen_is_not_there_whatever_the_body_says,
    activities_are_found_and_ordered,
    an_activity_that_is_sent_again_is_logged_once,
}

const TASKS: &str = "/api/client-tasks/";

async fn last_contact(world: &World, client: i64) -> Option<Timestamp> {
    let mut reader = world.app.db().read().await.unwrap();
    let mut tenant = reader.tenant(CompanyId::new(1));
    let client = tenant
        .client(ClientId::new(client), Viewer::Everything)
        .await;
    client.unwrap().unwrap().last_contacted_at
}

async fn logging_an_activity_is_contact_but_editing_and_deleting_it_is_not(world: World) {
    let body = json!({"client": 4, "stage": 1, "notes": "called"});
    let created = world.send("emp2", "POST", TASKS, body).await;
    assert_eq!(created.status, 201);
    assert_eq!(last_contact(&world, 4).await, Some(NOW));

    world.clock.move_to(NOW.plus_seconds(60));
    let path = format!("{TASKS}{}/", created.body["id"]);
    let edited = world
        .send("emp2", "PATCH", &path, json!({"notes": null, "stage": ""}))
        .await;
    let deleted = world.ask("emp2", "DELETE", &path).await;

    assert_eq!(edited.body["notes"], Value::Null);
    assert_eq!(edited.body["stage"], Value::Null);
    assert_eq!(edited.body["client"], 4);
    assert!(edited.body.get("stage_name").is_none());
    deleted.is(204, Value::Null);
    assert_eq!(last_contact(&world, 4).await, Some(NOW));
}

async fn only_who_may_see_a_client_can_log_an_activity_on_it(world: World) {
    for (who, client) in [("emp1", 4), ("owner2", 4), ("emp4", 10), ("root", 4)] {
        let body = json!({"client": client});

        let answer = world.send(who, "POST", TASKS, body).await;

        let sentence = format!("Invalid pk \"{client}\" - object does not exist.");
        answer.is(400, json!({"client": [sentence]}));
    }
    assert_eq!(last_contact(&world, 4).await, None);
}

async fn an_activity_cannot_be_moved_to_a_client_that_cannot_be_seen(world: World) {
    for client in [4, 9] {
        for method in ["PUT", "PATCH"] {
            let body = json!({"client": client});

            let answer = world
                .send("emp1", method, "/api/client-tasks/1/", body)
                .await;

            let sentence = format!("Invalid pk \"{client}\" - object does not exist.");
            answer.is(400, json!({"client": [sentence]}));
        }
    }
}

async fn everything_wrong_with_an_activity_is_listed_together(world: World) {
    let date = "Datetime has wrong format. Use one of these formats instead: \
                YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";
    let unknown = |id: i64| json!([format!("Invalid pk \"{id}\" - object does not exist.")]);
    let elsewhere = json!({"stage": ["Stage must belong to the same company as the client."]});
    for (body, answer) in [
        (
            json!({"client": 9, "stage": 99, "notes": false, "reminder_date": 5}),
            json!({"client": unknown(9), "stage": unknown(99), "notes": ["Not a valid string."],
                "reminder_date": [date]}),
        ),
        (
            json!({"client": 9, "stage": 3}),
            json!({"client": unknown(9)}),
        ),
        (json!({"client": 1, "stage": 3}), elsewhere),
        (
            json!({"client": null}),
            json!({"client": ["This field may not be null."]}),
        ),
        (
            json!({"client": ""}),
            json!({"client": ["This field may not be null."]}),
        ),
        (
            json!({"client": 1, "reminder_date": ""}),
            json!({"reminder_date": [date]}),
        ),
    ] {
        for (method, path) in [("POST", TASKS), ("PUT", "/api/client-tasks/1/")] {
            let answered = world.send("owner1", method, path, body.clone()).await;

            assert_eq!(
                (answered.status.as_u16(), &answered.body),
                (400, &answer),
                "{method}"
            );
        }
    }
}

async fn a_reminder_without_a_zone_is_utc(world: World) {
    for (sent, kept) in [
        ("2025-12-25T10:30", "2025-12-25T10:30:00Z"),
        ("2025-12-25 10:30:15.25", "2025-12-25T10:30:15.250000Z"),
        ("2025-12-25T10:30:00+03:00", "2025-12-25T07:30:00Z"),
    ] {
        let body = json!({"client": 1, "reminder_date": sent});

        let created = world.send("owner1", "POST", TASKS, body).await;

        assert_eq!(created.body["reminder_date"], kept, "{sent}");
    }
}

async fn an_activity_that_cannot_be_seen_is_not_there_whatever_the_body_says(world: World) {
    let not_there = json!({"detail": "No ClientTask matches the given query."});

    for (who, path) in [
        ("owner2", "/api/client-tasks/1/"),
        ("emp2", "/api/client-tasks/1/"),
        ("owner1", "/api/client-tasks/0/"),
    ] {
        for (method, body) in [("PUT", json!({})), ("PATCH", json!({"client": []}))] {
            world
                .send(who, method, path, body)
                .await
                .is(404, &not_there);
        }
        for method in ["GET", "DELETE"] {
            world.ask(who, method, path).await.is(404, &not_there);
        }
    }
}

async fn activities_are_found_and_ordered(world: World) {
    for (client, stage, notes) in [(2, 2, "second"), (3, 1, "third")] {
        let body = json!({"client": client, "stage": stage, "notes": notes});
        assert_eq!(world.send("owner1", "POST", TASKS, body).await.status, 201);
    }

    for (query, clients) in [
        ("", vec![3, 2, 1]),
        ("?search=SECOND", vec![2]),
        ("?search=meeting", vec![2]),
        ("?search=lead%203,call", vec![3]),
        ("?ordering=stage__name", vec![3, 1, 2]),
        ("?ordering=-stage__name", vec![2, 3, 1]),
        ("?ordering=created_at&page_size=1", vec![1]),
        // The reference ignores it, and so may clients rely on.
        ("?client=2", vec![3, 2, 1]),
    ] {
        let list = world.get("owner1", &format!("{TASKS}{query}")).await;

        assert_eq!(list.column("client"), clients, "{query}");
        assert!(list.column("updated_at").iter().all(Value::is_null));
    }
    let unknown = format!("{TASKS}?ordering=stage__name,nonsense");
    assert_eq!(world.get("owner1", &unknown).await.status, 400);
}

async fn an_activity_that_is_sent_again_is_logged_once(world: World) {
    let task = json!({"client": 4, "notes": "called"});
    let first = world.send("emp2", "POST", TASKS, task.clone()).await;
    world.clock.move_to(NOW.plus_seconds(1));
    let again = world.send("emp2", "POST", TASKS, task.clone()).await;
    let with_key = async |key: &str, task: &Value| {
        let request = world.request("emp2", "POST", TASKS);
        let request = request
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key);
        let body = Body::from(task.to_string());
        world.answer(request.body(body).unwrap()).await
    };
    let keyed = with_key("k1", &task).await;
    world.clock.move_to(NOW.plus_seconds(23 * 3600));
    let keyed_again = with_key("k1", &task).await;
    let other = with_key("k1", &json!({"client": 4, "notes": "called twice"})).await;

    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(again.body, first.body);
    assert_ne!(keyed.body["id"], first.body["id"]);
    assert_eq!(keyed_again.body, keyed.body);
    other.is(
        422,
        json!({"detail": "This Idempotency-Key was used for another request; send each one with a key of its own."}),
    );
    assert_eq!(with_key("two words", &task).await.status, 400);
}
