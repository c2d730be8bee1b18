//! What decisions about creates need, asked at once.

use crate::database::TestDb;
use crate::given::{self, NOW};
use std::collections::{BTreeMap, BTreeSet};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_core::load::ClientCounts;
use tawzi_core::phone::PhoneKey;
use tawzi_core::roster::Received;
use tawzi_core::status::StatusCategory;
use tawzi_core::user::DisplayName;
use tawzi_store::{
    CreateAnswers, CreateKey, CreateQuestions, Earlier, LoadChange, NewClient, NewUser,
};

on_both_engines! {
    nothing_asked_is_nothing_answered,
    employees_are_those_of_the_companies_with_their_loads,
    earlier_creates_are_found_by_their_key_since_a_moment,
    a_chosen_key_comes_with_what_was_asked_for,
    statuses_and_channels_are_found_in_their_own_company_only,
    assignees_are_active_people_of_a_company,
    the_oldest_client_has_a_phone_number,
    all_is_answered_at_once,
}

async fn ask(store: &TestDb, asked: &CreateQuestions) -> CreateAnswers {
    let mut reader = store.read().await.unwrap();
    reader.answer_creates(asked).await.unwrap()
}

fn key(number: &str) -> PhoneKey {
    PhoneKey::of(number, None).unwrap()
}

async fn nothing_asked_is_nothing_answered(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    given::status(store, north, "new", StatusCategory::Active).await;
    given::channel(store, north, "Phone").await;
    given::held_client(store, north, amal, NOW).await;

    let answers = ask(store, &CreateQuestions::default()).await;

    assert!(answers.employees.is_empty());
    assert!(answers.created.is_empty());
    assert!(answers.statuses.is_empty() && answers.channels.is_empty());
    assert!(answers.assignees.is_empty() && answers.phones.is_empty());
}

async fn employees_are_those_of_the_companies_with_their_loads(store: &TestDb) {
    let [north, south, west] = ["north", "south", "west"];
    let north = given::company(store, north).await;
    let south = given::company(store, south).await;
    let west = given::company(store, west).await;
    let amal = given::employee(store, north, "amal").await;
    let named = NewUser {
        first_name: "بدر",
        last_name: "العلي",
        ..given::new_employee(south, "badr")
    };
    let badr = given::user(store, named).await;
    given::employee(store, west, "carla").await;
    let boss = NewUser {
        role: "admin",
        ..given::new_employee(north, "boss")
    };
    given::user(store, boss).await;
    let gone = given::employee(store, north, "gone").await;
    let received = Received { at: NOW, order: 7 };
    let load = LoadChange {
        company: south,
        user: badr,
        clients: ClientCounts::new([1, 2, 3, 4, 5]),
        received: Some(received),
    };
    let mut tx = store.begin().await.unwrap();
    tx.save_active(gone, false).await.unwrap();
    given::change_loads(&mut tx, &[load]).await.unwrap();
    tx.commit().await.unwrap();

    let asked = CreateQuestions {
        companies: BTreeSet::from([north, south]),
        ..CreateQuestions::default()
    };
    let mut employees = ask(store, &asked).await.employees;

    employees.sort_by_key(|entry| entry.load.user);
    assert_eq!(employees.len(), 2);
    let (of_north, of_south) = (&employees[0], &employees[1]);
    assert_eq!((of_north.company, of_north.load.user), (north, amal));
    assert!(of_north.load.clients.is_zero());
    assert_eq!(of_north.load.last_received, None);
    assert_eq!((of_south.company, of_south.load.user), (south, badr));
    assert_eq!(of_south.load.clients, ClientCounts::new([1, 2, 3, 4, 5]));
    assert_eq!(of_south.load.last_received, Some(received));
    assert_eq!(of_south.name().as_str(), "بدر العلي");
    assert_eq!(of_south.username, "badr");
}

async fn earlier_creates_are_found_by_their_key_since_a_moment(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let keyed = |company, key, seconds| NewClient {
        create_key: Some(CreateKey::of_content(key)),
        at: NOW.plus_seconds(seconds),
        ..given::new_client(company, "Sara")
    };
    let new = [
        keyed(north, 5, 0),
        keyed(north, 5, 10),
        keyed(north, 6, 10),
        keyed(south, 5, 10),
        keyed(south, i64::MIN, 10),
        given::new_client(north, "without a key"),
    ];
    let ids = given::clients(store, &new).await;
    let created = async |keys: &[_]| {
        let asked = CreateQuestions {
            keys: keys.to_vec(),
            ..CreateQuestions::default()
        };
        ask(store, &asked).await.created
    };

    let key = |company, key, seconds| {
        let since = NOW.plus_seconds(seconds);
        (company, CreateKey::of_content(key), since)
    };
    let since_ten = created(&[key(north, 5, 10), key(south, 7, 0)]).await;
    let since_zero = created(&[key(north, 5, 0)]).await;
    let later = created(&[key(north, 5, 11)]).await;
    let several = created(&[key(south, i64::MIN, 0), key(north, 6, 0)]).await;

    let found = |id| Earlier { id, asked: None };
    assert_eq!(since_ten, BTreeMap::from([((north, 5), found(ids[1]))]));
    let newest = BTreeMap::from([((north, 5), found(ids[1]))]);
    assert_eq!(since_zero, newest);
    assert!(later.is_empty());
    let expected = [
        ((south, i64::MIN), found(ids[4])),
        ((north, 6), found(ids[2])),
    ];
    assert_eq!(several, BTreeMap::from(expected));
}

