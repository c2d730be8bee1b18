//! Neglected clients move on.

use tawzi_app::{
    Moves, NoProgress, PageRequest, SweepReport, SweepRequest, TaskDraft, bulk_assign,
    create_client, list_sweeps, log_task, preview_sweep, sweep,
};
use tawzi_core::id::ClientId;
use tawzi_core::sweep::{KeptCounts, KeptReason};
use tawzi_store::SweepCause;
use tawzi_testkit::House;

async fn run(house: &House) -> SweepReport {
    let request = SweepRequest {
        cause: SweepCause::Command,
        only: None,
        moves: Moves::Listed,
        progress: &NoProgress,
        stop: &|| false,
    };
    sweep(&house.app, request).await.unwrap()
}

async fn contact(house: &House, by: &tawzi_app::Actor, client: ClientId) {
    let draft = TaskDraft {
        client,
        stage: None,
        notes: None,
        reminder_date: None,
    };
    log_task(&house.app, by, draft).await.unwrap();
}

#[tokio::test]
async fn scenario_20_a_neglected_client_moves_with_an_event_and_a_new_date() {
    let house = House::with_employees(2).await;
    let client = house.client_of(&house.employees[0]).await;
    let later = house.after_hours(25);

    run(&house).await;

    let moved = house.client(client).await;
    assert_eq!(moved.assigned_to, Some(house.employees[1].id()));
    assert_eq!(moved.assigned_at, Some(later));
    assert_eq!(moved.last_contacted_at, None);
    let event = &house.events(client).await[0];
    assert_eq!(event.event_type, "re_assignment");
    assert_eq!(
        event.old_value.as_deref(),
        Some(&*house.employees[0].user().username)
    );
    assert_eq!(
        event.new_value.as_deref(),
        Some(&*house.employees[1].user().username)
    );
    let notes = "تم إعادة التعيين تلقائياً بعد 24 ساعة من عدم التواصل";
    assert_eq!(event.notes.as_deref(), Some(notes));
    assert_eq!(event.created_by, None);
    assert_eq!(house.loads().await, [0, 1]);
}

#[tokio::test]
async fn scenario_21_exactly_the_hours_is_not_stale_and_contact_protects() {
    let house = House::with_employees(2).await;
    house.client_of(&house.employees[0]).await;
    let contacted = house.client_of(&house.employees[0]).await;
    house.after_hours(2);
    contact(&house, &house.employees[0], contacted).await;

    house.after_hours(24);
    assert!(run(&house).await.companies.is_empty());
    house.after_hours(25);
    run(&house).await;

    assert_eq!(house.holder(contacted).await, Some(house.employees[0].id()));
    assert_eq!(house.loads().await, [1, 1]);
}

#[tokio::test]
async fn scenario_21_contact_older_than_the_hours_does_not_protect() {
    let house = House::with_employees(2).await;
    let client = house.client_of(&house.employees[0]).await;
    house.after_hours(1);
    contact(&house, &house.employees[0], client).await;

    house.after_hours(26);
    run(&house).await;

    assert_eq!(house.holder(client).await, Some(house.employees[1].id()));
}

#[tokio::test]
async fn scenario_22_with_one_employee_nothing_moves_every_time() {
    let house = House::with_employees(1).await;
    let client = house.client_of(&house.employees[0]).await;
    house.after_hours(25);

    for _ in 0..2 {
        let report = run(&house).await;
        assert_eq!(
            report.companies[0].kept[0].reason,
            KeptReason::NoOtherEmployee
        );
    }

    assert_eq!(house.holder(client).await, Some(house.employees[0].id()));
    assert_eq!(house.events(client).await.len(), 1);
}

#[tokio::test]
async fn scenario_23_none_of_nine_stale_clients_stays_with_who_neglected_them() {
    let house = House::with_employees(3).await;
    for _ in 0..9 {
        house.client_of(&house.employees[0]).await;
    }
    house.after_hours(25);

    run(&house).await;

    assert_eq!(house.loads().await[0], 0);
}

#[tokio::test]
async fn scenario_24_switched_off_nothing_moves_and_auto_assign_does_not_matter() {
    let house = House::with_employees(2).await;
    let client = house.client_of(&house.employees[0]).await;
    house.after_hours(25);

    house.set(true, false).await;
    assert!(run(&house).await.companies.is_empty());
    house.set(false, true).await;
    run(&house).await;

    assert_eq!(house.holder(client).await, Some(house.employees[1].id()));
}

