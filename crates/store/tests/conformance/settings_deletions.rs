//! What is left when a status, a stage or a channel is deleted.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::status::StatusCategory;
use tawzi_store::{Author, NewClient, NewTask, Viewer};

on_both_engines! {
    clients_of_a_deleted_status_have_none_and_are_counted_so,
    activities_of_a_deleted_stage_have_none,
    clients_of_a_deleted_channel_have_none,
}

async fn clients_of_a_deleted_status_have_none_and_are_counted_so(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let new = given::status(store, north, "New", StatusCategory::Active).await;
    let closed = given::status(store, north, "Closed", StatusCategory::Closed).await;
    let held = |status| NewClient {
        status: Some(status),
        assigned_to: Some(amal),
        ..given::new_client(north, "Sara")
    };
    let clients = [held(new), held(new), held(closed)];
    let clients = given::clients(store, &clients).await;

    let mut tx = store.begin().await.unwrap();
    tx.lock_company(north).await.unwrap();
    let mut tenant = tx.tenant_tx(north);
    tenant.recount_loads().await.unwrap();
    let bare = tenant.delete_status(new).await.unwrap();
    let counted_wrong = tenant.load_differences().await.unwrap();
    tenant.recount_loads().await.unwrap();
    let counted_right = tenant.load_differences().await.unwrap();
    let nobody = tenant.delete_status(new).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!((bare, nobody), (2, 0));
    assert_eq!((counted_wrong.len(), counted_right.len()), (1, 0));
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    assert!(tenant.status(new).await.unwrap().is_none());
    for (id, status) in [
        (clients[0], None),
        (clients[1], None),
        (clients[2], Some(closed)),
    ] {
        let client = tenant.client(id, Viewer::Everything).await.unwrap();
        let client = client.unwrap();
        assert_eq!((client.status_id, client.updated_at), (status, NOW));
    }
}

async fn activities_of_a_deleted_stage_have_none(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let call = given::stage(store, north, "Call", 0).await;
    let visit = given::stage(store, north, "Visit", 1).await;
    let client = given::held_client(store, north, amal, NOW).await;
    let in_stage = |stage| NewTask {
        client,
        stage: Some(stage),
        notes: None,
        reminder_date: None,
        created_by: Author::User(amal),
        create_key: None,
        at: NOW,
    };

    let mut tx = store.begin().await.unwrap();
    let bare = given::log_task(&mut tx, north, in_stage(call))
        .await
        .unwrap();
    let other = given::log_task(&mut tx, north, in_stage(visit))
        .await
        .unwrap();
    tx.tenant_tx(north).delete_stage(call).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    assert!(tenant.stage(call).await.unwrap().is_none());
    for (id, stage) in [(bare, None), (other, Some(visit))] {
        let task = tenant.task(id, Viewer::Everything).await.unwrap();
        assert_eq!(task.unwrap().stage_id, stage);
    }
}

async fn clients_of_a_deleted_channel_have_none(store: &TestDb) {
    let north = given::company(store, "north").await;
    let phone = given::channel(store, north, "Phone").await;
    let web = given::channel(store, north, "Web").await;
    let through = |channel| NewClient {
        channel: Some(channel),
        ..given::new_client(north, "Sara")
    };
    let clients = given::clients(store, &[through(phone), through(web)]).await;

    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(north);
    tenant.delete_channel(phone).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    assert!(tenant.channel(phone).await.unwrap().is_none());
    for (id, channel) in [(clients[0], None), (clients[1], Some(web))] {
        let client = tenant.client(id, Viewer::Everything).await.unwrap();
        assert_eq!(client.unwrap().channel_id, channel);
    }
}
