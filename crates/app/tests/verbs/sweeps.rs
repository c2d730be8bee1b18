//! Neglected clients move on.

use tawzi_app::{
    NoProgress, PageRequest, SweepReport, SweepRequest, TaskChange, bulk_assign, create_client,
    list_sweeps, log_task, preview_sweep, sweep,
};
use tawzi_core::id::ClientId;
use tawzi_core::sweep::{KeptCounts, KeptReason};
use tawzi_store::SweepCause;
use tawzi_testkit::World;

async fn run(world: &World) -> SweepReport {
    let request = SweepRequest {
        cause: SweepCause::Command,
        only: None,
        progress: &NoProgress,
        stop: &|| false,
    };
    sweep(&world.app, request).await.unwrap()
}

async fn contact(world: &World, by: &tawzi_app::Actor, client: ClientId) {
    let draft = TaskChange {
        client: Some(client),
        ..TaskChange::default()
    };
    log_task(&world.app, by, draft, None).await.unwrap();
}

#[tokio::test]
async fn scenario_20_a_neglected_client_moves_with_an_event_and_a_new_date() {
    let world = World::with_employees(2).await;
    let client = world.client_of(&world.employees[0]).await;
    let later = world.after_hours(25);

    run(&world).await;

    let moved = world.client(client).await;
    assert_eq!(moved.assigned_to, Some(world.employees[1].id()));
    assert_eq!(moved.assigned_at, Some(later));
    assert_eq!(moved.last_contacted_at, None);
    let event = &world.events(client).await[0];
    assert_eq!(event.event_type, "re_assignment");
    assert_eq!(
        event.old_value.as_deref(),
        Some(&*world.employees[0].user().username)
    );
    assert_eq!(
        event.new_value.as_deref(),
        Some(&*world.employees[1].user().username)
    );
    let notes = "تم إعادة التعيين تلقائياً بعد 24 ساعة من عدم التواصل";
    assert_eq!(event.notes.as_deref(), Some(notes));
    assert_eq!(event.created_by, None);
    assert_eq!(world.loads().await, [0, 1]);
}

#[tokio::test]
async fn scenario_21_exactly_the_hours_is_not_stale_and_contact_protects() {
    let world = World::with_employees(2).await;
    world.client_of(&world.employees[0]).await;
    let contacted = world.client_of(&world.employees[0]).await;
    world.after_hours(2);
    contact(&world, &world.employees[0], contacted).await;

    world.after_hours(24);
    assert!(run(&world).await.companies.is_empty());
    world.after_hours(25);
    run(&world).await;

    assert_eq!(
        world.assignee(contacted).await,
        Some(world.employees[0].id())
    );
    assert_eq!(world.loads().await, [1, 1]);
}

#[tokio::test]
async fn scenario_21_contact_older_than_the_hours_does_not_protect() {
    let world = World::with_employees(2).await;
    let client = world.client_of(&world.employees[0]).await;
    world.after_hours(1);
    contact(&world, &world.employees[0], client).await;

    world.after_hours(26);
    run(&world).await;

    assert_eq!(world.assignee(client).await, Some(world.employees[1].id()));
}

#[tokio::test]
async fn a_clock_that_is_ahead_makes_nobody_neglected() {
    let world = World::with_employees(2).await;
    let mut reader = world.app.db().read().await.unwrap();
    let now = reader.database_clock().await.unwrap();
    drop(reader);
    world.clock.move_to(now);
    let client = world.client_of(&world.employees[0]).await;
    world.clock.move_to(now.plus_seconds(3 * 24 * 3600));

    let report = run(&world).await;

    assert!(report.companies.is_empty());
    assert_eq!(world.assignee(client).await, Some(world.employees[0].id()));
}

#[tokio::test]
async fn scenario_22_with_one_employee_nothing_moves_every_time() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;
    world.after_hours(25);

    for _ in 0..2 {
        let report = run(&world).await;
        assert_eq!(
            report.companies[0].kept[0].reason,
            KeptReason::NoOtherEmployee
        );
    }

    assert_eq!(world.assignee(client).await, Some(world.employees[0].id()));
    assert_eq!(world.events(client).await.len(), 1);
}

#[tokio::test]
async fn scenario_23_none_of_nine_stale_clients_stays_with_who_neglected_them() {
    let world = World::with_employees(3).await;
    for _ in 0..9 {
        world.client_of(&world.employees[0]).await;
    }
    world.after_hours(25);

    run(&world).await;

    assert_eq!(world.loads().await[0], 0);
}

