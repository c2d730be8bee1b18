//! Clients: created, read, edited and deleted one by one or many at once.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::client::{ClientType, PhoneType, Priority};
use tawzi_core::event;
use tawzi_core::id::{ChannelId, ClientId, CompanyId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::status::StatusCategory;
use tawzi_core::user::DisplayName;
use tawzi_store::{
    Author, Channel, Client, CreateKey, Error, NewClient, NewPhone, NewTask, RowCount, Viewer,
};

on_both_engines! {
    a_client_is_read_as_it_was_created,
    a_clients_number_is_read_as_it_was_created,
    text_is_kept_whatever_is_written_in_it,
    a_client_that_nobody_holds_was_never_assigned,
    no_clients_are_created_out_of_nothing,
    what_is_created_with_a_client_is_that_client_s,
    a_client_of_a_status_that_is_not_there_is_refused,
    an_edited_client_is_read_back_and_keeps_its_assignee,
    a_client_is_seen_by_its_assignee_and_not_by_others,
    a_deleted_client_takes_everything_with_it,
    all_clients_are_read_by_their_ids_in_steps,
}

async fn read(store: &TestDb, company: CompanyId, id: ClientId) -> Option<Client> {
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(company);
    tenant.client(id, Viewer::Everything).await.unwrap()
}

async fn channel(store: &TestDb, company: CompanyId) -> ChannelId {
    let mut tx = store.begin().await.unwrap();
    let new = Channel::new("Phone", "phone", NOW);
    let id = tx.tenant_tx(company).create_channel(new).await;
    tx.commit().await.unwrap();
    id.unwrap().id
}

async fn a_client_is_read_as_it_was_created(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let status = given::status(store, north, "new", StatusCategory::FollowUp).await;
    let channel = channel(store, north).await;
    let budget = Some(Budget::from_hundredths(999_999_999_999));

    let new = NewClient {
        name: "سارة",
        priority: Priority::High,
        client_type: ClientType::Cold,
        channel: Some(channel),
        status: Some(status),
        budget,
        phone_number: Some("0500"),
        assigned_to: Some(amal),
        create_key: Some(CreateKey::of_content(i64::MIN)),
        ..given::new_client(north, "")
    };
    let id = given::client(store, new).await;

    let client = read(store, north, id).await.unwrap();
    assert_eq!((client.id, client.company_id), (id, north));
    assert_eq!(client.name, "سارة");
    assert_eq!(
        (client.priority.as_str(), client.client_type.as_str()),
        ("high", "cold")
    );
    assert_eq!(client.channel_id, Some(channel));
    assert_eq!(client.channel_name.as_deref(), Some("Phone"));
    assert_eq!(client.status_id, Some(status));
    assert_eq!(client.status_name.as_deref(), Some("new"));
    assert_eq!(client.category(), StatusCategory::FollowUp);
    assert_eq!(client.budget_hundredths, budget);
    assert_eq!(client.phone_number.as_deref(), Some("0500"));
    assert_eq!(client.assigned_to, Some(amal));
    assert_eq!(client.assigned_to_username.as_deref(), Some("amal"));
    assert_eq!(
        (client.assigned_at, client.last_contacted_at),
        (Some(NOW), None)
    );
    assert_eq!((client.created_at, client.updated_at), (NOW, NOW));
}

async fn a_clients_number_is_read_as_it_was_created(store: &TestDb) {
    let north = given::company(store, "north").await;
    let phones = [NewPhone {
        id: None,
        phone_number: "0501".to_owned(),
        phone_type: PhoneType::Work,
        is_primary: true,
        notes: Some("صباحاً".to_owned()),
    }];
    let new = NewClient {
        phones: &phones,
        ..given::new_client(north, "سارة")
    };

    let mut tx = store.begin().await.unwrap();
    let created = given::insert_clients(&mut tx, &[new]).await.unwrap();
    tx.commit().await.unwrap();

    let (id, phones) = &created[0];
    let mut reader = store.read().await.unwrap();
    let stored = reader.tenant(north).phones_of(&[*id]).await.unwrap();
    assert_eq!((stored.len(), phones.len()), (1, 1));
    assert_eq!(stored[0].id, phones[0]);
    assert_eq!(stored[0].client_id, *id);
    assert_eq!(stored[0].phone_number, "0501");
    assert_eq!(stored[0].phone_type, "work");
    assert!(stored[0].is_primary);
    assert_eq!(stored[0].notes.as_deref(), Some("صباحاً"));
    assert_eq!((stored[0].created_at, stored[0].updated_at), (NOW, NOW));
}

async fn text_is_kept_whatever_is_written_in_it(store: &TestDb) {
    let north = given::company(store, "north").await;
    for name in [
        "",
        " ",
        "null",
        "7",
        "007",
        "1e3",
        "true",
        "{\"a\":1}",
        "[1]",
        "'; --",
        "\"\\\"",
        "$1 ?",
        "a\nb\tc",
        "%_\\",
        "🙂",
        "\u{202e}محمد\u{200f}",
    ] {
        let id = given::client(store, given::new_client(north, name)).await;

        assert_eq!(read(store, north, id).await.unwrap().name, name);
    }
}

async fn a_client_that_nobody_holds_was_never_assigned(store: &TestDb) {
    let north = given::company(store, "north").await;

    let id = given::client(store, given::new_client(north, "Sara")).await;

    let client = read(store, north, id).await.unwrap();
    assert_eq!((client.assigned_to, client.assigned_at), (None, None));
    assert_eq!(client.assigned_to_username, None);
    assert_eq!((client.status_id, client.channel_id), (None, None));
    assert_eq!(
        (client.budget_hundredths, client.phone_number.as_deref()),
        (None, None)
    );
    assert_eq!(client.category(), StatusCategory::None);
}

async fn what_is_created_with_a_client_is_that_client_s(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let amal = DisplayName::new("أمل", "", "amal");
    let event = Some((event::auto_assigned(&amal), Author::Nobody));
    let numbers = ["1", "2", "3"].map(given::new_phone);
    // Neither sorted by company, nor all with numbers and events.
    let new = [
        (south, &numbers[..2], None),
        (north, &[][..], event.clone()),
        (south, &[][..], None),
        (north, &numbers[2..], event),
    ];
    let new = new.map(|(company, phones, event)| NewClient {
        phones,
        event,
        ..given::new_client(company, "ليلى")
    });

    let mut tx = store.begin().await.unwrap();
    let created = given::insert_clients(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();

    assert!(created.is_sorted_by_key(|(id, _)| *id));
    let mut reader = store.read().await.unwrap();
    for (new, (id, numbers)) in new.iter().zip(created) {
        assert!(read(store, new.company, id).await.is_some());
        let mut tenant = reader.tenant(new.company);
        let phones = tenant.phones_of(&[id]).await.unwrap();
        let phones: Vec<_> = phones.into_iter().map(|p| (p.id, p.phone_number)).collect();
        let events = tenant.events(Viewer::Everything, Some(id), 0, 9);
        let events: Vec<_> = events.await.unwrap().into_iter().map(|e| e.notes).collect();
        let expected = numbers.into_iter().zip(new.phones);
        let expected: Vec<_> = expected
            .map(|(id, p)| (id, p.phone_number.clone()))
            .collect();
        assert_eq!(phones, expected);
        let expected = new.event.iter().map(|(text, _)| Some(text.notes.clone()));
        assert_eq!(events, expected.collect::<Vec<_>>());
    }
}

async fn no_clients_are_created_out_of_nothing(store: &TestDb) {
    let mut tx = store.begin().await.unwrap();

    let created = given::insert_clients(&mut tx, &[]).await.unwrap();

    assert!(created.is_empty());
}

async fn a_client_of_a_status_that_is_not_there_is_refused(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let of_south = given::status(store, south, "new", StatusCategory::Active).await;
    let sara = given::new_client(north, "Sara");
    let twice = [given::new_phone("1"), given::new_phone("1")];

    for refused in [
        NewClient {
            status: Some(StatusId::new(99)),
            ..sara.clone()
        },
        NewClient {
            status: Some(of_south),
            ..sara.clone()
        },
        NewClient {
            channel: Some(ChannelId::new(99)),
            ..sara.clone()
        },
        NewClient {
            assigned_to: Some(UserId::new(99)),
            ..sara.clone()
        },
        NewClient {
            phones: &twice,
            ..sara.clone()
        },
    ] {
        let mut tx = store.begin().await.unwrap();
        let created = given::insert_clients(&mut tx, &[refused]).await;

        assert!(matches!(created, Err(Error::Conflict(_))), "{created:?}");
    }
}

async fn an_edited_client_is_read_back_and_keeps_its_assignee(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let status = given::status(store, north, "won", StatusCategory::Closed).await;
    let channel = channel(store, north).await;
    let id = given::held_client(store, north, amal, NOW).await;
    let other = given::held_client(store, north, amal, NOW).await;
    let later = NOW.plus_seconds(60);
    let mut edited = Client {
        name: "Sara".to_owned(),
        priority: "low".to_owned(),
        client_type: "cold".to_owned(),
        channel_id: Some(channel),
        status_id: Some(status),
        budget_hundredths: Some(Budget::from_hundredths(-50)),
        phone_number: Some("0500".to_owned()),
        updated_at: later,
        ..read(store, north, id).await.unwrap()
    };

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).save_client(&edited).await.unwrap();
    tx.commit().await.unwrap();

    let client = read(store, north, id).await.unwrap();
    assert_eq!(client.name, "Sara");
    assert_eq!(
        (client.priority.as_str(), client.client_type.as_str()),
        ("low", "cold")
    );
    assert_eq!(
        (client.channel_id, client.status_id),
        (Some(channel), Some(status))
    );
    assert_eq!(client.category(), StatusCategory::Closed);
    assert_eq!(client.budget_hundredths, Some(Budget::from_hundredths(-50)));
    assert_eq!(client.phone_number.as_deref(), Some("0500"));
    assert_eq!(
        (client.assigned_to, client.assigned_at),
        (Some(amal), Some(NOW))
    );
    assert_eq!((client.created_at, client.updated_at), (NOW, later));
    assert_eq!(read(store, north, other).await.unwrap().name, "held");

    edited.channel_id = None;
    edited.status_id = None;
    edited.budget_hundredths = None;
    edited.phone_number = None;
    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).save_client(&edited).await.unwrap();
    tx.commit().await.unwrap();

    let client = read(store, north, id).await.unwrap();
    assert_eq!((client.channel_id, client.status_id), (None, None));
    assert_eq!(
        (client.budget_hundredths, client.phone_number),
        (None, None)
    );
}

