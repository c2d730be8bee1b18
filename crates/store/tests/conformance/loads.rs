//! Load counters and rosters.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::{CompanyId, StatusId, UserId};
use tawzi_core::load::ClientCounts;
use tawzi_core::roster::Received;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{LoadChange, LoadDifference, NewClient, NewUser, RosterEntry};

on_both_engines! {
    the_roster_is_the_active_employees_with_their_names,
    an_employee_without_counters_has_no_load,
    changes_add_up,
    the_last_reception_changes_only_when_something_was_received,
    many_companies_are_changed_and_read_at_once,
    no_change_changes_nothing,
    a_change_of_a_person_who_is_not_there_is_refused,
    differences_are_where_counters_and_clients_disagree,
    a_recount_says_what_is_there,
    a_recount_keeps_the_last_reception_it_knows_and_derives_the_others,
}

fn counts(active: i64, without_status: i64) -> ClientCounts {
    ClientCounts::new([active, 0, 0, 0, without_status])
}

const fn received(at: Timestamp, order: i64) -> Received {
    Received { at, order }
}

async fn change(store: &TestDb, changes: &[LoadChange]) {
    let mut tx = store.begin().await.unwrap();
    given::change_loads(&mut tx, changes).await.unwrap();
    tx.commit().await.unwrap();
}

async fn roster(store: &TestDb, company: CompanyId) -> Vec<RosterEntry> {
    let mut reader = store.read().await.unwrap();
    let mut roster = reader.tenant(company).roster().await.unwrap();
    roster.sort_by_key(|entry| entry.load.user);
    roster
}

async fn differences(store: &TestDb, company: CompanyId) -> Vec<LoadDifference> {
    let mut reader = store.read().await.unwrap();
    reader.tenant(company).load_differences().await.unwrap()
}

async fn recount(store: &TestDb, company: CompanyId) {
    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(company).recount_loads().await.unwrap();
    tx.commit().await.unwrap();
}

async fn held(store: &TestDb, company: CompanyId, assignee: UserId, status: Option<StatusId>) {
    let new = NewClient {
        assigned_to: Some(assignee),
        status,
        ..given::new_client(company, "held")
    };
    given::client(store, new).await;
}

async fn the_roster_is_the_active_employees_with_their_names(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let amal = given::employee(store, north, "amal").await;
    let khaled = NewUser {
        first_name: "خالد",
        last_name: "العلي",
        ..given::new_employee(north, "khaled")
    };
    let khaled = given::user(store, khaled).await;
    let boss = NewUser {
        role: "admin",
        ..given::new_employee(north, "boss")
    };
    given::user(store, boss).await;
    let gone = given::employee(store, north, "gone").await;
    given::employee(store, south, "badr").await;
    let mut tx = store.begin().await.unwrap();
    tx.save_active(gone, false).await.unwrap();
    tx.commit().await.unwrap();

    let roster = roster(store, north).await;

    let users: Vec<_> = roster.iter().map(|entry| entry.load.user).collect();
    assert_eq!(users, [amal, khaled]);
    assert!(roster.iter().all(|entry| entry.company == north));
    assert_eq!(roster[0].name().as_str(), "amal");
    assert_eq!(roster[1].name().as_str(), "خالد العلي");
    assert_eq!(roster[1].username, "khaled");
}

async fn an_employee_without_counters_has_no_load(store: &TestDb) {
    let north = given::company(store, "north").await;
    given::employee(store, north, "amal").await;

    let member = roster(store, north).await[0].load;

    assert!(member.clients.is_zero());
    assert_eq!(member.last_received, None);
}

async fn changes_add_up(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let by = |clients| LoadChange {
        company: north,
        user: amal,
        clients: ClientCounts::new(clients),
        received: None,
    };

    change(store, &[by([1, 2, 3, 4, 5])]).await;
    change(store, &[by([10, -1, 0, -4, 1])]).await;

    let member = roster(store, north).await[0].load;
    assert_eq!(member.clients, ClientCounts::new([11, 1, 3, 0, 6]));
}

async fn the_last_reception_changes_only_when_something_was_received(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let by = |received| LoadChange {
        company: north,
        user: amal,
        clients: counts(0, 1),
        received,
    };
    let last = async || roster(store, north).await[0].load.last_received;
    let first = received(NOW, 7);
    let second = received(NOW.plus_seconds(1), 3);

    change(store, &[by(Some(first))]).await;
    assert_eq!(last().await, Some(first));
    change(store, &[by(None)]).await;
    assert_eq!(last().await, Some(first));
    change(store, &[by(Some(second))]).await;
    assert_eq!(last().await, Some(second));
}