#[tokio::test]
async fn scenario_24_switched_off_nothing_moves_and_auto_assign_does_not_matter() {
    let world = World::with_employees(2).await;
    let client = world.client_of(&world.employees[0]).await;
    world.after_hours(25);

    world.set(true, false).await;
    assert!(run(&world).await.companies.is_empty());
    world.set(false, true).await;
    run(&world).await;

    assert_eq!(world.assignee(client).await, Some(world.employees[1].id()));
}

#[tokio::test]
async fn scenario_25_clients_of_the_admin_and_of_inactive_people_move_to_an_active_employee() {
    let world = World::with_employees(2).await;
    let of_admin = world.client_of(&world.admin).await;
    let of_inactive = world.client_of(&world.employees[0]).await;
    world.set_active(&world.employees[0], false).await;
    world.after_hours(25);

    run(&world).await;

    let assignee = Some(world.employees[1].id());
    assert_eq!(world.assignee(of_admin).await, assignee);
    assert_eq!(world.assignee(of_inactive).await, assignee);
    world.loads().await;
}

#[tokio::test]
async fn scenario_26_sweeping_again_moves_nothing_twice() {
    let world = World::with_employees(3).await;
    for _ in 0..12 {
        world.arrival().await;
    }
    world.after_hours(25);

    let first = run(&world).await;
    let second = run(&world).await;

    assert_eq!(first.companies[0].moved.len(), 12);
    assert!(second.companies.is_empty());
}

#[tokio::test]
async fn scenario_26_who_was_given_the_client_meanwhile_keeps_it() {
    let world = World::with_employees(3).await;
    let client = world.client_of(&world.employees[0]).await;
    world.after_hours(25);
    let target = world.employees[2].id();
    bulk_assign(&world.app, &world.admin, &[client], Some(target))
        .await
        .unwrap();

    run(&world).await;

    assert_eq!(world.assignee(client).await, Some(target));
}

#[tokio::test]
async fn scenario_28_missed_hours_are_caught_up_once() {
    let world = World::with_employees(2).await;
    for _ in 0..4 {
        world.client_of(&world.employees[0]).await;
    }
    world.after_hours(24 * 30);

    let report = run(&world).await;

    assert_eq!(report.companies[0].due, 4);
    assert_eq!(world.loads().await, [0, 4]);
}

#[tokio::test]
async fn a_preview_says_what_the_sweep_does_and_changes_nothing() {
    let world = World::with_employees(3).await;
    for _ in 0..10 {
        world.arrival().await;
    }
    let later = world.after_hours(25);

    let preview = preview_sweep(&world.app, later, None, &NoProgress)
        .await
        .unwrap();
    assert!(preview.dry_run);
    let loads = world.loads().await;
    let real = run(&world).await;

    assert_eq!(preview.companies[0].moved, real.companies[0].moved);
    assert_eq!(loads.iter().sum::<i64>(), 10);
}

#[tokio::test]
async fn a_sweep_leaves_a_record() {
    let world = World::with_employees(2).await;
    world.client_of(&world.employees[0]).await;
    world.after_hours(25);

    run(&world).await;

    let page = PageRequest::new(1, 10);
    let sweeps = list_sweeps(&world.app, &world.admin, page).await.unwrap();
    let sweep = &sweeps.rows[0];
    assert_eq!((sweeps.count, sweep.due, sweep.moved), (1, 1, 1));
    assert_eq!((&sweep.kept, &sweep.error), (&KeptCounts::default(), &None));
    assert_eq!(sweep.cause, "command");
    assert!(sweep.finished_at.is_some());
}

#[tokio::test]
async fn a_client_beyond_the_first_part_of_a_large_company_moves_by_the_same_rule() {
    let world = World::with_employees(3).await;
    let drafts: Vec<_> = (0..2_500).map(|_| world.draft()).collect();
    let creates = drafts.into_iter().map(|draft| {
        let (app, admin) = (world.app.clone(), world.admin.clone());
        tokio::spawn(async move { create_client(&app, &admin, draft, None).await.unwrap() })
    });
    for create in creates.collect::<Vec<_>>() {
        create.await.unwrap();
    }
    let later = world.after_hours(25);

    let preview = preview_sweep(&world.app, later, None, &NoProgress)
        .await
        .unwrap();
    let real = run(&world).await;

    assert_eq!(real.companies[0].moved.len(), 2_500);
    assert!(preview.companies[0].moved == real.companies[0].moved);
    assert_eq!(world.loads().await.iter().sum::<i64>(), 2_500);
}
