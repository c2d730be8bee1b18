//! Somebody was in touch.

use tawzi_app::{Actor, Error, TaskChange, delete_task, edit_task, log_task, read_task};
use tawzi_core::id::{ClientId, StageId};
use tawzi_store::{ClientTask, Stage};
use tawzi_testkit::World;

fn draft(client: ClientId) -> TaskChange {
    TaskChange {
        client: Some(client),
        notes: Some(Some("اتصال".to_owned())),
        ..TaskChange::default()
    }
}

async fn log(world: &World, by: &Actor, client: ClientId) -> tawzi_app::Result<ClientTask> {
    log_task(&world.app, by, draft(client), None).await
}

#[tokio::test]
async fn scenario_29_an_activity_counts_as_contact_and_editing_or_deleting_it_does_not() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;
    let first = world.after_hours(1);

    let task = log(&world, &world.employees[0], client).await.unwrap();
    assert_eq!(world.client(client).await.last_contacted_at, Some(first));
    world.after_hours(2);
    let change = TaskChange {
        notes: Some(None),
        ..TaskChange::default()
    };
    let edited = edit_task(&world.app, &world.admin, task.id, change)
        .await
        .unwrap();
    delete_task(&world.app, &world.admin, task.id)
        .await
        .unwrap();

    assert_eq!(edited.notes, None);
    assert_eq!(world.client(client).await.last_contacted_at, Some(first));
}

#[tokio::test]
async fn scenario_29_who_cannot_see_the_client_cannot_log_anything() {
    let world = World::with_employees(2).await;
    let client = world.client_of(&world.employees[0]).await;
    let (_, stranger) = world.neighbour().await;

    for person in [&world.employees[1], &stranger] {
        let logged = log(&world, person, client).await;
        assert!(matches!(logged, Err(Error::Invalid(_))));
    }

    assert_eq!(world.client(client).await.last_contacted_at, None);
}

#[tokio::test]
async fn scenario_29_a_stage_of_another_company_is_refused_and_nothing_is_written() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;
    let (neighbour, _) = world.neighbour().await;
    let mut tx = world.app.db().begin().await.unwrap();
    let stage = Stage::new("Call", 0, world.clock.now());
    let foreign = tx
        .tenant_tx(neighbour)
        .create_stage(stage)
        .await
        .unwrap()
        .id;
    tx.commit().await.unwrap();

    for stage in [foreign, StageId::new(999)] {
        let draft = TaskChange {
            stage: Some(Some(stage)),
            ..draft(client)
        };
        let logged = log_task(&world.app, &world.admin, draft, None).await;
        assert!(matches!(logged, Err(Error::Invalid(_))));
    }

    assert_eq!(world.client(client).await.last_contacted_at, None);
}

#[tokio::test]
async fn of_activities_that_are_logged_at_once_each_has_its_own_answer() {
    let world = World::with_employees(2).await;
    let client = world.client_of(&world.employees[0]).await;
    let bad_stage = TaskChange {
        stage: Some(Some(StageId::new(999))),
        ..draft(client)
    };
    let log = |by: &Actor, draft| {
        let (app, by) = (world.app.clone(), by.clone());
        async move { log_task(&app, &by, draft, None).await }
    };

    let (by_assignee, by_other, in_no_stage, by_admin, of_nobody) = tokio::join!(
        log(&world.employees[0], draft(client)),
        log(&world.employees[1], draft(client)),
        log(&world.admin, bad_stage),
        log(&world.admin, draft(client)),
        log(&world.admin, draft(ClientId::new(999))),
    );

    let (by_assignee, by_admin) = (by_assignee.unwrap(), by_admin.unwrap());
    for refused in [by_other, in_no_stage, of_nobody] {
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
    for (task, author) in [(by_assignee, &world.employees[0]), (by_admin, &world.admin)] {
        let kept = read_task(&world.app, &world.admin, task.id).await.unwrap();
        assert_eq!(format!("{task:?}"), format!("{kept:?}"));
        assert_eq!(kept.created_by, Some(author.id()));
    }
}

#[tokio::test]
async fn an_activity_cannot_be_moved_to_a_client_one_cannot_see() {
    let world = World::with_employees(2).await;
    let own = world.client_of(&world.employees[0]).await;
    let other = world.client_of(&world.employees[1]).await;
    let task = log(&world, &world.employees[0], own).await.unwrap();

    let change = TaskChange {
        client: Some(other),
        ..TaskChange::default()
    };
    let moved = edit_task(&world.app, &world.employees[0], task.id, change).await;

    assert!(matches!(moved, Err(Error::Invalid(_))));
}
