//! Lines that say which client they are.

use super::{by_number, clients, import, pairs};
use std::fmt::Write as _;
use tawzi_app::{
    By, ByteOrderMark, ClientChange, CsvReport, Import, ImportMode, KnownClients, NoProgress,
    create_client, edit_client, export_clients,
};
use tawzi_core::client::Priority;
use tawzi_core::id::ClientId;
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
    let both = format!("id,name,assigned_to\n{kept},Sara,{name}\n{elsewhere},Lina,{name}\n");
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
