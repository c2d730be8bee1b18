//! Clients that nobody could receive are handed out when somebody can.

use tawzi_app::{By, ClientChange, unassigned_counts};
use tawzi_app::{
    ImportMode, JobKind, NoProgress, OperatorUserDraft, SettingsChange, SweepReport, SweepRequest,
    UserChange, bulk_assign, create_user, create_user_as_operator, deactivate_employee,
    edit_client, edit_user, hand_out, import_clients, preview_sweep, reactivate_employee,
    server_status, sweep, update_assignment_settings,
};
use tawzi_core::id::ClientId;
use tawzi_core::text::{Email, NamePart, NewPassword, Username};
use tawzi_core::user::Role;
use tawzi_store::SweepCause;
use tawzi_testkit::World;

/// A company whose employees are all away, and clients that have come meanwhile.
async fn waiting(employees: usize, clients: usize) -> (World, Vec<ClientId>) {
    let world = World::with_employees(employees).await;
    for employee in &world.employees {
        world.set_active(employee, false).await;
    }
    let mut ids = Vec::new();
    for _ in 0..clients {
        ids.push(world.arrival().await);
    }
    (world, ids)
}

async fn run(world: &World) -> SweepReport {
    let request = SweepRequest {
        cause: SweepCause::Command,
        only: None,
        progress: &NoProgress,
        stop: &|| false,
    };
    sweep(&world.app, request).await.unwrap()
}

/// How many clients nobody has, and how many of them wait.
async fn unassigned(world: &World) -> (i64, i64) {
    let counts = unassigned_counts(&world.app, None).await.unwrap();
    counts
        .first()
        .map_or((0, 0), |count| (count.unassigned, count.waiting))
}

async fn auto_assign(world: &World, on: bool) {
    let change = SettingsChange {
        auto_assign_enabled: Some(on),
        ..SettingsChange::default()
    };
    update_assignment_settings(&world.app, &world.admin, world.company, change)
        .await
        .unwrap();
}

fn person(name: &str, role: Role) -> UserChange {
    UserChange {
        username: Some(name.to_owned()),
        email: Some(format!("{name}@acme.example")),
        password: Some("Passw0rd!x".to_owned()),
        role: Some(role),
        ..UserChange::default()
    }
}

#[tokio::test]
async fn who_returns_receives_what_has_come_meanwhile() {
    let (world, clients) = waiting(2, 3).await;
    let returning = &world.employees[1];
    assert_eq!(unassigned(&world).await, (3, 3));
    let now = world.after_hours(1);

    reactivate_employee(&world.app, &world.admin, returning.id())
        .await
        .unwrap();

    assert_eq!(world.loads().await, [0, 3]);
    assert_eq!(unassigned(&world).await, (0, 0));
    for client in clients {
        assert_eq!(world.client(client).await.assigned_at, Some(now));
        let events = world.events(client).await;
        let name = &returning.user().username;
        assert_eq!(events[0].notes, Some(format!("Auto-assigned to {name}")));
        assert_eq!(events[0].old_value.as_deref(), Some("Unassigned"));
        assert_eq!((events[0].created_by, events.len()), (None, 2));
    }
}

#[tokio::test]
async fn whoever_becomes_an_employee_receives_what_waits() {
    let (world, clients) = waiting(0, 1).await;
    let admin = create_user(&world.app, &world.admin, person("mona", Role::Admin))
        .await
        .unwrap();
    assert_eq!(world.assignee(clients[0]).await, None);

    let hired = create_user(&world.app, &world.admin, person("omar", Role::Employee))
        .await
        .unwrap();
    assert_eq!(world.assignee(clients[0]).await, Some(hired.user.id));

    let away = UserChange {
        is_active: Some(false),
        ..UserChange::default()
    };
    edit_user(&world.app, &world.admin, hired.user.id, away)
        .await
        .unwrap();
    let second = world.arrival().await;
    let (_, owner) = (admin, world.hire(world.company, "admin").await);
    let to_employee = UserChange {
        role: Some(Role::Employee),
        ..UserChange::default()
    };
    edit_user(&world.app, &world.admin, owner.id(), to_employee)
        .await
        .unwrap();

    assert_eq!(world.assignee(second).await, Some(owner.id()));
    assert_eq!(world.assignee(clients[0]).await, Some(owner.id()));
}

