//! A company's settings.

use tawzi_app::{Denied, Error, Problem, SettingsChange, Submitted, update_assignment_settings};
use tawzi_core::company::ReAssignHours;
use tawzi_testkit::World;

fn hours(hours: i64) -> SettingsChange {
    SettingsChange {
        re_assign_hours: Some(ReAssignHours::parse(hours).unwrap()),
        ..SettingsChange::default()
    }
}

#[tokio::test]
async fn scenario_9_an_administrator_changes_the_own_company_and_what_is_not_said_stays() {
    let world = World::with_employees(1).await;

    let after = update_assignment_settings(&world.app, &world.admin, world.company, hours(12))
        .await
        .unwrap();

    assert_eq!(after.re_assign_hours.get(), 12);
    assert!(after.auto_assign_enabled && after.re_assign_enabled);
}

#[tokio::test]
async fn scenario_9_employees_and_other_administrators_may_not() {
    let world = World::with_employees(1).await;
    let (_, stranger) = world.neighbour().await;

    for person in [&world.employees[0], &stranger] {
        let changed = update_assignment_settings(&world.app, person, world.company, hours(5)).await;
        assert!(matches!(changed, Err(Error::Denied(Denied::NotAdmin))));
    }
}

#[tokio::test]
async fn scenario_9_what_cannot_be_read_saves_nothing() {
    let world = World::with_employees(1).await;

    let mut sent = Submitted::from(hours(12));
    sent.problems.push(Problem::NotAFlag.of("unique_phones"));
    let changed =
        update_assignment_settings(&world.app, &world.admin, world.company, sent.clone()).await;

    assert!(
        matches!(&changed, Err(Error::Invalid(found)) if *found == sent.problems),
        "{changed:?}"
    );
    let company = world
        .app
        .db()
        .read()
        .await
        .unwrap()
        .company(world.company)
        .await
        .unwrap();
    assert_eq!(company.unwrap().re_assign_hours.get(), 24);
}
