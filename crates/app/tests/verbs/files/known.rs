//! Lines that say which client they are.

use super::{by_number, clients, import, pairs};
use std::fmt::Write as _;
use tawzi_app::{
    By, ByteOrderMark, ClientChange, CsvReport, Import, ImportMode, KnownClients, NewPhone,
    NoProgress, Progress, create_client, delete_status, edit_client, export_clients,
    import_clients,
};
use tawzi_core::client::{PhoneType, Priority};
use tawzi_core::id::{ClientId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_testkit::World;

async fn exported(world: &World) -> String {
    let mut file = Vec::new();
    let mark = ByteOrderMark::LeftOut;
    let export = export_clients(
        &world.app,
        By::OPERATOR,
        world.company,
        &mut file,
        mark,
        &NoProgress,
    );
    export.await.unwrap();
    String::from_utf8(file).unwrap()
}

async fn imported(world: &World, file: &str) -> CsvReport {
    let report = import(world, file, ImportMode::InSteps.into()).await;
    report.unwrap()
}

fn changing<'r>() -> Import<'r> {
    Import {
        known: KnownClients::Change,
        ..Import::from(ImportMode::InSteps)
    }
}

async fn updated(world: &World, file: &str) -> CsvReport {
    import(world, file, changing()).await.unwrap()
}

fn sara(world: &World, priority: Priority) -> ClientChange {
    ClientChange {
        name: Some("Sara".to_owned()),
        phone_number: Some(Some("0501234567".to_owned())),
        priority: Some(priority),
        ..world.draft()
    }
}

#[tokio::test]
async fn two_clients_of_the_same_content_are_known_by_their_ids() {
    let world = World::with_employees(1).await;
    for key in ["one", "other"] {
        let sara = sara(&world, Priority::Low);
        create_client(&world.app, &world.admin, sara, Some(key))
            .await
            .unwrap();
    }
    let file = exported(&world).await;

    let first = imported(&world, &file).await;
    let again = imported(&world, &file).await;
    let changed = updated(&world, &file).await;

    for report in [first, again, changed] {
        let counts = (report.created, report.repeated, report.changed);
        assert_eq!(counts, (0, 2, 0));
    }
    assert_eq!(exported(&world).await, file);
}

#[tokio::test]
async fn a_line_that_stands_twice_with_its_id_is_no_second_client() {
    let world = World::with_employees(1).await;
    world.create(sara(&world, Priority::Low)).await.unwrap();
    let mut file = exported(&world).await;
    let line = file.lines().nth(1).unwrap().to_owned();
    writeln!(file, "{line}").unwrap();

    let refused = import(&world, &file, ImportMode::InSteps.into()).await;

    let id = line.split(',').next().unwrap();
    assert_eq!(
        refused.unwrap_err().to_string(),
        format!("line 3: says to be client {id}, as line 2 does")
    );
    let there = [("Sara", "0501234567")];
    assert_eq!(clients(&world).await, pairs(&there));
}

#[tokio::test]
async fn what_a_line_once_created_is_set_back_to_it() {
    let world = World::with_employees(1).await;
    let employee = &world.employees[0].user().username;
    let line = format!("Sara,0501234567,medium,fresh,{employee}\n");
    let list = format!("name,phone_number,priority,type,assigned_to\n{line}");
    imported(&world, &list).await;
    let id: ClientId = by_number(&world, "0501234567").await;
    let high = || ClientChange {
        priority: Some(Priority::High),
        ..ClientChange::default()
    };

    edit_client(&world.app, &world.admin, id, high())
        .await
        .unwrap();
    let file = exported(&world).await.replace(",high,", ",medium,");
    let by_export = updated(&world, &file).await;
    edit_client(&world.app, &world.admin, id, high())
        .await
        .unwrap();
    let file = format!("id,name,phone_number,priority,type,assigned_to\n{id},{line}");
    let by_id_alone = updated(&world, &file).await;

    for report in [by_export, by_id_alone] {
        let counts = (report.created, report.repeated, report.changed);
        assert_eq!(counts, (0, 0, 1));
    }
    assert_eq!(world.client(id).await.priority, "medium");
}

#[tokio::test]
async fn an_id_with_its_time_wins_over_another_client_that_the_same_line_created() {
    let world = World::with_employees(1).await;
    let employee = &world.employees[0].user().username;
    let list = format!("name,phone_number,assigned_to\nSara,0501234567,{employee}\n");
    imported(&world, &list).await;
    let second = world.create(sara(&world, Priority::High)).await.unwrap();
    let id = second.client.id;

    let file = exported(&world).await.replace(",high,", ",medium,");
    let report = updated(&world, &file).await;

    let counts = (report.created, report.repeated, report.changed);
    assert_eq!(counts, (0, 1, 1));
    assert_eq!(world.client(id).await.priority, "medium");
}

/// The own number of a client, and those that are listed, the primary one in brackets.
async fn numbers(world: &World, id: ClientId) -> (Option<String>, String) {
    let mut reader = world.app.db().read().await.unwrap();
    let listed = reader.tenant(world.company).phones_of(&[id]).await.unwrap();
    let listed = listed.iter().map(|phone| {
        if phone.is_primary {
            format!("[{}]", phone.phone_number)
        } else {
            phone.phone_number.clone()
        }
    });
    let listed = listed.collect::<Vec<_>>().join(" ");
    (world.client(id).await.phone_number, listed)
}

#[tokio::test]
async fn an_update_that_is_repeated_takes_no_more_phone_numbers_away() {
    let world = World::with_employees(1).await;
    let mut draft = sara(&world, Priority::Low);
    draft.phone_number = Some(Some("0501".to_owned()));
    let phone = |number: &str| NewPhone {
        id: None,
        phone_number: number.to_owned(),
        phone_type: PhoneType::Mobile,
        is_primary: number == "0501",
        notes: None,
    };
    draft.phones = Some(["0501", "0502", "0503"].map(phone).to_vec());
    let id = world.create(draft).await.unwrap().client.id;
    let file = format!("id,name,phone_number\n{id},Sara,\n");

    let first = updated(&world, &file).await;
    let after_first = numbers(&world, id).await;
    let second = updated(&world, &file).await;
    let after_second = numbers(&world, id).await;
    let same = format!("id,name,phone_number,other_phone_numbers\n{id},Sara,,0502;0503\n");
    let same = updated(&world, &same).await;
    let fewer = format!("id,name,phone_number,other_phone_numbers\n{id},Sara,,0503\n");
    let fewer = updated(&world, &fewer).await;

    assert_eq!((first.changed, second.changed, same.changed), (1, 0, 0));
    let without_own = (None, "[0502] 0503".to_owned());
    assert_eq!(after_first, without_own);
    assert_eq!(after_second, without_own);
    assert_eq!(
        fewer.changes.told(),
        ["line 2: other_phone_numbers \"0502;0503\" becomes \"0503\""]
    );
    assert_eq!(numbers(&world, id).await, (None, "[0503]".to_owned()));
}

#[tokio::test]
async fn a_budget_of_0_is_one() {
    let world = World::with_employees(1).await;
    let id = world.arrival().await;
    let name = world.client(id).await.name;
    let file = format!("id,name,budget\n{id},{name},0\n");

    let first = updated(&world, &file).await;
    let again = updated(&world, &file).await;

    assert_eq!((first.changed, again.changed), (1, 0));
    let budget = world.client(id).await.budget_hundredths;
    assert_eq!(budget.unwrap().to_string(), "0.00");
}

#[tokio::test]
async fn clients_of_somebody_inactive_come_back_and_no_others_go_there() {
    let world = World::with_employees(2).await;
    let [gone, other] = [&world.employees[0], &world.employees[1]];
    let kept = world.client_of(gone).await;
    let elsewhere = world.client_of(other).await;
    world.set_active(gone, false).await;
    let file = exported(&world).await;

    let back = imported(&world, &file).await;
    let changed = updated(&world, &file).await;
    let name = &gone.user().username;
    let [first, second] = [world.client(kept).await, world.client(elsewhere).await].map(|c| c.name);
    let both = format!("id,name,assigned_to\n{kept},{first},{name}\n{elsewhere},{second},{name}\n");
    let refused = import(&world, &both, changing()).await.unwrap_err();

    assert_eq!((back.created, back.repeated), (0, 2));
    assert_eq!((changed.repeated, changed.changed), (2, 0));
    assert_eq!(
        refused.to_string(),
        format!(
            "line 3: assigned_to is {name:?}, who is not active any more; name somebody else, or nobody"
        )
    );
}

/// Deletes a status after the check.
struct Deleting<'w> {
    world: &'w World,
    status: StatusId,
    runtime: tokio::runtime::Handle,
}

impl Progress for Deleting<'_> {
    fn begin(&self, what: &str, _steps: u64) {
        if what == "clients" {
            tokio::task::block_in_place(|| {
                let deleted = delete_status(&self.world.app, &self.world.admin, self.status);
                self.runtime.block_on(deleted).unwrap();
            });
        }
    }

    fn advance(&self, _steps: u64) {}

    fn wanted(&self) -> bool {
        false
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_that_was_deleted_meanwhile_is_named() {
    let world = World::with_employees(1).await;
    let id = world.arrival().await;
    let status = world.status("New", StatusCategory::Active).await;
    let deleting = Deleting {
        world: &world,
        status,
        runtime: tokio::runtime::Handle::current(),
    };
    let name = world.client(id).await.name;
    let file = format!("id,name,budget,status\n{id},{name},7,New\n");

    let report = import_clients(
        &world.app,
        By::OPERATOR,
        world.company,
        file.as_bytes(),
        changing(),
        &deleting,
    );
    let report = report.await.unwrap();

    let told = report.left_out.told().join("\n");
    assert!(
        told.contains("status") && told.ends_with("which is not there"),
        "{told}"
    );
    assert_eq!(world.client(id).await.budget_hundredths, None);
}
