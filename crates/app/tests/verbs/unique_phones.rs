//! That a phone number belongs to one client: how the numbers of a company are gathered in another form, and those of the
//! form before are cleared away.

use tawzi_app::{
    App, Error, Full, JobKind, Result, SettingsChange, change_company, create_client, tidy_phones,
    update_assignment_settings,
};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::CompanyId;
use tawzi_core::phone::{PhoneKey, PhoneRegion};
use tawzi_store::{Attempt, Company, EngineKind, JobState};
use tawzi_testkit::World;
use tokio::task::JoinHandle;

const BOTH: [EngineKind; 2] = [EngineKind::Sqlite, EngineKind::Postgres];

/// Gives a company so many clients more, with numbers as they are written in Saudi Arabia.
async fn fill(world: &World, company: CompanyId, count: usize) {
    let many = format!(
        "INSERT INTO client (company_id, id, name, priority, client_type, phone_number, create_key,
             created_at, updated_at)
         WITH RECURSIVE numbers (n) AS
             (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
         SELECT {company}, 1000000 + n, 'client', 'low', 'fresh',
             '055' || (1000000 + n), n, 0, 0
         FROM numbers"
    );
    world.database.execute(&many).await;
}

fn numbers(region: &str) -> SettingsChange {
    SettingsChange {
        unique_phones: Some(true),
        phone_region: Some(Some(PhoneRegion::parse(region).unwrap())),
        ..SettingsChange::default()
    }
}

async fn change(world: &World, region: &str) -> Result<Company> {
    change_company(&world.app, world.company, numbers(region)).await
}

/// Begins to gather the numbers of many clients, and is there when some are.
async fn begin(app: &App, company: CompanyId, region: &'static str) -> JoinHandle<Result<Company>> {
    let changed = app.clone();
    let changing =
        tokio::spawn(async move { change_company(&changed, company, numbers(region)).await });
    let region = PhoneRegion::parse(region).ok();
    let first = PhoneKey::of("0551000001", region).unwrap();
    while !changing.is_finished() {
        let mut tx = app.db().begin().await.unwrap();
        let wanted = [(company, &first)];
        if !tx.clients_with_phones(&wanted).await.unwrap().is_empty() {
            break;
        }
    }
    changing
}

/// Whether a new client gets that number.
async fn is_free(world: &World, number: &str) -> bool {
    let mut client = world.draft();
    client.phone_number = Some(Some(number.to_owned()));
    match world.create(client).await {
        Ok(_) => true,
        Err(Error::PhoneTaken { .. }) => false,
        Err(error) => panic!("{error}"),
    }
}

/// Does as a worker what is due; `false` when nothing is.
async fn work(world: &World) -> bool {
    let mut tx = world.app.db().begin().await.unwrap();
    let Some(claim) = tx.claim_job("test", 3_600_000_000).await.unwrap() else {
        return false;
    };
    tx.commit().await.unwrap();
    assert_eq!(claim.kind, JobKind::TidyPhones.as_str());
    let company = serde_json::from_str(&claim.payload).unwrap();
    // While a job clears away, nothing new is gathered.
    assert!(matches!(
        change(world, "US").await,
        Err(Error::Full(Full::Share))
    ));
    assert!(!tidy_phones(&world.app, company, &|| true).await.unwrap());
    assert!(tidy_phones(&world.app, company, &|| false).await.unwrap());
    let attempt = Attempt {
        job: claim.id,
        number: claim.attempt,
    };
    let mut tx = world.app.db().begin().await.unwrap();
    tx.settle_job(attempt, JobState::Done, "", 0).await.unwrap();
    tx.commit().await.unwrap();
    true
}

#[tokio::test]
async fn while_the_numbers_of_a_company_are_gathered_others_go_on() {
    let world = World::with_employees(1).await;
    fill(&world, world.company, 5_000).await;
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
        // There are ten steps, with a rest behind each.
        assert!(created > 5, "{created}");
    }
    work(&world).await;
    // All are known, those of the last country alone.
    for (number, free) in [
        ("+966551000001", false),
        ("0551005000", false),
        ("+966551005001", true),
        ("0551005001", false),
    ] {
        assert_eq!(is_free(&world, number).await, free, "{number}");
    }
}

