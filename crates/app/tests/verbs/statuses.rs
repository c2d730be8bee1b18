//! The statuses of a company, and what their changes do to the loads of people.

use tawzi_app::{
    ClientChange, Denied, Error, FieldProblem, NoProgress, PageRequest, Problem, Severity,
    StatusPatch, Thing, create_status, delete_status, edit_status, examine, list_statuses,
    read_status,
};
use tawzi_core::id::{CompanyId, StatusId};
use tawzi_core::load::ClientCounts;
use tawzi_core::status::StatusCategory;
use tawzi_core::text::{Colour, Notes, ShortName};
use tawzi_testkit::{NOON, World};

fn draft(company: CompanyId, name: &str) -> StatusPatch {
    StatusPatch {
        company: Some(company),
        name: ShortName::parse(name).ok(),
        description: Some(Notes::parse("من لم يُتصل به").ok()),
        category: Some(StatusCategory::Active),
        color: Colour::parse("#ff0000").ok(),
        ..StatusPatch::default()
    }
}

/// A company with one employee, who holds two clients of a new, active status and one without any.
async fn world_with_clients_in_a_status() -> (World, StatusId) {
    let world = World::with_employees(1).await;
    let status = world.status("New", StatusCategory::Active).await;
    for status in [Some(status), Some(status), None] {
        let draft = ClientChange {
            status: Some(status),
            assigned_to: Some(Some(world.employees[0].id())),
            ..world.draft()
        };
        world.create(draft).await.unwrap();
    }
    (world, status)
}

/// The counters of the only employee.
async fn counted(world: &World) -> ClientCounts {
    let mut reader = world.app.db().read().await.unwrap();
    let roster = reader.tenant(world.company).roster().await.unwrap();
    roster[0].load.clients
}

async fn nothing_is_wrong(world: &World) {
    let findings = examine(&world.app, false, &NoProgress).await.unwrap();
    let bad = findings
        .iter()
        .find(|found| found.severity == Severity::Bad);
    assert_eq!(bad, None);
}

#[tokio::test]
async fn scenario_32_clients_of_a_deleted_status_stay_and_are_counted_without_one() {
    let (world, status) = world_with_clients_in_a_status().await;
    assert_eq!(counted(&world).await, ClientCounts::new([2, 0, 0, 0, 1]));

    delete_status(&world.app, &world.admin, status)
        .await
        .unwrap();

    assert_eq!(counted(&world).await, ClientCounts::new([0, 0, 0, 0, 3]));
    nothing_is_wrong(&world).await;
    let gone = read_status(&world.app, &world.admin, status).await;
    assert!(matches!(gone, Err(Error::NotFound(Thing::Status))));
}

#[tokio::test]
async fn a_status_that_becomes_another_category_takes_its_clients_along() {
    let (world, status) = world_with_clients_in_a_status().await;
    let change = StatusPatch {
        category: Some(StatusCategory::Closed),
        ..StatusPatch::default()
    };

    let later = world.after_hours(1);
    let after = edit_status(&world.app, &world.admin, status, change);
    let after = after.await.unwrap();

    assert_eq!(
        (after.category, after.name.as_str()),
        (StatusCategory::Closed, "New")
    );
    assert_eq!((after.created_at, after.updated_at), (NOON, later));
    assert_eq!(counted(&world).await, ClientCounts::new([0, 0, 0, 2, 1]));
    nothing_is_wrong(&world).await;
}

#[tokio::test]
async fn there_is_at_most_one_default_and_it_is_the_last_that_became_it() {
    let world = World::with_employees(0).await;
    let default = |name| StatusPatch {
        is_default: Some(true),
        ..draft(world.company, name)
    };
    let first = create_status(&world.app, &world.admin, default("First")).await;
    let second = create_status(&world.app, &world.admin, default("Second")).await;
    let (first, second) = (first.unwrap(), second.unwrap());
    let is_default = async |status: &tawzi_app::Status| {
        let status = read_status(&world.app, &world.admin, status.id).await;
        status.unwrap().is_default
    };
    assert!(!is_default(&first).await && is_default(&second).await);

    let change = StatusPatch {
        is_default: Some(true),
        ..StatusPatch::default()
    };
    let edited = edit_status(&world.app, &world.admin, first.id, change).await;

    assert!(edited.unwrap().is_default);
    assert!(is_default(&first).await && !is_default(&second).await);
    let page = PageRequest::new(1, 9);
    let list = list_statuses(&world.app, &world.admin, page).await.unwrap();
    let names: Vec<_> = list.rows.into_iter().map(|status| status.name).collect();
    assert_eq!(names, ["First", "Second"]);
}