#[tokio::test]
async fn whom_the_operator_hires_receives_what_waits() {
    let (world, clients) = waiting(1, 2).await;
    let draft = OperatorUserDraft {
        company: world.company,
        username: Username::parse("omar").unwrap(),
        email: Email::parse("omar@acme.example").unwrap(),
        first_name: NamePart::parse("").unwrap(),
        last_name: NamePart::parse("").unwrap(),
        role: Role::Employee,
        password: NewPassword::parse("Passw0rd!x").unwrap(),
    };

    let omar = create_user_as_operator(&world.app, &draft).await.unwrap();

    for client in clients {
        assert_eq!(world.assignee(client).await, Some(omar));
    }
}

#[tokio::test]
async fn while_auto_assign_is_off_the_line_rests_and_nobody_joins_it() {
    let (world, clients) = waiting(1, 1).await;
    auto_assign(&world, false).await;
    let meanwhile = world.arrival().await;

    reactivate_employee(&world.app, &world.admin, world.employees[0].id())
        .await
        .unwrap();
    run(&world).await;
    assert_eq!(world.assignee(clients[0]).await, None);
    let status = async || server_status(&world.app).await.unwrap().waiting_clients;
    assert_eq!(status().await, 0);
    auto_assign(&world, true).await;

    assert_eq!(
        world.assignee(clients[0]).await,
        Some(world.employees[0].id())
    );
    assert_eq!(world.assignee(meanwhile).await, None);
    assert_eq!(unassigned(&world).await, (1, 0));
}

#[tokio::test]
async fn whom_somebody_wants_to_be_nobodys_stays_so() {
    let world = World::with_employees(2).await;
    let [bulk, edited] = [world.arrival().await, world.arrival().await];
    bulk_assign(&world.app, &world.admin, &[bulk], None)
        .await
        .unwrap();
    let to_nobody = ClientChange {
        assigned_to: Some(None),
        ..ClientChange::default()
    };
    edit_client(&world.app, &world.admin, edited, to_nobody)
        .await
        .unwrap();

    create_user(&world.app, &world.admin, person("omar", Role::Employee))
        .await
        .unwrap();
    auto_assign(&world, false).await;
    auto_assign(&world, true).await;
    let report = run(&world).await;

    assert!(report.handed_out.is_empty());
    assert_eq!(unassigned(&world).await, (2, 0));
}

#[tokio::test]
async fn taking_a_waiting_client_from_the_line_by_hand_ends_its_wait() {
    let (world, clients) = waiting(1, 1).await;
    let admin = Some(world.admin.id());
    bulk_assign(&world.app, &world.admin, &clients, admin)
        .await
        .unwrap();
    assert_eq!(unassigned(&world).await, (0, 0));
    bulk_assign(&world.app, &world.admin, &clients, None)
        .await
        .unwrap();

    reactivate_employee(&world.app, &world.admin, world.employees[0].id())
        .await
        .unwrap();

    assert_eq!(world.assignee(clients[0]).await, None);
}

#[tokio::test]
async fn the_sweep_hands_out_whom_somebody_left_behind() {
    let world = World::with_employees(3).await;
    for _ in 0..9 {
        world.arrival().await;
    }
    deactivate_employee(&world.app, &world.admin, world.employees[0].id(), false)
        .await
        .unwrap();
    assert_eq!(
        (world.loads().await, unassigned(&world).await),
        (vec![0, 3, 3], (3, 3))
    );

    let would = preview_sweep(&world.app, world.clock.now(), None, &NoProgress)
        .await
        .unwrap();
    assert_eq!(unassigned(&world).await, (3, 3));
    let did = run(&world).await;

    let loads = world.loads().await;
    assert!(loads == [0, 5, 4] || loads == [0, 4, 5], "{loads:?}");
    assert_eq!(would.handed_out[0].assigned, did.handed_out[0].assigned);
    assert_eq!(did.handed_out[0].assigned.len(), 3);
    assert!(did.companies.is_empty());
    assert!(run(&world).await.handed_out.is_empty());
}

