//! People who leave, and what becomes of their clients.

use crate::people::patch;
use crate::world::World;
use serde_json::{Value, json};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_store::User;

on_both_engines! {
    a_deleted_persons_clients_are_nobodys,
    a_deactivated_persons_clients_go_to_the_others_when_asked,
    a_deactivated_persons_clients_wait_when_not_asked,
    who_cannot_be_deactivated_is_said,
    an_edit_that_waited_keeps_what_happened_meanwhile,
}

async fn a_deleted_persons_clients_are_nobodys(world: World) {
    let held = world.get("emp1", "/api/clients/").await.column("id");
    assert!(!held.is_empty());
    let task = json!({"client": held[0], "notes": "called"});
    world.send("emp1", "POST", "/api/client-tasks/", task).await;
    let by_employee = world.ask("emp2", "DELETE", "/api/users/2/").await;
    assert_eq!(by_employee.status, 404);

    let deleted = world.ask("owner1", "DELETE", "/api/users/2/").await;

    deleted.is(204, Value::Null);
    assert_eq!(world.get("owner1", "/api/users/2/").await.status, 404);
    for id in held {
        let client = world.get("owner1", &format!("/api/clients/{id}/")).await;
        assert_eq!(client.body["assigned_to"], Value::Null);
        let events = world
            .get("owner1", &format!("/api/client-events/?client={id}"))
            .await;
        let event = &events.body["results"][0];
        assert_eq!(event["new_value"], "Unassigned");
        assert_eq!(event["notes"], "Unassigned (was Ed One)");
        assert_eq!(event["created_by_username"], "owner1");
    }
    let tasks = world
        .get("owner1", "/api/client-tasks/?search=called")
        .await;
    assert_eq!(tasks.column("created_by"), [Value::Null]);
    world.nothing_is_wrong().await;
}

async fn a_deactivated_persons_clients_go_to_the_others_when_asked(world: World) {
    let held = world.get("emp1", "/api/clients/").await.column("id");
    let preview = world
        .get("owner1", "/api/users/2/deactivate-preview/")
        .await;
    preview.is(
        200,
        json!({
            "assigned_leads_count": held.len(),
            "can_reassign": true,
            "show_lead_reassign_options": true,
        }),
    );

    let body = json!({"reassign_leads": true});
    let done = world
        .send("owner1", "POST", "/api/users/2/deactivate/", body)
        .await;

    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(done.body["assigned_lead_count"], held.len());
    assert_eq!(done.body["skipped_lead_count"], 0);
    assert_eq!(done.body["leads_remaining_on_user"], 0);
    assert_eq!(done.body["user"]["is_active"], false);
    for id in held {
        let client = world.get("owner1", &format!("/api/clients/{id}/")).await;
        let assignee = client.body["assigned_to"].as_i64().unwrap();
        assert!([3, 4].contains(&assignee), "{assignee}");
        let events = world
            .get("owner1", &format!("/api/client-events/?client={id}"))
            .await;
        let event = &events.body["results"][0];
        let note = format!(
            "Reassigned after employee deactivation to {}",
            event["new_value"].as_str().unwrap()
        );
        assert_eq!(event["notes"], note);
        assert_eq!(event["old_value"], "Ed One");
    }
    assert_eq!(world.get("emp1", "/api/users/me/").await.status, 401);
    let again = world
        .send("owner1", "POST", "/api/users/2/reactivate/", json!({}))
        .await;
    assert_eq!(again.body["user"]["is_active"], true);
    let revived = world.get("emp1", "/api/users/me/").await;
    assert_eq!(revived.status, 401, "old tokens stay dead");
    world.sign_in_again("emp1").await;
    assert_eq!(world.get("emp1", "/api/clients/").await.body["count"], 0);
    world.nothing_is_wrong().await;
}

async fn a_deactivated_persons_clients_wait_when_not_asked(world: World) {
    let held = world.get("emp1", "/api/clients/").await.column("id");

    let done = world
        .send("owner1", "POST", "/api/users/2/deactivate/", json!({}))
        .await;
    let edited = patch(&world, "owner1", 3, json!({"is_active": false})).await;

    assert_eq!(done.body["assigned_lead_count"], 0);
    assert_eq!(done.body["skipped_lead_count"], held.len());
    assert_eq!(edited.body["is_active"], false);
    for id in held.iter().chain([&json!(4)]) {
        let client = world.get("owner1", &format!("/api/clients/{id}/")).await;
        assert_eq!(client.body["assigned_to"], Value::Null);
    }
    world.nothing_is_wrong().await;
}

async fn who_cannot_be_deactivated_is_said(world: World) {
    let deactivate = async |who: &str, id: i64, body: Value| {
        let path = format!("/api/users/{id}/deactivate/");
        world.send(who, "POST", &path, body).await.status
    };

    assert_eq!(deactivate("owner1", 1, json!({})).await, 400);
    assert_eq!(deactivate("owner1", 6, json!({})).await, 404);
    assert_eq!(deactivate("emp1", 2, json!({})).await, 403);
    assert_eq!(
        deactivate("owner1", 2, json!({"reassign_leads": "x"})).await,
        400
    );
    let preview = world.get("emp1", "/api/users/2/deactivate-preview/").await;
    assert_eq!(preview.status, 403);
}

async fn an_edit_that_waited_keeps_what_happened_meanwhile(world: World) {
    let mut tx = world.app.db().begin().await.unwrap();
    tx.lock_company(CompanyId::new(1)).await.unwrap();
    let other = world.clone();
    let edit =
        tokio::spawn(
            async move { patch(&other, "owner1", 2, json!({"first_name": "Edward"})).await },
        );
    world.until_it_waits(&edit).await;
    let promoted = User {
        role_word: "admin".to_owned(),
        phone: None,
        ..tx.user(UserId::new(2)).await.unwrap().unwrap()
    };
    tx.save_user(&promoted).await.unwrap();
    tx.commit().await.unwrap();

    let edited = edit.await.unwrap();

    assert_eq!(edited.status, 200, "{}", edited.body);
    assert_eq!(edited.body["first_name"], "Edward");
    assert_eq!(edited.body["role"], "admin");
    assert_eq!(edited.body["phone"], Value::Null);
}
