//! Looking at clients, editing and deleting them.

use tawzi_app::{
    ClientChange, ClientFilter, Error, PageRequest, Thing, delete_client, edit_client,
    list_clients, read_client,
};
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::money::Budget;
use tawzi_core::status::StatusCategory;
use tawzi_testkit::World;

#[tokio::test]
async fn scenario_31_each_change_leaves_its_line_and_an_unchanged_field_none() {
    let world = World::with_employees(2).await;
    let won = world.status("Won", StatusCategory::Closed).await;
    let client = world.client_of(&world.employees[0]).await;
    let before = world.client(client).await;

    let change = ClientChange {
        name: Some("اسم جديد".to_owned()),
        priority: Some(Priority::High),
        client_type: Some(ClientType::Fresh),
        status: Some(Some(won)),
        budget: Some(Some(Budget::from_hundredths(150_000))),
        assigned_to: Some(Some(world.employees[1].id())),
        ..ClientChange::default()
    };
    edit_client(&world.app, &world.admin, client, change)
        .await
        .unwrap();

    let events = world.events(client).await;
    let notes: Vec<_> = events
        .iter()
        .rev()
        .skip(1)
        .filter_map(|e| e.notes.clone())
        .collect();
    let (old, new) = (
        &world.employees[0].user().username,
        &world.employees[1].user().username,
    );
    assert_eq!(
        notes,
        [
            "Status changed from None to Won".to_owned(),
            format!("Assigned to {new} (was {old})"),
            "Name updated".to_owned(),
            "Priority updated".to_owned(),
            "Budget updated".to_owned(),
        ]
    );
    assert_eq!(events[2].old_value.as_deref(), Some(&*before.name));
    assert_eq!(events[0].new_value.as_deref(), Some("1500.00"));
    assert_eq!(world.loads().await, [0, 1]);
}

#[tokio::test]
async fn scenario_6_an_edit_that_changes_nothing_writes_no_event() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;
    let before = world.client(client).await;

    let change = ClientChange {
        name: Some(before.name.clone()),
        priority: Some(Priority::Low),
        assigned_to: Some(before.assigned_to),
        status: Some(None),
        budget: Some(None),
        ..ClientChange::default()
    };
    edit_client(&world.app, &world.admin, client, change)
        .await
        .unwrap();

    assert_eq!(world.events(client).await.len(), 1);
}

#[tokio::test]
async fn a_client_without_a_budget_that_is_sent_back_with_0_has_none() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;
    let save = async |hundredths| {
        let change = ClientChange {
            budget: Some(Some(Budget::from_hundredths(hundredths))),
            ..ClientChange::default()
        };
        let saved = edit_client(&world.app, &world.admin, client, change).await;
        let budget = saved.unwrap().client.budget_hundredths;
        (
            budget.map(Budget::hundredths),
            world.events(client).await.len(),
        )
    };

    assert_eq!(save(0).await, (None, 1), "nothing has changed");
    assert_eq!(save(5).await, (Some(5), 2));
    assert_eq!(save(0).await, (Some(0), 3), "now it is a change");
    assert_eq!(save(0).await, (Some(0), 3));
}

#[tokio::test]
async fn unassigning_clears_the_date_and_the_load() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;

    let change = ClientChange {
        assigned_to: Some(None),
        ..ClientChange::default()
    };
    edit_client(&world.app, &world.admin, client, change)
        .await
        .unwrap();

    assert_eq!(world.client(client).await.assigned_at, None);
    assert_eq!(world.loads().await, [0]);
}

#[tokio::test]
async fn a_new_status_moves_the_load_to_its_category() {
    let world = World::with_employees(1).await;
    let won = world.status("Won", StatusCategory::Closed).await;
    let client = world.client_of(&world.employees[0]).await;

    let change = ClientChange {
        status: Some(Some(won)),
        ..ClientChange::default()
    };
    edit_client(&world.app, &world.admin, client, change)
        .await
        .unwrap();

    assert_eq!(world.loads().await, [1]);
}

#[tokio::test]
async fn scenario_30_an_employee_sees_only_what_is_theirs_and_loses_sight_with_the_client() {
    let world = World::with_employees(2).await;
    let employee = &world.employees[0];
    let client = world.client_of(employee).await;
    let seen = async || {
        let page = PageRequest::new(1, 10);
        let page = list_clients(&world.app, employee, ClientFilter::default(), &[], page)
            .await
            .unwrap();
        page.count
    };
    assert_eq!(seen().await, 1);

    let change = ClientChange {
        assigned_to: Some(Some(world.employees[1].id())),
        ..ClientChange::default()
    };
    let given = edit_client(&world.app, employee, client, change)
        .await
        .unwrap();

    assert_eq!(given.client.assigned_to, Some(world.employees[1].id()));
    assert_eq!(seen().await, 0);
    let read = read_client(&world.app, employee, client).await;
    assert!(matches!(read, Err(Error::NotFound(Thing::Client))));
}

#[tokio::test]
async fn scenario_30_another_company_sees_and_changes_nothing() {
    let world = World::with_employees(1).await;
    let client = world.arrival().await;
    let (_, stranger) = world.neighbour().await;

    let edited = edit_client(&world.app, &stranger, client, ClientChange::default()).await;
    let deleted = delete_client(&world.app, &stranger, client).await;

    assert!(matches!(edited, Err(Error::NotFound(_))));
    assert!(matches!(deleted, Err(Error::NotFound(_))));
    world.client(client).await;
}

#[tokio::test]
async fn a_client_cannot_be_moved_to_another_company() {
    let world = World::with_employees(1).await;
    let client = world.arrival().await;
    let (neighbour, _) = world.neighbour().await;

    let change = ClientChange {
        company: Some(neighbour),
        ..ClientChange::default()
    };
    let edited = edit_client(&world.app, &world.admin, client, change).await;

    assert!(matches!(edited, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn deleting_a_client_takes_it_off_the_load() {
    let world = World::with_employees(2).await;
    let client = world.arrival().await;
    world.arrival().await;

    delete_client(&world.app, &world.admin, client)
        .await
        .unwrap();

    assert_eq!(world.loads().await, [0, 1]);
}

#[tokio::test]
async fn who_holds_the_client_may_be_sent_back_although_inactive_by_now() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;
    world.set_active(&world.employees[0], false).await;

    let change = ClientChange {
        name: Some("Renamed".to_owned()),
        assigned_to: Some(Some(world.employees[0].id())),
        ..ClientChange::default()
    };
    edit_client(&world.app, &world.admin, client, change)
        .await
        .unwrap();

    assert_eq!(world.client(client).await.name, "Renamed");
}