async fn a_client_is_seen_by_its_assignee_and_not_by_others(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;
    let id = given::held_client(store, north, amal, NOW).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let by_amal = tenant.client(id, Viewer::AssignedTo(amal)).await.unwrap();
    let by_badr = tenant.client(id, Viewer::AssignedTo(badr)).await.unwrap();

    assert!(by_amal.is_some());
    assert!(by_badr.is_none());
}

async fn a_deleted_client_takes_everything_with_it(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let phones = [given::new_phone("1")];
    let with_phone = NewClient {
        phones: &phones,
        ..given::new_client(north, "Sara")
    };
    let ids = given::clients(store, &[with_phone.clone(), with_phone]).await;
    for id in &ids {
        given::event(store, north, *id, None).await;
        let mut tx = store.begin().await.unwrap();
        let task = NewTask {
            client: *id,
            stage: None,
            notes: None,
            reminder_date: None,
            created_by: Author::User(amal),
            create_key: None,
            at: NOW,
        };
        given::log_task(&mut tx, north, task).await.unwrap();
        tx.commit().await.unwrap();
    }

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).delete_client(ids[0]).await.unwrap();
    tx.commit().await.unwrap();

    assert!(read(store, north, ids[0]).await.is_none());
    assert!(read(store, north, ids[1]).await.is_some());
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    assert_eq!(tenant.phones_of(&ids).await.unwrap().len(), 1);
    let everything = Viewer::Everything;
    assert_eq!(
        tenant.count_tasks(everything, &[]).await.unwrap(),
        RowCount::Exactly(1)
    );
    assert_eq!(
        tenant.count_events(everything, None).await.unwrap(),
        RowCount::Exactly(1)
    );
}

async fn all_clients_are_read_by_their_ids_in_steps(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let mut ids = Vec::new();
    for name in ["first", "second", "third"] {
        ids.push(given::client(store, given::new_client(north, name)).await);
        given::client(store, given::new_client(south, name)).await;
    }

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let mut steps = Vec::new();
    let mut last = ClientId::new(0);
    loop {
        let clients = tenant.clients_behind(last, 2).await.unwrap();
        let Some(newest) = clients.last() else { break };
        last = newest.id;
        steps.push(clients.iter().map(|client| client.id).collect::<Vec<_>>());
    }

    assert_eq!(steps, [&ids[..2], &ids[2..]]);
}
