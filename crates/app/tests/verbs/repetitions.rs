//! A request that is sent again, by the same person or program, for the same client or activity.

use std::time::Duration;
use tawzi_app::{
    Actor, App, ClientChange, Error, Result, TaskChange, bulk_assign, create_client, list_tasks,
    log_task,
};
use tawzi_core::id::ClientId;
use tawzi_store::{ClientTask, EngineKind};
use tawzi_testkit::{NOON, World, eventually};

const BOTH: [EngineKind; 2] = [EngineKind::Sqlite, EngineKind::Postgres];

fn call(client: ClientId) -> TaskChange {
    TaskChange {
        client: Some(client),
        notes: Some(Some("اتصال".to_owned())),
        ..TaskChange::default()
    }
}

async fn log(world: &World, by: &Actor, task: TaskChange) -> Result<ClientTask> {
    log_task(&world.app, by, task, None).await
}

async fn count_tasks(world: &World) -> i64 {
    let page = tawzi_app::PageRequest::new(1, 1);
    let tasks = list_tasks(&world.app, &world.admin, &[], &[], page).await;
    tasks.unwrap().count
}

#[tokio::test]
async fn the_same_activity_within_ten_seconds_is_one_contact() {
    for engine in BOTH {
        let world = World::on(engine, 1).await;
        let client = world.client_of(&world.employees[0]).await;

        let first = log(&world, &world.employees[0], call(client))
            .await
            .unwrap();
        world.clock.move_to(NOON.plus_seconds(9));
        let again = log(&world, &world.employees[0], call(client))
            .await
            .unwrap();
        let contacted = world.client(client).await.last_contacted_at;
        world.clock.move_to(NOON.plus_seconds(11));
        let later = log(&world, &world.employees[0], call(client))
            .await
            .unwrap();

        assert_eq!(format!("{first:?}"), format!("{again:?}"));
        assert_eq!(contacted, Some(NOON));
        assert_ne!(first.id, later.id);
        assert_eq!(count_tasks(&world).await, 2);
    }
}

#[tokio::test]
async fn another_person_client_note_or_reminder_is_another_activity() {
    let world = World::with_employees(1).await;
    let [one, other] = [0, 1].map(|_| world.client_of(&world.employees[0]));
    let (one, other) = (one.await, other.await);
    let noted = TaskChange {
        notes: Some(Some("اتصال ثان".to_owned())),
        ..call(one)
    };
    let reminding = TaskChange {
        reminder_date: Some(Some(NOON)),
        ..call(one)
    };

    log(&world, &world.admin, call(one)).await.unwrap();
    log(&world, &world.employees[0], call(one)).await.unwrap();
    for task in [call(other), noted, reminding] {
        log(&world, &world.admin, task).await.unwrap();
    }

    assert_eq!(count_tasks(&world).await, 5);
}

#[tokio::test]
async fn the_same_activity_twice_in_one_batch_is_one() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;
    let by = &world.employees[0];

    let (first, second) =
        tokio::join!(log(&world, by, call(client)), log(&world, by, call(client)));
    let nobodys = ClientId::new(999);
    let (refused, as_well) = tokio::join!(
        log(&world, by, call(nobodys)),
        log(&world, by, call(nobodys))
    );

    assert_eq!(first.unwrap().id, second.unwrap().id);
    assert_eq!(count_tasks(&world).await, 1);
    for refused in [refused, as_well] {
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}

#[tokio::test]
async fn a_request_that_arrives_at_two_servers_at_once_is_carried_out_once() {
    for engine in BOTH {
        let world = World::on(engine, 2).await;
        let (other, _queues) = world.server(None);
        let client = world.client_of(&world.employees[0]).await;
        let create = async |app: &App, draft: &ClientChange| {
            let created = create_client(app, &world.admin, draft.clone(), Some("a key")).await;
            created.unwrap().client.id
        };
        let log = async |app: &App| {
            let task = log_task(app, &world.admin, call(client), Some("a key")).await;
            task.unwrap().id
        };

        for _ in 0..10 {
            world
                .clock
                .move_to(world.clock.now().plus_seconds(25 * 3600));
            let draft = world.draft();
            let created = tokio::join!(create(&world.app, &draft), create(&other, &draft));
            let logged = tokio::join!(log(&world.app), log(&other));

            assert_eq!(created.0, created.1);
            assert_eq!(logged.0, logged.1);
        }
        assert_eq!(count_tasks(&world).await, 10);
        assert_eq!(world.loads().await.iter().sum::<i64>(), 11);
    }
}

