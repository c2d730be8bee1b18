//! A phone number belongs to one client, in a company that wants it so.

use crate::world::{Reply, World};
use serde_json::{Value, json};

on_both_engines! {
    a_number_that_a_client_has_is_refused_however_it_is_written,
    a_number_is_free_in_another_company_and_where_nobody_minds,
    of_many_at_once_one_gets_the_number,
    an_edit_takes_no_number_of_another_client_and_keeps_its_own,
    numbers_that_were_shared_before_may_stay,
    a_repeated_request_gives_the_client_that_is_there,
    a_number_is_free_again_once_its_client_is_gone,
    what_changed_while_nobody_minded_is_known_afterwards,
    a_wrong_region_saves_nothing,
}

const CLIENTS: &str = "/api/clients/";

async fn settings(world: &World, body: Value) -> Reply {
    let path = "/api/companies/1/update_assignment_settings/";
    world.send("owner1", "PATCH", path, body).await
}

/// Company 1 wants unique numbers, and writes Saudi ones without their country.
async fn unique(world: &World) {
    let saved = settings(world, json!({"unique_phones": true, "phone_region": "sa"})).await;
    assert_eq!(saved.status, 200);
    assert_eq!(saved.body["unique_phones"], true);
    assert_eq!(saved.body["phone_region"], "SA");
}

fn client(name: &str, number: &str) -> Value {
    json!({"name": name, "priority": "low", "type": "fresh", "company": 1, "phone_number": number})
}

async fn create(world: &World, name: &str, number: &str) -> Reply {
    world
        .send("owner1", "POST", CLIENTS, client(name, number))
        .await
}

fn taken(number: &str, by: &Value) -> Value {
    json!({
        "phone_number": [format!("A client with the phone number {number} already exists.")],
        "code": "phone_taken",
        "existing_client": by,
    })
}

async fn a_number_that_a_client_has_is_refused_however_it_is_written(world: World) {
    unique(&world).await;
    let first = create(&world, "Sara", "0551234567").await;
    assert_eq!(first.status, 201);
    let id = &first.body["id"];
    let before = world.get("owner1", CLIENTS).await.body["count"].clone();

    for number in [
        "0551234567",
        "+966 55 123 4567",
        "00966551234567",
        "٠٥٥١٢٣٤٥٦٧",
    ] {
        create(&world, "Other", number)
            .await
            .is(400, taken(number, id));
        let mut listed = client("Other", "0559999999");
        listed["phone_numbers"] = json!([{"phone_number": "0558888888"}, {"phone_number": number}]);
        let refused = world.send("owner1", "POST", CLIENTS, listed).await;
        refused.is(400, taken(number, id));
    }

    assert_eq!(world.get("owner1", CLIENTS).await.body["count"], before);
    assert_eq!(create(&world, "Other", "0559999999").await.status, 201);
}

async fn a_number_is_free_in_another_company_and_where_nobody_minds(world: World) {
    unique(&world).await;
    assert_eq!(create(&world, "Sara", "0551234567").await.status, 201);

    let mut elsewhere = client("Sara", "0551234567");
    elsewhere["company"] = json!(2);
    for name in ["Sara", "Amal"] {
        elsewhere["name"] = json!(name);
        let created = world
            .send("owner2", "POST", CLIENTS, elsewhere.clone())
            .await;
        assert_eq!(created.status, 201, "{:?}", created.body);
    }
    assert_eq!(
        settings(&world, json!({"unique_phones": false}))
            .await
            .status,
        200
    );
    assert_eq!(create(&world, "Amal", "0551234567").await.status, 201);
}

async fn of_many_at_once_one_gets_the_number(world: World) {
    unique(&world).await;
    let names: Vec<_> = (0..20).map(|number| format!("Client {number}")).collect();

    let mut requests = tokio::task::JoinSet::new();
    let world = std::sync::Arc::new(world);
    for name in names {
        let world = std::sync::Arc::clone(&world);
        requests.spawn(async move { create(&world, &name, "0551234567").await });
    }
    let replies = requests.join_all().await;

    let (created, refused): (Vec<_>, Vec<_>) =
        replies.into_iter().partition(|reply| reply.status == 201);
    assert_eq!(created.len(), 1);
    for reply in refused {
        reply.is(400, taken("0551234567", &created[0].body["id"]));
    }
}