async fn many_companies_are_changed_and_read_at_once(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let west = given::company(store, "west").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, south, "badr").await;
    let carla = given::employee(store, south, "carla").await;
    given::employee(store, west, "dina").await;
    let by = |company, user, active| LoadChange {
        company,
        user,
        clients: counts(active, 0),
        received: Some(received(NOW, active)),
    };
    let changes = [by(north, amal, 1), by(south, badr, 2), by(south, carla, 3)];

    change(store, &changes).await;

    let mut reader = store.read().await.unwrap();
    let mut rosters = reader.rosters(&[south, north]).await.unwrap();
    rosters.sort_by_key(|entry| entry.load.user);
    let found: Vec<_> = rosters
        .iter()
        .map(|e| (e.company, e.load.user, e.load.clients.total()))
        .collect();
    assert_eq!(
        found,
        [(north, amal, 1), (south, badr, 2), (south, carla, 3)]
    );
    assert!(reader.rosters(&[]).await.unwrap().is_empty());
}

async fn no_change_changes_nothing(store: &TestDb) {
    let north = given::company(store, "north").await;

    change(store, &[]).await;

    assert!(differences(store, north).await.is_empty());
}

async fn a_change_of_a_person_who_is_not_there_is_refused(store: &TestDb) {
    let north = given::company(store, "north").await;

    let mut tx = store.begin().await.unwrap();
    let of_nobody = LoadChange {
        company: north,
        user: UserId::new(99),
        clients: counts(1, 0),
        received: None,
    };
    let changed = given::change_loads(&mut tx, &[of_nobody]).await;

    let refused = matches!(changed, Err(tawzi_store::Error::Conflict(_)));
    assert!(refused, "{changed:?}");
}

async fn differences_are_where_counters_and_clients_disagree(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;
    let carla = given::employee(store, north, "carla").await;
    let status = given::status(store, north, "new", StatusCategory::Active).await;
    held(store, north, amal, Some(status)).await;
    held(store, north, amal, None).await;
    held(store, north, badr, None).await;
    given::client(store, given::new_client(north, "unheld")).await;
    let by = |user, clients| LoadChange {
        company: north,
        user,
        clients,
        received: None,
    };

    change(store, &[by(amal, counts(1, 1)), by(carla, counts(0, 2))]).await;

    let expected = [
        LoadDifference {
            user: badr,
            counted: counts(0, 0),
            actual: counts(0, 1),
        },
        LoadDifference {
            user: carla,
            counted: counts(0, 2),
            actual: counts(0, 0),
        },
    ];
    assert_eq!(differences(store, north).await, expected);
}

async fn a_recount_says_what_is_there(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;
    let mut expected = ClientCounts::default();
    for (clients, category) in (1..).zip(&StatusCategory::ALL[..4]) {
        let status = given::status(store, north, category.as_str(), *category).await;
        for _ in 0..clients {
            held(store, north, amal, Some(status)).await;
        }
        expected.add(*category, clients);
    }
    held(store, north, amal, None).await;
    expected.add(StatusCategory::None, 1);
    let wrong = LoadChange {
        company: north,
        user: badr,
        clients: counts(9, 9),
        received: None,
    };
    change(store, &[wrong]).await;

    recount(store, north).await;

    let roster = roster(store, north).await;
    assert_eq!(roster[0].load.clients, expected);
    assert!(roster[1].load.clients.is_zero());
    assert!(differences(store, north).await.is_empty());
}

async fn a_recount_keeps_the_last_reception_it_knows_and_derives_the_others(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;
    for assignee in [amal, badr] {
        for seconds in [0, 60, 30] {
            given::held_client(store, north, assignee, NOW.plus_seconds(seconds)).await;
        }
    }
    let known = LoadChange {
        company: north,
        user: amal,
        clients: counts(0, 3),
        received: Some(received(NOW, 5)),
    };
    change(store, &[known]).await;

    recount(store, north).await;

    let roster = roster(store, north).await;
    assert_eq!(roster[0].load.last_received, Some(received(NOW, 5)));
    let latest = received(NOW.plus_seconds(60), 0);
    assert_eq!(roster[1].load.last_received, Some(latest));
}