#[tokio::test]
async fn scenario_25_clients_of_the_admin_and_of_inactive_people_move_to_an_active_employee() {
    let house = House::with_employees(2).await;
    let of_admin = house.client_of(&house.admin).await;
    let of_inactive = house.client_of(&house.employees[0]).await;
    house.set_active(&house.employees[0], false).await;
    house.after_hours(25);

    run(&house).await;

    let receiver = Some(house.employees[1].id());
    assert_eq!(house.holder(of_admin).await, receiver);
    assert_eq!(house.holder(of_inactive).await, receiver);
    house.loads().await;
}

#[tokio::test]
async fn scenario_26_sweeping_again_moves_nothing_twice() {
    let house = House::with_employees(3).await;
    for _ in 0..12 {
        house.arrival().await;
    }
    house.after_hours(25);

    let first = run(&house).await;
    let second = run(&house).await;

    assert_eq!(first.companies[0].moved.len(), 12);
    assert!(second.companies.is_empty());
}

#[tokio::test]
async fn scenario_26_who_was_given_the_client_meanwhile_keeps_it() {
    let house = House::with_employees(3).await;
    let client = house.client_of(&house.employees[0]).await;
    house.after_hours(25);
    let target = house.employees[2].id();
    bulk_assign(&house.app, &house.admin, &[client], Some(target))
        .await
        .unwrap();

    run(&house).await;

    assert_eq!(house.holder(client).await, Some(target));
}

#[tokio::test]
async fn scenario_28_missed_hours_are_caught_up_once() {
    let house = House::with_employees(2).await;
    for _ in 0..4 {
        house.client_of(&house.employees[0]).await;
    }
    house.after_hours(24 * 30);

    let report = run(&house).await;

    assert_eq!(report.companies[0].due, 4);
    assert_eq!(house.loads().await, [0, 4]);
}

#[tokio::test]
async fn a_preview_says_what_the_sweep_does_and_changes_nothing() {
    let house = House::with_employees(3).await;
    for _ in 0..10 {
        house.arrival().await;
    }
    let later = house.after_hours(25);

    let preview = preview_sweep(&house.app, later, None, &NoProgress)
        .await
        .unwrap();
    assert!(preview.dry_run);
    let loads = house.loads().await;
    let real = run(&house).await;

    assert_eq!(preview.companies[0].moved, real.companies[0].moved);
    assert_eq!(loads.iter().sum::<i64>(), 10);
}

#[tokio::test]
async fn a_sweep_leaves_a_record() {
    let house = House::with_employees(2).await;
    house.client_of(&house.employees[0]).await;
    house.after_hours(25);

    run(&house).await;

    let page = PageRequest {
        number: 1,
        size: 10,
    };
    let sweeps = list_sweeps(&house.app, &house.admin, page).await.unwrap();
    let sweep = &sweeps.rows[0];
    assert_eq!((sweeps.count, sweep.due, sweep.moved), (1, 1, 1));
    assert_eq!((&sweep.kept, &sweep.error), (&KeptCounts::default(), &None));
    assert_eq!(sweep.cause, "command");
    assert!(sweep.finished_at.is_some());
}

#[tokio::test]
async fn a_client_beyond_the_first_part_of_a_large_company_moves_by_the_same_rule() {
    let house = House::with_employees(3).await;
    let drafts: Vec<_> = (0..2_500).map(|_| house.draft()).collect();
    let creates = drafts.into_iter().map(|draft| {
        let (app, admin) = (house.app.clone(), house.admin.clone());
        tokio::spawn(async move { create_client(&app, &admin, draft, None).await.unwrap() })
    });
    for create in creates.collect::<Vec<_>>() {
        create.await.unwrap();
    }
    let later = house.after_hours(25);

    let preview = preview_sweep(&house.app, later, None, &NoProgress)
        .await
        .unwrap();
    let real = run(&house).await;

    assert_eq!(real.companies[0].moved.len(), 2_500);
    assert!(preview.companies[0].moved == real.companies[0].moved);
    assert_eq!(house.loads().await.iter().sum::<i64>(), 2_500);
}
