//! What happens to a company between creates, and several servers on one database.

use tawzi_app::{ClientChange, StatusPatch, create_client, edit_status};
use tawzi_core::status::StatusCategory;
use tawzi_testkit::World;

#[tokio::test]
async fn what_changed_between_two_creates_is_noticed() {
    let world = World::with_employees(2).await;
    let [first, second] = [&world.employees[0], &world.employees[1]];
    world.arrival().await;
    world.arrival().await;

    world.set_active(first, false).await;
    let while_away = world.arrival().await;
    world.set_active(first, true).await;
    let newcomer = world.hire(world.company, "employee").await;
    let with_newcomer = world.arrival().await;
    world.set(false, true).await;
    let while_off = world.arrival().await;
    world.set(true, true).await;

    assert_eq!(world.assignee(while_away).await, Some(second.id()));
    assert_eq!(world.assignee(with_newcomer).await, Some(newcomer.id()));
    assert_eq!(world.assignee(while_off).await, None);
}

#[tokio::test]
async fn a_status_of_another_category_counts_as_what_it_is_now() {
    let world = World::with_employees(1).await;
    let status = world.status("مهتم", StatusCategory::Active).await;
    let draft = || ClientChange {
        status: Some(Some(status)),
        ..world.draft()
    };
    world.create(draft()).await.unwrap();
    world.create(draft()).await.unwrap();

    let change = StatusPatch {
        category: Some(StatusCategory::Closed),
        ..StatusPatch::default()
    };
    edit_status(&world.app, &world.admin, status, change)
        .await
        .unwrap();
    let last = world.create(draft()).await.unwrap().client;

    assert_eq!(last.status_category, Some(StatusCategory::Closed));
    assert_eq!(world.loads().await, [3]);
}

#[tokio::test]
async fn two_servers_on_one_database_spread_clients_as_one_does() {
    let world = World::with_employees(5).await;
    let (other, _queues) = world.server(None);

    for round in 0..40 {
        // Now one of them alone, now both by turns.
        let server = if round % 7 < 3 || round % 2 == 0 {
            &world.app
        } else {
            &other
        };
        create_client(server, &world.admin, world.draft(), None)
            .await
            .unwrap();
        let loads = world.loads().await;
        assert!(
            loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1,
            "{loads:?}"
        );
    }

    assert_eq!(world.loads().await, [8; 5]);
}

#[tokio::test]
async fn a_request_that_another_server_answered_is_the_same_client() {
    let world = World::with_employees(2).await;
    let (other, _queues) = world.server(None);
    let draft = world.draft();
    let first = create_client(&other, &world.admin, draft.clone(), None)
        .await
        .unwrap();
    let again = world.create(draft.clone()).await.unwrap();
    let and_again = world.create(draft).await.unwrap();

    assert_eq!(again.client.id, first.client.id);
    assert_eq!(and_again.client.id, first.client.id);
    assert_eq!(world.loads().await.iter().sum::<i64>(), 1);
}