#[tokio::test]
async fn numbers_of_the_country_before_are_cleared_away_by_a_job() {
    for engine in BOTH {
        let world = World::on(engine, 1).await;
        for number in ["0551000001", "0551000002"] {
            assert!(is_free(&world, number).await);
        }
        change(&world, "SA").await.unwrap();
        assert!(work(&world).await);

        change(&world, "EG").await.unwrap();
        assert!(!is_free(&world, "+966551000001").await);
        assert!(work(&world).await);

        assert!(is_free(&world, "+966551000001").await);
        assert!(!is_free(&world, "0551000002").await);
        assert!(!work(&world).await);
    }
}

#[tokio::test]
async fn what_a_change_left_that_came_to_nothing_is_cleared_away_by_a_job() {
    for engine in BOTH {
        let world = World::on(engine, 1).await;
        fill(&world, world.company, 5_000).await;
        change(&world, "SA").await.unwrap();
        assert!(work(&world).await);

        // It sleeps until its turn has run out, as one that was killed.
        let changing = begin(&world.app, world.company, "EG").await;
        world.database.execute("UPDATE job SET run_at = 0").await;
        assert!(work(&world).await);

        let lost = changing.await.unwrap();
        assert!(matches!(lost, Err(Error::TookTooLong)), "{lost:?}");
        let egyptian = PhoneKey::of("0551000001", PhoneRegion::parse("EG").ok()).unwrap();
        assert!(is_free(&world, egyptian.as_str()).await);
        assert!(!is_free(&world, "0551000001").await);
        change(&world, "EG").await.unwrap();
        assert!(!is_free(&world, "0551005000").await);
    }
}

#[tokio::test]
async fn a_company_changes_its_numbers_once_at_a_time_in_all_processes() {
    for engine in BOTH {
        let world = World::on(engine, 1).await;
        fill(&world, world.company, 5_000).await;
        let (other, _queues) = world.server(None);

        let changing = begin(&other, world.company, "SA").await;
        let second = change(&world, "EG").await;

        assert!(
            matches!(second, Err(Error::Full(Full::Share))),
            "{second:?}"
        );
        let changed = changing.await.unwrap().unwrap();
        assert_eq!(changed.phone_region, PhoneRegion::parse("SA").ok());
        change(&world, "EG").await.unwrap();
    }
}

#[tokio::test]
async fn settings_that_need_no_other_numbers_wait_for_nobody() {
    let world = World::with_employees(1).await;
    fill(&world, world.company, 5_000).await;
    change(&world, "SA").await.unwrap();
    let (neighbour, _) = world.neighbour().await;

    let changing = begin(&world.app, world.company, "EG").await;
    let own = SettingsChange {
        re_assign_hours: Some(ReAssignHours::parse(7).unwrap()),
        ..numbers("SA")
    };
    change_company(&world.app, world.company, own)
        .await
        .unwrap();
    change_company(&world.app, neighbour, numbers("SA"))
        .await
        .unwrap();

    assert!(!changing.is_finished());
    let changed = changing.await.unwrap().unwrap();
    assert_eq!(changed.re_assign_hours.get(), 7);
    assert_eq!(changed.phone_region, PhoneRegion::parse("EG").ok());
}

#[tokio::test]
async fn clients_that_change_without_end_are_taken_with_the_last_step() {
    for engine in BOTH {
        let world = World::on(engine, 1).await;
        fill(&world, world.company, 1_200).await;
        world
            .database
            .execute("UPDATE client SET updated_at = 9000000000000000")
            .await;

        change(&world, "SA").await.unwrap();

        assert!(!is_free(&world, "+966551000001").await);
        assert!(!is_free(&world, "+966551001200").await);
    }
}

#[tokio::test]
async fn the_numbers_of_two_companies_are_gathered_at_a_time() {
    let world = World::with_employees(1).await;
    let (neighbour, _) = world.neighbour().await;
    let (third, _) = world.neighbour().await;
    fill(&world, world.company, 5_000).await;
    fill(&world, neighbour, 5_000).await;
    let changing = [
        begin(&world.app, world.company, "SA").await,
        begin(&world.app, neighbour, "SA").await,
    ];

    let refused = change_company(&world.app, third, numbers("SA")).await;

    assert!(
        matches!(refused, Err(Error::Full(Full::All))),
        "{refused:?}"
    );
    for change in changing {
        change.await.unwrap().unwrap();
    }
    change_company(&world.app, third, numbers("SA"))
        .await
        .unwrap();
}
