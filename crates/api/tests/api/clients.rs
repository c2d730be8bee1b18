//! Creating, reading, editing and deleting clients, where the recording says nothing or Tawzi
//! differs on purpose.

use crate::world::{NOW, Reply, World};
use axum::body::Body;
use serde_json::{Value, json};
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_store::{Client, Viewer};

on_both_engines! {
    zero_as_the_assignee_is_nobody,
    a_named_assignee_gets_a_time_and_an_event,
    an_arrival_goes_to_the_least_busy_and_leaves_an_event,
    taking_a_client_from_everybody_clears_the_time,
    only_active_people_of_the_company_can_be_named,
    an_inactive_assignee_can_be_sent_back_unchanged,
    a_client_stays_in_its_company,
    everything_wrong_is_listed_together_in_the_serializers_order,
    belonging_elsewhere_is_only_said_when_nothing_else_is_wrong,
    what_is_absent_stays_as_it_is,
    a_client_that_cannot_be_seen_is_not_there_whatever_the_body_says,
    what_is_no_number_is_the_id_of_nothing,
    the_same_request_again_gives_the_first_client,
    an_idempotency_key_is_remembered_for_a_day,
    a_price_is_exact,
}

pub(crate) const CLIENTS: &str = "/api/clients/";

fn minimal() -> Value {
    json!({"name": "Lead X", "priority": "low", "type": "fresh", "company": 1})
}

/// The minimal client with some fields more or instead.
pub(crate) fn minimal_with(fields: &Value) -> Value {
    let mut body = minimal();
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

pub(crate) async fn create(world: &World, body: Value) -> Reply {
    world.send("owner1", "POST", CLIENTS, body).await
}

/// The client as it is kept, with what the API does not tell.
async fn kept(world: &World, id: &Value) -> Client {
    let mut reader = world.app.db().read().await.unwrap();
    let id = ClientId::new(id.as_i64().unwrap());
    let mut tenant = reader.tenant(CompanyId::new(1));
    tenant
        .client(id, Viewer::Everything)
        .await
        .unwrap()
        .unwrap()
}

async fn events(world: &World, id: &Value) -> Reply {
    let path = format!("/api/client-events/?client={id}");
    world.get("owner1", &path).await
}

async fn zero_as_the_assignee_is_nobody(world: World) {
    let created = create(&world, minimal_with(&json!({"assigned_to": 0}))).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.body["assigned_to"], Value::Null);

    let path = format!("/api/clients/{}/", created.body["id"]);
    let body = minimal_with(&json!({"assigned_to": 0}));
    let edited = world.send("owner1", "PUT", &path, body).await;

    assert_eq!(edited.status, 200);
    assert_eq!(events(&world, &created.body["id"]).await.body["count"], 0);
}

async fn a_named_assignee_gets_a_time_and_an_event(world: World) {
    let created = create(&world, minimal_with(&json!({"assigned_to": 2}))).await;

    assert_eq!(created.body["assigned_to_username"], "emp1");
    let id = &created.body["id"];
    assert_eq!(kept(&world, id).await.assigned_at, Some(NOW));
    let events = events(&world, id).await;
    assert_eq!(events.column("notes"), ["Assigned to Ed One"]);
    assert_eq!(events.column("created_by_username"), ["owner1"]);
}

async fn an_arrival_goes_to_the_least_busy_and_leaves_an_event(world: World) {
    world.auto_assign(1).await;

    let created = create(&world, minimal()).await;

    assert_eq!(created.body["assigned_to_username"], "emp2");
    let events = events(&world, &created.body["id"]).await;
    assert_eq!(events.column("notes"), ["Auto-assigned to Eve Two"]);
    assert_eq!(events.column("created_by"), [Value::Null]);
}

async fn taking_a_client_from_everybody_clears_the_time(world: World) {
    let body = json!({"assigned_to": null});

    let edited = world.send("owner1", "PATCH", "/api/clients/1/", body).await;

    assert_eq!(edited.body["assigned_to"], Value::Null);
    assert_eq!(kept(&world, &json!(1)).await.assigned_at, None);
}