#[tokio::test]
async fn a_name_is_taken_once_in_a_company_whether_by_creating_or_by_editing() {
    let world = World::with_employees(0).await;
    let (neighbour, their_admin) = world.neighbour().await;
    let new = draft(world.company, "New");
    create_status(&world.app, &world.admin, new.clone())
        .await
        .unwrap();
    let other = draft(world.company, "Other");
    let other = create_status(&world.app, &world.admin, other)
        .await
        .unwrap();
    let named = |name: &str| StatusPatch {
        name: ShortName::parse(name).ok(),
        ..StatusPatch::default()
    };

    let again = create_status(&world.app, &world.admin, new).await;
    let renamed = edit_status(&world.app, &world.admin, other.id, named("New")).await;
    let kept = edit_status(&world.app, &world.admin, other.id, named("Other")).await;
    let theirs = draft(neighbour, "New");
    let theirs = create_status(&world.app, &their_admin, theirs).await;

    assert!(matches!(again, Err(Error::NameTaken)));
    assert!(matches!(renamed, Err(Error::NameTaken)));
    assert_eq!(kept.unwrap().name, "Other");
    assert_eq!(theirs.unwrap().company_id, neighbour);
}

#[tokio::test]
async fn only_an_administrator_changes_anything_and_nobody_in_another_company() {
    let (world, status) = world_with_clients_in_a_status().await;
    let (neighbour, stranger) = world.neighbour().await;
    let employee = &world.employees[0];
    let change = StatusPatch::default;
    let moved = StatusPatch {
        company: Some(neighbour),
        ..change()
    };

    let created = create_status(&world.app, employee, draft(world.company, "x")).await;
    let edited = edit_status(&world.app, employee, status, change()).await;
    let deleted = delete_status(&world.app, employee, status).await;
    for denied in [created.map(drop), edited.map(drop), deleted] {
        assert!(matches!(denied, Err(Error::Denied(Denied::NotAdmin))));
    }

    let read = read_status(&world.app, &stranger, status).await;
    let edited = edit_status(&world.app, &stranger, status, change()).await;
    let deleted = delete_status(&world.app, &stranger, status).await;
    for absent in [read.map(drop), edited.map(drop), deleted] {
        assert!(matches!(absent, Err(Error::NotFound(Thing::Status))));
    }

    let elsewhere = draft(neighbour, "x");
    let created = create_status(&world.app, &world.admin, elsewhere).await;
    let moved = edit_status(&world.app, &world.admin, status, moved).await;
    let problem = FieldProblem {
        field: "company",
        problem: Problem::NoSuchId(neighbour.to_string()),
    };
    for refused in [created, moved] {
        assert!(matches!(refused, Err(Error::Invalid(found)) if found == [problem.clone()]));
    }
    assert_eq!(
        read_status(&world.app, employee, status)
            .await
            .unwrap()
            .name,
        "New"
    );
}

#[tokio::test]
async fn what_is_somebody_elses_is_answered_as_what_is_not_there_any_more() {
    let world = World::with_employees(0).await;
    let gone = world.status("Gone", StatusCategory::Active).await;
    delete_status(&world.app, &world.admin, gone).await.unwrap();
    let (_, neighbour) = world.neighbour().await;
    let theirs = draft(neighbour.company().unwrap(), "Theirs");
    let foreign = create_status(&world.app, &neighbour, theirs)
        .await
        .unwrap()
        .id;
    let answer = async |status: StatusId| {
        let draft = ClientChange {
            status: Some(Some(status)),
            ..world.draft()
        };
        match world.create(draft).await {
            Err(Error::Invalid(problems)) => problems[0].problem.clone(),
            other => panic!("{other:?}"),
        }
    };

    assert_eq!(answer(gone).await, Problem::OtherCompany);
    assert_eq!(answer(foreign).await, Problem::OtherCompany);
    let later = StatusId::new(foreign.get() + 1);
    assert_eq!(answer(later).await, Problem::NoSuchId(later.to_string()));
}

#[tokio::test]
async fn a_foreign_company_is_answered_as_one_that_is_not_there_any_more() {
    let world = World::with_employees(0).await;
    let (gone, _) = world.neighbour().await;
    let (foreign, _) = world.neighbour().await;
    world
        .database
        .execute(&format!(
            "DELETE FROM subscription WHERE company_id = {gone};
             DELETE FROM user_account WHERE company_id = {gone};
             DELETE FROM company WHERE id = {gone}"
        ))
        .await;
    let asked = async |company: CompanyId| {
        let change = tawzi_app::SettingsChange::default();
        let asked =
            tawzi_app::update_assignment_settings(&world.app, &world.admin, company, change).await;
        asked.unwrap_err()
    };

    for company in [gone, foreign] {
        let told = asked(company).await;
        assert!(matches!(told, Error::Denied(Denied::NotAdmin)), "{told:?}");
    }
    let later = asked(CompanyId::new(foreign.get() + 1)).await;
    assert!(
        matches!(later, Error::NotFound(Thing::Company)),
        "{later:?}"
    );
}
