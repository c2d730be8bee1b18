//! Giving many clients away at once.

use tawzi_app::{
    BulkAssigned, Denied, Error, Problem, SpreadResult, Thing, assign_unassigned, bulk_assign,
    spread_unassigned,
};
use tawzi_core::id::ClientId;
use tawzi_testkit::{TestUser, World};

async fn unassigned(world: &World, clients: usize) -> Vec<ClientId> {
    world.set(false, true).await;
    let mut ids = Vec::new();
    for _ in 0..clients {
        ids.push(world.arrival().await);
    }
    world.set(true, true).await;
    ids
}

#[tokio::test]
async fn scenario_15_six_unassigned_for_three_employees_are_two_each_with_an_event_by_the_admin() {
    let world = World::with_employees(3).await;
    let clients = unassigned(&world, 6).await;

    let outcome = assign_unassigned(&world.app, &world.admin).await.unwrap();

    assert!(matches!(outcome, SpreadResult::Spread(report) if report.assigned.len() == 6));
    assert_eq!(world.loads().await, [2, 2, 2]);
    for client in clients {
        let events = world.events(client).await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].created_by, Some(world.admin.id()));
    }
}

#[tokio::test]
async fn scenario_15_existing_load_is_levelled() {
    let world = World::with_employees(3).await;
    for _ in 0..3 {
        world.client_of(&world.employees[0]).await;
    }
    unassigned(&world, 6).await;

    assign_unassigned(&world.app, &world.admin).await.unwrap();

    assert_eq!(world.loads().await, [3, 3, 3]);
}

#[tokio::test]
async fn scenario_16_an_employee_may_not_and_off_or_nobody_is_said() {
    let world = World::with_employees(1).await;
    unassigned(&world, 2).await;

    let by_employee = assign_unassigned(&world.app, &world.employees[0]).await;
    assert!(matches!(by_employee, Err(Error::Denied(Denied::NotAdmin))));
    world.set(false, true).await;
    let when_off = assign_unassigned(&world.app, &world.admin).await;
    assert!(matches!(when_off, Ok(SpreadResult::AutoAssignOff)));
    world.set(true, true).await;
    world.set_active(&world.employees[0], false).await;
    let to_nobody = assign_unassigned(&world.app, &world.admin).await;
    assert!(matches!(to_nobody, Ok(SpreadResult::NobodyEligible)));
}

#[tokio::test]
async fn scenario_16_again_there_is_nothing_to_do() {
    let world = World::with_employees(1).await;
    unassigned(&world, 2).await;

    assign_unassigned(&world.app, &world.admin).await.unwrap();
    let again = assign_unassigned(&world.app, &world.admin).await.unwrap();

    assert!(matches!(again, SpreadResult::NothingUnassigned));
}

#[tokio::test]
async fn a_dry_run_changes_nothing_and_says_what_would_happen() {
    let world = World::with_employees(2).await;
    let clients = unassigned(&world, 3).await;

    let dry = spread_unassigned(&world.app, world.company, true)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(world.loads().await, [0, 0]);
    let real = spread_unassigned(&world.app, world.company, false)
        .await
        .unwrap()
        .unwrap();

    assert_eq!(dry.assigned, real.assigned);
    let order: Vec<_> = real
        .assigned
        .iter()
        .map(|assignee| assignee.client)
        .collect();
    assert_eq!(order, clients);
    assert_eq!(world.loads().await, [2, 1]);
}

#[tokio::test]
async fn scenario_17_hundreds_finish_in_one_request() {
    let world = World::with_employees(4).await;
    unassigned(&world, 400).await;

    assign_unassigned(&world.app, &world.admin).await.unwrap();

    assert_eq!(world.loads().await, [100, 100, 100, 100]);
}

#[tokio::test]
async fn scenario_18_bulk_assigning_moves_what_is_elsewhere_and_passes_over_the_rest() {
    let world = World::with_employees(2).await;
    let (first, second) = (&world.employees[0], &world.employees[1]);
    let here = world.client_of(second).await;
    let there = world.client_of(first).await;
    let unknown = ClientId::new(9_999);

    let ids = [here, there, there, unknown];
    let done = bulk_assign(&world.app, &world.admin, &ids, Some(second.id()))
        .await
        .unwrap();

    assert_eq!(done, BulkAssigned::Assigned(1));
    assert_eq!(world.loads().await, [0, 2]);
    let events = world.events(there).await;
    let (name, old) = (&second.user().username, &first.user().username);
    assert_eq!(
        events[0].notes,
        Some(format!("Bulk assigned to {name} (was {old})"))
    );
    assert_eq!(world.events(here).await.len(), 1);
}

#[tokio::test]
async fn scenario_18_bulk_unassigning_clears_the_date() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;

    let done = bulk_assign(&world.app, &world.admin, &[client], None)
        .await
        .unwrap();

    assert_eq!(done, BulkAssigned::Unassigned(1));
    assert_eq!(world.client(client).await.assigned_at, None);
    assert_eq!(world.loads().await, [0]);
}

#[tokio::test]
async fn scenario_19_an_inactive_or_foreign_target_is_refused() {
    let world = World::with_employees(1).await;
    world.set_active(&world.employees[0], false).await;
    let (_, stranger) = world.neighbour().await;

    let assign =
        async |to: &TestUser| bulk_assign(&world.app, &world.admin, &[], Some(to.id())).await;
    let inactive = assign(&world.employees[0]).await;
    let foreign = assign(&stranger).await;

    let name = world.employees[0].user().username.clone();
    let problem = Problem::Inactive(name).of("user_id");
    assert!(matches!(inactive, Err(Error::Invalid(problems)) if problems == [problem]));
    assert!(matches!(foreign, Err(Error::NotFound(Thing::User))));
}

#[tokio::test]
async fn clients_of_another_company_cannot_be_taken() {
    let world = World::with_employees(1).await;
    let client = world.client_of(&world.employees[0]).await;
    let (_, stranger) = world.neighbour().await;

    let done = bulk_assign(&world.app, &stranger, &[client], None)
        .await
        .unwrap();

    assert_eq!(done, BulkAssigned::Unassigned(0));
    assert_eq!(world.assignee(client).await, Some(world.employees[0].id()));
}