async fn a_chosen_key_comes_with_what_was_asked_for(store: &TestDb) {
    let north = given::company(store, "north").await;
    let keyed = |key, asked| NewClient {
        create_key: Some(CreateKey { key, asked }),
        ..given::new_client(north, "Sara")
    };
    let new = [keyed(5, Some(i64::MAX)), keyed(6, None)];
    let ids = given::clients(store, &new).await;

    let asked = CreateQuestions {
        keys: [5, 6, 7]
            .map(|key| {
                let asked = Some(1);
                (north, CreateKey { key, asked }, NOW)
            })
            .to_vec(),
        ..CreateQuestions::default()
    };
    let created = ask(store, &asked).await.created;

    let found = |id, asked| Earlier { id, asked };
    let expected = [
        ((north, 5), found(ids[0], Some(i64::MAX))),
        ((north, 6), found(ids[1], None)),
    ];
    assert_eq!(created, BTreeMap::from(expected));
}

async fn statuses_and_channels_are_found_in_their_own_company_only(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let new = given::status(store, north, "new", StatusCategory::FollowUp).await;
    let won = given::status(store, south, "won", StatusCategory::Closed).await;
    let phone = given::channel(store, north, "Phone").await;
    let web = given::channel(store, south, "Web").await;

    let asked = CreateQuestions {
        statuses: BTreeSet::from([
            (north, new),
            (south, new),
            (south, won),
            (north, StatusId::new(99)),
        ]),
        channels: BTreeSet::from([(north, web), (south, web), (north, ChannelId::new(99))]),
        ..CreateQuestions::default()
    };
    let answers = ask(store, &asked).await;

    let statuses = [
        ((north, new), ("new".to_owned(), StatusCategory::FollowUp)),
        ((south, won), ("won".to_owned(), StatusCategory::Closed)),
    ];
    assert_eq!(answers.statuses, BTreeMap::from(statuses));
    let channels = [((south, web), "Web".to_owned())];
    assert_eq!(answers.channels, BTreeMap::from(channels));
    let of_others = CreateQuestions {
        statuses: BTreeSet::from([(south, new)]),
        channels: BTreeSet::from([(south, phone)]),
        ..CreateQuestions::default()
    };
    let nothing = ask(store, &of_others).await;
    assert!(nothing.statuses.is_empty() && nothing.channels.is_empty());
}

async fn assignees_are_active_people_of_a_company(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let boss = NewUser {
        role: "admin",
        first_name: "منى",
        ..given::new_employee(north, "boss")
    };
    let boss = given::user(store, boss).await;
    let gone = given::employee(store, north, "gone").await;
    let of_nobody = NewUser {
        company: None,
        ..given::new_employee(north, "root")
    };
    let of_nobody = given::user(store, of_nobody).await;
    let mut tx = store.begin().await.unwrap();
    tx.save_active(gone, false).await.unwrap();
    tx.commit().await.unwrap();

    let asked = CreateQuestions {
        assignees: BTreeSet::from([boss, gone, of_nobody, UserId::new(99)]),
        ..CreateQuestions::default()
    };
    let assignees = ask(store, &asked).await.assignees;

    let name = DisplayName::new("منى", "", "boss");
    let expected = [((north, boss), ("boss".to_owned(), name))];
    assert_eq!(assignees, BTreeMap::from(expected));
    assert!(!assignees.contains_key(&(north, amal)), "nobody asked");
}

async fn the_oldest_client_has_a_phone_number(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let (shared, free) = (key("+966501234567"), key("+966507654321"));
    let with_number = |company: CompanyId| NewClient {
        phone_keys: vec![&shared],
        ..given::new_client(company, "Sara")
    };
    let new = [
        with_number(north),
        with_number(north),
        with_number(south),
        given::new_client(north, "without a number"),
    ];
    let ids = given::clients(store, &new).await;

    let asked = CreateQuestions {
        phones: BTreeSet::from([
            (north, shared.clone()),
            (south, shared.clone()),
            (south, free),
        ]),
        ..CreateQuestions::default()
    };
    let phones = ask(store, &asked).await.phones;

    let expected = [((north, shared.clone()), ids[0]), ((south, shared), ids[2])];
    assert_eq!(phones, BTreeMap::from(expected));
}

async fn all_is_answered_at_once(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let status = given::status(store, north, "new", StatusCategory::Active).await;
    let channel = given::channel(store, north, "Phone").await;
    let number = key("0501");
    let keyed = NewClient {
        create_key: Some(CreateKey::of_content(5)),
        phone_keys: vec![&number],
        ..given::new_client(north, "Sara")
    };
    let client = given::client(store, keyed).await;

    let asked = CreateQuestions {
        companies: BTreeSet::from([north]),
        keys: vec![(north, CreateKey::of_content(5), NOW)],
        statuses: BTreeSet::from([(north, status)]),
        channels: BTreeSet::from([(north, channel)]),
        assignees: BTreeSet::from([amal]),
        phones: BTreeSet::from([(north, number.clone())]),
    };
    let answers = ask(store, &asked).await;

    assert_eq!(answers.employees.len(), 1);
    assert_eq!(answers.created[&(north, 5)].id, client);
    assert_eq!(answers.statuses[&(north, status)].0, "new");
    assert_eq!(answers.channels[&(north, channel)], "Phone");
    assert_eq!(answers.assignees[&(north, amal)].0, "amal");
    assert_eq!(answers.phones[&(north, number)], client);
}