async fn only_active_people_of_the_company_can_be_named(world: World) {
    world
        .execute("UPDATE user_account SET is_active = FALSE WHERE id IN (3, 7)")
        .await;
    for stranger in [3, 5, 7, 10, 999] {
        let sentence = match stranger {
            3 => "Eve Two is inactive.".to_owned(),
            5 => "off1 is inactive.".to_owned(),
            // Of somebody else's people nothing is told.
            _ => format!("Invalid pk \"{stranger}\" - object does not exist."),
        };
        let refused = json!({"assigned_to": [sentence]});
        let named = json!({"assigned_to": stranger});

        let created = create(&world, minimal_with(&named)).await;
        created.is(400, &refused);
        let put = minimal_with(&named);
        let put = world.send("owner1", "PUT", "/api/clients/1/", put).await;
        put.is(400, &refused);
        let patched = world
            .send("owner1", "PATCH", "/api/clients/1/", named)
            .await;
        patched.is(400, refused);
    }
}

async fn an_inactive_assignee_can_be_sent_back_unchanged(world: World) {
    world
        .execute("UPDATE user_account SET is_active = FALSE WHERE id = 2")
        .await;
    let path = "/api/clients/1/";

    let edited = json!({"assigned_to": 2, "priority": "low"});
    let edited = world.send("owner1", "PATCH", path, edited).await;
    let wrong = json!({"assigned_to": 2, "priority": "x"});
    let wrong = world.send("owner1", "PATCH", path, wrong).await;

    assert_eq!(edited.status, 200, "{}", edited.body);
    wrong.is(400, json!({"priority": ["\"x\" is not a valid choice."]}));
}

async fn a_client_stays_in_its_company(world: World) {
    let refused = json!({"company": ["Invalid pk \"2\" - object does not exist."]});
    let elsewhere = json!({"company": 2});

    create(&world, minimal_with(&elsewhere))
        .await
        .is(400, &refused);
    for (method, body) in [("PUT", minimal_with(&elsewhere)), ("PATCH", elsewhere)] {
        let answer = world.send("owner1", method, "/api/clients/1/", body).await;
        answer.is(400, &refused);
    }
    let super_admin = world.send("root", "POST", CLIENTS, minimal()).await;
    super_admin.is(
        400,
        json!({"company": ["Invalid pk \"1\" - object does not exist."]}),
    );
}

async fn everything_wrong_is_listed_together_in_the_serializers_order(world: World) {
    let body = r#"{"assigned_to": 5, "company": 2, "phone_numbers": [{}], "phone_number": [],
        "budget": "1.234", "status": 999, "communication_way": true, "type": null, "name": " "}"#;

    let request = world.request("owner1", "POST", CLIENTS);
    let request = request.header("Content-Type", "application/json; charset=utf-8");
    let answer = world.answer(request.body(Body::from(body)).unwrap()).await;

    answer.is(
        400,
        json!({
            "name": ["This field may not be blank."],
            "priority": ["This field is required."],
            "type": ["This field may not be null."],
            "communication_way": ["Incorrect type. Expected pk value, received bool."],
            "status": ["Invalid pk \"999\" - object does not exist."],
            "budget": ["Ensure that there are no more than 2 decimal places."],
            "phone_number": ["Not a valid string."],
            "phone_numbers": ["Phone number 1: phone_number: This field is required."],
            "company": ["Invalid pk \"2\" - object does not exist."],
            "assigned_to": ["off1 is inactive."],
        }),
    );
}

async fn belonging_elsewhere_is_only_said_when_nothing_else_is_wrong(world: World) {
    world
        .execute("UPDATE channel SET company_id = 2 WHERE id = 2")
        .await;
    let elsewhere = json!({"status": 5, "communication_way": 2});
    let alone = json!({
        "communication_way": ["Communication way must belong to the same company as the client."],
        "status": ["Status must belong to the same company as the client."],
    });
    let mut with_more = elsewhere.clone();
    with_more["priority"] = json!("x");

    create(&world, minimal_with(&elsewhere))
        .await
        .is(400, &alone);
    let patched = world
        .send("owner1", "PATCH", "/api/clients/1/", elsewhere)
        .await;
    patched.is(400, alone);
    create(&world, minimal_with(&with_more))
        .await
        .is(400, json!({"priority": ["\"x\" is not a valid choice."]}));
}

