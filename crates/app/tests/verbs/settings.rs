//! A company's settings.

use tawzi_app::{
    Denied, Error, Problem, SettingsChange, Submitted, create_client, update_assignment_settings,
};
use tawzi_core::company::ReAssignHours;
use tawzi_core::phone::PhoneRegion;
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

/// Five thousand clients of the company, with numbers as they are written in Saudi Arabia.
const MANY: &str = "
    INSERT INTO client (company_id, id, name, priority, client_type, phone_number, create_key,
        created_at, updated_at)
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 5000)
    SELECT (SELECT MIN(id) FROM company), 1000000 + n, 'client', 'low', 'fresh', '055' || (1000000 + n),
        n, 0, 0
    FROM numbers";

fn numbers(region: &str) -> SettingsChange {
    SettingsChange {
        unique_phones: Some(true),
        phone_region: Some(Some(PhoneRegion::parse(region).unwrap())),
        ..SettingsChange::default()
    }
}

#[tokio::test]
async fn while_the_numbers_of_a_company_are_gathered_others_go_on() {
    let world = World::with_employees(1).await;
    world.database.execute(MANY).await;
    let (neighbour, boss) = world.neighbour().await;
    for region in ["SA", "US", "SA"] {
        let (app, admin, company) = (world.app.clone(), world.admin.clone(), world.company);
        let changing = tokio::spawn(async move {
            update_assignment_settings(&app, &admin, company, numbers(region)).await
        });

        let mut created = 0;
        while !changing.is_finished() {
            let mut client = world.draft();
            client.company = Some(neighbour);
            create_client(&world.app, &boss, client, None)
                .await
                .unwrap();
            created += 1;
        }

        changing.await.unwrap().unwrap();
        // There are ten steps, twice where other numbers were in force, with a rest behind each.
        assert!(created > 5, "{created}");
    }
    // All are known, those of the last country alone.
    for (number, taken) in [
        ("+966551000001", true),
        ("0551005000", true),
        ("+966551005001", false),
        ("0551005001", true),
    ] {
        let mut client = world.draft();
        client.phone_number = Some(Some(number.to_owned()));
        let created = world.create(client).await;
        let refused = matches!(created, Err(Error::PhoneTaken { .. }));
        assert_eq!(refused, taken, "{number}: {created:?}");
    }
}
