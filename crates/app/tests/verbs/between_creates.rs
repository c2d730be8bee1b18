//! What happens to a company between creates, and several servers on one database.

use tawzi_app::{NewClientRequest, StatusPatch, create_client, edit_status};
use tawzi_core::status::StatusCategory;
use tawzi_testkit::House;

#[tokio::test]
async fn what_changed_between_two_creates_is_noticed() {
    let house = House::with_employees(2).await;
    let [first, second] = [&house.employees[0], &house.employees[1]];
    house.arrival().await;
    house.arrival().await;

    house.set_active(first, false).await;
    let while_away = house.arrival().await;
    house.set_active(first, true).await;
    let newcomer = house.hire(house.company, "employee").await;
    let with_newcomer = house.arrival().await;
    house.set(false, true).await;
    let while_off = house.arrival().await;
    house.set(true, true).await;

    assert_eq!(house.holder(while_away).await, Some(second.id()));
    assert_eq!(house.holder(with_newcomer).await, Some(newcomer.id()));
    assert_eq!(house.holder(while_off).await, None);
}

#[tokio::test]
async fn a_status_of_another_category_counts_as_what_it_is_now() {
    let house = House::with_employees(1).await;
    let status = house.status("مهتم", StatusCategory::Active).await;
    let draft = || NewClientRequest {
        status: Some(status),
        ..house.draft()
    };
    house.create(draft()).await.unwrap();
    house.create(draft()).await.unwrap();

    let change = StatusPatch {
        category: Some(StatusCategory::Closed),
        ..StatusPatch::default()
    };
    edit_status(&house.app, &house.admin, status, change)
        .await
        .unwrap();
    let last = house.create(draft()).await.unwrap().client;

    assert_eq!(last.status_category, Some(StatusCategory::Closed));
    assert_eq!(house.loads().await, [3]);
}

#[tokio::test]
async fn two_servers_on_one_database_spread_clients_as_one_does() {
    let house = House::with_employees(5).await;
    let (other, _queues) = house.server(None);

    for round in 0..40 {
        // Now one of them alone, now both by turns.
        let server = if round % 7 < 3 || round % 2 == 0 {
            &house.app
        } else {
            &other
        };
        create_client(server, &house.admin, house.draft(), None)
            .await
            .unwrap();
        let loads = house.loads().await;
        assert!(
            loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1,
            "{loads:?}"
        );
    }

    assert_eq!(house.loads().await, [8; 5]);
}

#[tokio::test]
async fn a_request_that_another_server_answered_is_the_same_client() {
    let house = House::with_employees(2).await;
    let (other, _queues) = house.server(None);
    let draft = house.draft();
    let first = create_client(&other, &house.admin, draft.clone(), None)
        .await
        .unwrap();
    let again = house.create(draft.clone()).await.unwrap();
    let and_again = house.create(draft).await.unwrap();

    assert_eq!(again.client.id, first.client.id);
    assert_eq!(and_again.client.id, first.client.id);
    assert_eq!(house.loads().await.iter().sum::<i64>(), 1);
}