#[tokio::test]
async fn a_key_that_comes_with_another_body_is_refused_for_a_day() {
    for engine in BOTH {
        let world = World::on(engine, 1).await;
        let client = world.client_of(&world.employees[0]).await;
        let other = world.client_of(&world.employees[0]).await;
        let draft = world.draft();
        let create = async |draft| create_client(&world.app, &world.admin, draft, Some("k")).await;
        let log = async |by: &Actor, task| log_task(&world.app, by, task, Some("k")).await;
        let created = create(draft.clone()).await.unwrap().client.id;
        let logged = log(&world.admin, call(client)).await.unwrap().id;

        world.after_hours(23);
        let another = create(world.draft()).await;
        let on_another = log(&world.admin, call(other)).await;
        let again = create(draft).await.unwrap().client.id;
        let logged_again = log(&world.admin, call(client)).await.unwrap().id;
        // The key of one person says nothing about another one's.
        log(&world.employees[0], call(other)).await.unwrap();

        assert!(matches!(another, Err(Error::KeyUsedBefore)), "{another:?}");
        assert!(
            matches!(on_another, Err(Error::KeyUsedBefore)),
            "{on_another:?}"
        );
        assert_eq!((again, logged_again), (created, logged));
        let by_employee = world.after_hours(23);
        assert_eq!(
            world.client(other).await.last_contacted_at,
            Some(by_employee)
        );
        world.after_hours(25);
        create(world.draft()).await.unwrap();
        log(&world.admin, call(other)).await.unwrap();
    }
}

#[tokio::test]
async fn a_key_with_two_bodies_at_once_is_good_for_the_first() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;
    let other = world.client_of(&world.employees[0]).await;
    let [draft, another] = [world.draft(), world.draft()];
    let create = async |draft| create_client(&world.app, &world.admin, draft, Some("k")).await;
    let log = async |task| log_task(&world.app, &world.admin, task, Some("k")).await;

    let created = tokio::join!(create(draft), create(another));
    let logged = tokio::join!(log(call(client)), log(call(other)));

    assert!(
        matches!(created, (Ok(_), Err(Error::KeyUsedBefore))),
        "{created:?}"
    );
    assert!(
        matches!(logged, (Ok(_), Err(Error::KeyUsedBefore))),
        "{logged:?}"
    );
    assert_eq!(world.client(other).await.last_contacted_at, None);
}

#[tokio::test]
async fn a_repetition_tells_nothing_of_a_client_that_is_somebody_elses_by_now() {
    let world = World::with_employees(2).await;
    let [before, after] = [&world.employees[0], &world.employees[1]];
    let client = world.client_of(before).await;
    log(&world, before, call(client)).await.unwrap();
    let moved = bulk_assign(&world.app, &world.admin, &[client], Some(after.id())).await;
    moved.unwrap();

    let again = log(&world, before, call(client)).await;

    assert!(matches!(again, Err(Error::NotTheirsAnyMore)), "{again:?}");
    assert_eq!(count_tasks(&world).await, 1);
}

#[tokio::test]
async fn a_contact_that_is_given_up_before_its_company_is_free_is_not_logged() {
    for engine in BOTH {
        let world = World::on(engine, 1).await;
        let client = world.client_of(&world.employees[0]).await;
        let (app, queues) = world.server(None);
        let mut lock = world.app.db().begin().await.unwrap();
        lock.lock_company(world.company).await.unwrap();

        let log = async |note: &str| {
            let task = TaskChange {
                notes: Some(Some(note.to_owned())),
                ..call(client)
            };
            log_task(&app, &world.admin, task, None).await
        };
        // It is given up as by a request whose time is over: once somebody waits for the lock.
        let waits = eventually(async || world.database.somebody_waits().await.then_some(()));
        tokio::select! {
            done = log("given up") => panic!("{done:?}"),
            () = waits => {}
        }
        let kept = log("kept");
        let freed = async { lock.commit().await.unwrap() };
        let (kept, ()) = tokio::join!(kept, freed);
        drop(app);
        queues.finish(Duration::from_secs(20)).await;

        assert_eq!(kept.unwrap().notes.as_deref(), Some("kept"));
        assert_eq!(count_tasks(&world).await, 1);
    }
}