async fn what_is_absent_stays_as_it_is(world: World) {
    let path = "/api/clients/1/";
    let before = world.get("owner1", path).await;
    let same = ["name", "priority", "type", "company"].map(|name| (name, &before.body[name]));

    let put: Value = same
        .iter()
        .map(|(name, value)| (*name, (*value).clone()))
        .collect();
    let put = world.send("owner1", "PUT", path, put).await;
    let patch = world.send("owner1", "PATCH", path, json!({})).await;

    for mut after in [put, patch] {
        assert_eq!(after.status, 200);
        after.body["updated_at"] = before.body["updated_at"].clone();
        assert_eq!(after.body, before.body);
    }
    assert_eq!(events(&world, &json!(1)).await.body["count"], 1);
}

async fn a_client_that_cannot_be_seen_is_not_there_whatever_the_body_says(world: World) {
    let not_there = json!({"detail": "No Client matches the given query."});

    for (who, path) in [
        ("owner1", "/api/clients/9/"),
        ("emp1", "/api/clients/4/"),
        ("owner1", "/api/clients/0/"),
        ("owner1", "/api/clients/-1/"),
        ("owner1", "/api/clients/+1/"),
        ("owner1", "/api/clients/99999999999999999999/"),
    ] {
        nothing_is_there(&world, who, path, &not_there).await;
    }
}

async fn what_is_no_number_is_the_id_of_nothing(world: World) {
    let not_found = json!({"detail": "Not found."});

    for segment in ["abc", "1.0", "1e3", "0x1", "%D9%A1", "%FF", "%00", "1%2F"] {
        for list in [
            "clients",
            "client-tasks",
            "users",
            "settings/stages",
            "api-keys",
        ] {
            let path = format!("/api/{list}/{segment}/");
            world.get("owner1", &path).await.is(404, &not_found);
        }
        let path = format!("/api/clients/{segment}/");
        nothing_is_there(&world, "owner1", &path, &not_found).await;
        assert_eq!(world.get("", &path).await.status, 401);
    }
}

async fn nothing_is_there(world: &World, who: &str, path: &str, answered: &Value) {
    for (method, body) in [("PUT", json!({})), ("PATCH", json!({"priority": 1}))] {
        let answer = world.send(who, method, path, body).await;
        answer.is(404, answered);
    }
    for method in ["GET", "DELETE"] {
        world.ask(who, method, path).await.is(404, answered);
    }
}

async fn the_same_request_again_gives_the_first_client(world: World) {
    let first = create(&world, minimal()).await;

    let again = create(&world, minimal()).await;
    let by_another = world.send("emp1", "POST", CLIENTS, minimal()).await;
    world.clock.move_to(NOW.plus_seconds(11));
    let later = create(&world, minimal()).await;

    assert_eq!(again.status, 201);
    assert_eq!(again.body, first.body);
    assert_ne!(by_another.body["id"], first.body["id"]);
    assert_ne!(later.body["id"], first.body["id"]);
}

async fn an_idempotency_key_is_remembered_for_a_day(world: World) {
    let with_key = async |key: &str| {
        let request = world.request("owner1", "POST", CLIENTS);
        let request = request
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key);
        let body = Body::from(minimal().to_string());
        world.answer(request.body(body).unwrap()).await
    };
    let first = with_key("k1").await;
    world.clock.move_to(NOW.plus_seconds(3000));
    let other = world.request("owner1", "POST", CLIENTS);
    let other = other
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", "k1");
    let body = Body::from(minimal_with(&json!({"priority": "high"})).to_string());
    let other = world.answer(other.body(body).unwrap()).await;
    assert_eq!(other.status, 422, "{}", other.body);

    assert_eq!(with_key("k1").await.body["id"], first.body["id"]);
    assert_ne!(with_key("k2").await.body["id"], first.body["id"]);
    for bad in ["", "two words", &"x".repeat(256)] {
        assert_eq!(with_key(bad).await.status, 400, "{bad}");
    }
    let request = world.request("owner1", "POST", CLIENTS);
    let request = request.header("Idempotency-Key", b"\xff".as_slice());
    let answer = world.answer(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 400);
}

async fn a_price_is_exact(world: World) {
    for (budget, kept) in [
        (json!(0.1), json!("0.10")),
        (json!("9999999999.99"), json!("9999999999.99")),
        (json!(9_999_999_999.99_f64), json!("9999999999.99")),
        (json!("-1.5"), json!("-1.50")),
        (json!(1e3), json!("1000.00")),
        (json!(""), Value::Null),
        (json!(" "), Value::Null),
    ] {
        let created = create(&world, minimal_with(&json!({"budget": budget}))).await;

        assert_eq!(created.body["budget"], kept, "{budget}");
    }
}