#[tokio::test]
async fn whom_an_edit_lets_go_leaves_clients_behind_as_a_deactivation_does() {
    let world = World::with_employees(2).await;
    let client = world.client_of(&world.employees[0]).await;
    let id = world.employees[0].id();
    let edit = async |is_active: Option<bool>, role: Option<Role>| {
        let change = UserChange {
            is_active,
            role,
            ..UserChange::default()
        };
        edit_user(&world.app, &world.admin, id, change).await
    };

    edit(Some(false), None).await.unwrap();
    assert_eq!(unassigned(&world).await, (1, 1));
    // Nobody becomes able to receive by what stays as it is.
    edit(Some(false), Some(Role::Employee)).await.unwrap();
    assert_eq!(unassigned(&world).await, (1, 1));

    edit(Some(true), None).await.unwrap();
    assert!(world.assignee(client).await.is_some());
}

#[tokio::test]
async fn a_sweep_that_is_stopped_before_it_has_handed_out_says_so() {
    let (world, clients) = waiting(1, 1).await;
    world.set_active(&world.employees[0], true).await;
    let request = SweepRequest {
        cause: SweepCause::Command,
        only: None,
        progress: &NoProgress,
        stop: &|| true,
    };

    assert!(sweep(&world.app, request).await.unwrap().stopped);
    assert_eq!(world.assignee(clients[0]).await, None);
    assert!(!run(&world).await.stopped);
    assert!(world.assignee(clients[0]).await.is_some());
}

#[tokio::test]
async fn a_dry_run_moves_after_it_has_handed_out() {
    let (world, _) = waiting(3, 4).await;
    for employee in &world.employees {
        world.set_active(employee, true).await;
    }
    for _ in 0..5 {
        world.client_of(&world.employees[0]).await;
    }
    let later = world.after_hours(25);

    let would = preview_sweep(&world.app, later, None, &NoProgress)
        .await
        .unwrap();
    let did = run(&world).await;

    assert_eq!(would.handed_out[0].assigned, did.handed_out[0].assigned);
    assert_eq!(would.companies[0].moved, did.companies[0].moved);
    assert_eq!(world.loads().await, [0, 5, 4]);
}

#[tokio::test]
async fn whom_nobody_can_receive_is_counted_and_not_read() {
    let (world, _) = waiting(1, 2).await;

    let report = run(&world).await;

    assert_eq!(report.handed_out[0].left, 2);
    assert!(report.handed_out[0].assigned.is_empty());
    assert_eq!(unassigned(&world).await, (2, 2));
}

#[tokio::test]
async fn what_is_too_much_for_one_transaction_is_left_to_a_job() {
    let (world, _) = waiting(3, 0).await;
    let names = (1..=2_300).map(|number| format!("c{number}\n"));
    let file = format!("name\n{}", names.collect::<String>());
    let mode = ImportMode::AllOrNothing;
    import_clients(
        &world.app,
        By::OPERATOR,
        world.company,
        file.as_bytes(),
        mode,
        &NoProgress,
    )
    .await
    .unwrap();
    for employee in &world.employees[..2] {
        world.set_active(employee, true).await;
    }

    reactivate_employee(&world.app, &world.admin, world.employees[2].id())
        .await
        .unwrap();
    assert_eq!(world.loads().await, [334, 333, 333]);
    let mut tx = world.app.db().begin().await.unwrap();
    let claim = tx.claim_job("test", 3_600_000_000).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claim.kind, JobKind::HandOut.as_str());
    let company = serde_json::from_str(&claim.payload).unwrap();
    let stopped = hand_out(&world.app, company, &|| true).await.unwrap();
    let done = hand_out(&world.app, company, &|| false).await.unwrap();

    assert_eq!((stopped, done), ((0, false), (1_300, true)));
    assert_eq!(world.loads().await, [767, 767, 766]);
}
