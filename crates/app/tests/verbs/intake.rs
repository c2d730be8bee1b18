//! Clients arrive.

use tawzi_app::{ClientChange, Error, Problem, create_client, edit_client};
use tawzi_core::client::PhoneType;
use tawzi_core::id::{ChannelId, StatusId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_store::NewPhone;
use tawzi_testkit::{NOON, TestUser, World};

#[tokio::test]
async fn scenario_10_six_clients_for_three_employees_are_two_each() {
    let world = World::with_employees(3).await;

    for _ in 0..6 {
        world.arrival().await;
    }

    assert_eq!(world.loads().await, [2, 2, 2]);
}

#[tokio::test]
async fn scenario_10_switched_off_the_client_stays_unassigned_without_an_event() {
    let world = World::with_employees(3).await;
    world.set(false, false).await;

    let client = world.arrival().await;

    assert_eq!(world.assignee(client).await, None);
    assert!(world.events(client).await.is_empty());
}

#[tokio::test]
async fn scenario_10_without_active_employees_the_reason_is_recorded() {
    let world = World::with_employees(1).await;
    world.set_active(&world.employees[0], false).await;

    let client = world.arrival().await;

    assert_eq!(world.assignee(client).await, None);
    let events = world.events(client).await;
    assert_eq!(
        events[0].notes.as_deref(),
        Some("Not assigned: no active employees")
    );
}

#[tokio::test]
async fn scenario_11_inactive_people_administrators_and_other_companies_never_receive() {
    let world = World::with_employees(2).await;
    world.set_active(&world.employees[0], false).await;
    let (neighbour, _) = world.neighbour().await;
    world.hire(neighbour, "employee").await;

    for _ in 0..4 {
        let client = world.arrival().await;
        assert_eq!(world.assignee(client).await, Some(world.employees[1].id()));
    }
}

#[tokio::test]
async fn scenario_12_an_assignment_is_dated_and_written_in_the_timeline() {
    let world = World::with_employees(1).await;

    let created = world.create(world.draft()).await.unwrap().client;

    let employee = world.employees[0].user();
    assert_eq!(
        created.assigned_to_username.as_deref(),
        Some(&*employee.username)
    );
    assert_eq!(created.assigned_at, Some(world.clock.now()));
    let events = world.events(created.id).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].event_type, "assignment");
    assert_eq!(events[0].new_value.as_deref(), Some(&*employee.username));
    assert_eq!(events[0].created_by, None);
}

#[tokio::test]
async fn scenario_12_a_named_assignee_is_dated_too_and_the_author_is_written() {
    let world = World::with_employees(2).await;

    let client = world.client_of(&world.employees[1]).await;

    assert_eq!(
        world.client(client).await.assigned_at,
        Some(world.clock.now())
    );
    let events = world.events(client).await;
    assert_eq!(events[0].created_by, Some(world.admin.id()));
    assert_eq!(world.loads().await, [0, 1]);
}

#[tokio::test]
async fn scenario_13_many_at_once_differ_by_at_most_one() {
    let world = World::with_employees(7).await;

    let creates = (0..300).map(|_| {
        let (app, admin, draft) = (world.app.clone(), world.admin.clone(), world.draft());
        tokio::spawn(async move { create_client(&app, &admin, draft, None).await.unwrap() })
    });
    let creates: Vec<_> = creates.collect();
    for create in creates {
        create.await.unwrap();
    }

    let loads = world.loads().await;
    assert_eq!(loads.iter().sum::<i64>(), 300);
    assert!(
        loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1,
        "{loads:?}"
    );
}

#[tokio::test]
async fn the_order_of_receiving_outlasts_the_batch() {
    let world = World::with_employees(3).await;

    let mut assignees = Vec::new();
    for _ in 0..9 {
        // The clock stands still: only the order tells who has waited longest.
        let client = world.arrival().await;
        assignees.push(world.assignee(client).await.unwrap());
    }

    let round: Vec<_> = world.employees.iter().map(TestUser::id).collect();
    assert_eq!(assignees, [round.clone(), round.clone(), round].concat());
}

#[tokio::test]
async fn scenario_8_the_same_request_within_ten_seconds_is_the_same_client() {
    let world = World::with_employees(2).await;
    let draft = world.draft();

    let first = world.create(draft.clone()).await.unwrap().client;
    let again = world.create(draft.clone()).await.unwrap().client;
    world.clock.move_to(world.clock.now().plus_seconds(11));
    let later = world.create(draft).await.unwrap().client;

    assert_eq!(first.id, again.id);
    assert_ne!(first.id, later.id);
    assert_eq!(world.loads().await, [1, 1]);
}

#[tokio::test]
async fn scenario_8_a_repetition_of_a_request_that_had_to_wait_is_the_same_client() {
    let world = World::with_employees(2).await;
    let draft = world.draft();
    let first = world.create(draft.clone()).await.unwrap();

    let somebody_else = world.app.db().begin().await.unwrap();
    world.clock.move_to(NOON.plus_seconds(1));
    let (app, admin) = (world.app.clone(), world.admin.clone());
    let again = tokio::spawn(async move { create_client(&app, &admin, draft, None).await });
    // It has asked before it is too late for a repetition, and is written after that.
    tokio::task::yield_now().await;
    world.clock.move_to(NOON.plus_seconds(12));
    drop(somebody_else);

    let again = again.await.unwrap().unwrap();
    assert_eq!(first.client.created_at, NOON);
    assert_eq!(first.client.id, again.client.id);
}