async fn an_edit_takes_no_number_of_another_client_and_keeps_its_own(world: World) {
    unique(&world).await;
    let first = create(&world, "Sara", "0551234567").await;
    let second = create(&world, "Amal", "0557654321").await;
    let path = format!("{CLIENTS}{}/", second.body["id"]);
    let edit = |body: Value| world.send("owner1", "PATCH", &path, body);

    let refused = edit(json!({"name": "Changed", "phone_number": "+966551234567"})).await;
    refused.is(400, taken("+966551234567", &first.body["id"]));
    assert_eq!(world.get("owner1", &path).await.body["name"], "Amal");

    let own = edit(json!({"phone_number": "+966557654321"})).await;
    assert_eq!(own.status, 200);
    // The list still has the number, the field has another one: both are kept.
    assert_eq!(
        edit(json!({"phone_number": "0550000000"})).await.status,
        200
    );
    let again = create(&world, "Third", "0557654321").await;
    again.is(400, taken("0557654321", &second.body["id"]));
    assert_eq!(edit(json!({"phone_numbers": []})).await.status, 200);
    assert_eq!(create(&world, "Third", "0557654321").await.status, 201);
}

async fn numbers_that_were_shared_before_may_stay(world: World) {
    let first = create(&world, "Sara", "0551234567").await;
    let second = create(&world, "Amal", "+966551234567").await;
    unique(&world).await;

    let path = format!("{CLIENTS}{}/", second.body["id"]);
    let body = json!({"phone_number": "0551234567", "name": "Amal B"});
    assert_eq!(world.send("owner1", "PATCH", &path, body).await.status, 200);
    let refused = create(&world, "Third", "0551234567").await;
    refused.is(400, taken("0551234567", &first.body["id"]));
}

async fn a_repeated_request_gives_the_client_that_is_there(world: World) {
    unique(&world).await;

    let first = create(&world, "Sara", "0551234567").await;
    let again = create(&world, "Sara", "0551234567").await;

    assert_eq!(again.status, 201);
    assert_eq!(first.body["id"], again.body["id"]);
}

async fn a_number_is_free_again_once_its_client_is_gone(world: World) {
    unique(&world).await;
    let first = create(&world, "Sara", "0551234567").await;
    let path = format!("{CLIENTS}{}/", first.body["id"]);

    let deleted = world.ask("owner1", "DELETE", &path).await;

    assert_eq!(deleted.status, 204);
    assert_eq!(create(&world, "Amal", "0551234567").await.status, 201);
}

async fn what_changed_while_nobody_minded_is_known_afterwards(world: World) {
    unique(&world).await;
    let client = create(&world, "Sara", "0551234567").await;
    let path = format!("{CLIENTS}{}/", client.body["id"]);

    let off = settings(&world, json!({"unique_phones": false})).await;
    assert_eq!(off.status, 200);
    let body = json!({"phone_number": "0557654321", "phone_numbers": []});
    assert_eq!(world.send("owner1", "PATCH", &path, body).await.status, 200);
    unique(&world).await;

    let refused = create(&world, "Amal", "+966557654321").await;
    refused.is(400, taken("+966557654321", &client.body["id"]));
    assert_eq!(create(&world, "Amal", "0551234567").await.status, 201);
}

async fn a_wrong_region_saves_nothing(world: World) {
    let sentence = "phone_region must be the two letters of a country, such as SA or EG.";
    for wrong in [
        json!("XX"),
        json!("Saudi"),
        json!(966),
        json!([]),
        json!(true),
    ] {
        let refused = settings(
            &world,
            json!({"unique_phones": true, "phone_region": wrong}),
        )
        .await;
        refused.is(400, json!({"error": sentence}));
    }
    let kept = settings(&world, json!({})).await;
    assert_eq!(kept.body["unique_phones"], false);
    unique(&world).await;
    let cleared = settings(&world, json!({"phone_region": ""})).await;
    assert_eq!(cleared.body["phone_region"], Value::Null);
}