#[tokio::test]
async fn the_same_request_twice_in_one_batch_is_one_client() {
    let world = World::with_employees(2).await;
    let draft = world.draft();

    let (first, second) = tokio::join!(world.create(draft.clone()), world.create(draft.clone()));

    assert_eq!(first.unwrap().client.id, second.unwrap().client.id);
    assert_eq!(world.loads().await.iter().sum::<i64>(), 1);
}

#[tokio::test]
async fn a_key_of_the_callers_own_tells_repetitions_apart() {
    let world = World::with_employees(1).await;
    let draft = world.draft();
    let create = |key| create_client(&world.app, &world.admin, draft.clone(), Some(key));

    let first = create("a").await.unwrap().client;
    let other = create("b").await.unwrap().client;
    world.after_hours(23);
    let again = create("a").await.unwrap().client;

    assert_ne!(first.id, other.id);
    assert_eq!(first.id, again.id);
}

#[tokio::test]
async fn what_a_client_refers_to_must_be_there() {
    let world = World::with_employees(1).await;
    let draft = ClientChange {
        status: Some(Some(StatusId::new(99))),
        channel: Some(Some(ChannelId::new(99))),
        assigned_to: Some(Some(UserId::new(99))),
        ..world.draft()
    };

    let Err(Error::Invalid(problems)) = world.create(draft).await else {
        panic!("it was created");
    };

    let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["communication_way", "status", "assigned_to"]);
    assert!(
        problems
            .iter()
            .all(|p| p.problem == Problem::NoSuchId("99".to_owned()))
    );
}

#[tokio::test]
async fn one_bad_request_hurts_no_other_of_its_batch() {
    let world = World::with_employees(2).await;
    let bad = ClientChange {
        assigned_to: Some(Some(UserId::new(99))),
        ..world.draft()
    };

    let (good, bad, also_good) = tokio::join!(
        world.create(world.draft()),
        world.create(bad),
        world.create(world.draft())
    );

    assert!(good.is_ok() && also_good.is_ok());
    assert!(matches!(bad, Err(Error::Invalid(_))));
    assert_eq!(world.loads().await, [1, 1]);
}

#[tokio::test]
async fn somebody_of_another_company_or_inactive_cannot_be_named() {
    let world = World::with_employees(1).await;
    world.set_active(&world.employees[0], false).await;
    let (_, stranger) = world.neighbour().await;

    for person in [&world.employees[0], &stranger] {
        let draft = ClientChange {
            assigned_to: Some(Some(person.id())),
            ..world.draft()
        };
        assert!(matches!(world.create(draft).await, Err(Error::Invalid(_))));
    }
}

#[tokio::test]
async fn a_client_cannot_be_created_in_another_company() {
    let world = World::with_employees(1).await;
    let (neighbour, _) = world.neighbour().await;
    let draft = ClientChange {
        company: Some(neighbour),
        ..world.draft()
    };

    let created = world.create(draft).await;

    assert!(matches!(created, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn phone_numbers_are_written_with_the_client() {
    let world = World::with_employees(1).await;
    let phone = |number: &str, is_primary| NewPhone {
        id: None,
        phone_number: number.to_owned(),
        phone_type: PhoneType::Mobile,
        is_primary,
        notes: None,
    };
    let draft = ClientChange {
        phones: Some(vec![phone("+2", false), phone("+1", true)]),
        ..world.draft()
    };

    let created = world.create(draft).await.unwrap();

    let numbers: Vec<_> = created
        .phones
        .iter()
        .map(|p| p.phone_number.as_str())
        .collect();
    assert_eq!(numbers, ["+1", "+2"]);
    let read = tawzi_app::read_client(&world.app, &world.admin, created.client.id)
        .await
        .unwrap();
    let ids = |phones: &[tawzi_store::ClientPhone]| phones.iter().map(|p| p.id).collect::<Vec<_>>();
    assert_eq!(ids(&read.phones), ids(&created.phones));
}

#[tokio::test]
async fn a_load_is_counted_under_the_category_of_the_status() {
    let world = World::with_employees(1).await;
    let won = world.status("Won", StatusCategory::Closed).await;
    let draft = ClientChange {
        status: Some(Some(won)),
        ..world.draft()
    };

    world.create(draft).await.unwrap();

    // The counters agree with counting, category by category.
    assert_eq!(world.loads().await, [1]);
}

#[tokio::test]
async fn a_repetition_does_not_show_what_became_of_a_client_that_is_somebody_elses() {
    let world = World::with_employees(2).await;
    let [creator, other] = [&world.employees[0], &world.employees[1]];
    let draft = ClientChange {
        assigned_to: Some(Some(other.id())),
        ..world.draft()
    };
    let create = async || create_client(&world.app, creator, draft.clone(), Some("key")).await;
    let created = create().await.unwrap().client;

    let at_once = create().await.unwrap().client;
    world.clock.move_to(NOON.plus_seconds(60));
    let change = ClientChange {
        name: Some("a secret".to_owned()),
        ..ClientChange::default()
    };
    edit_client(&world.app, &world.admin, created.id, change)
        .await
        .unwrap();
    let later = create().await;

    assert_eq!(at_once.id, created.id);
    assert!(matches!(later, Err(Error::NotTheirsAnyMore)), "{later:?}");
}
