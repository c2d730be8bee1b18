//! Writing what was decided, all of it at once.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::event;
use tawzi_core::id::{ClientId, CompanyId, UserId};
use tawzi_core::load::ClientCounts;
use tawzi_core::phone::PhoneKey;
use tawzi_core::roster::Received;
use tawzi_core::user::DisplayName;
use tawzi_store::{Author, Error, LoadChange, NewClient, Tx, Viewer, Writes, WrittenIds};

on_both_engines! {
    all_is_written_at_once_with_rising_ids,
    what_was_written_at_once_is_read_back,
    ids_go_on_from_one_record_to_the_next,
    nothing_to_write_writes_nothing,
    a_number_that_stands_twice_is_kept_once,
    what_is_refused_in_one_part_is_not_written_in_another,
}

/// What the timeline of a new client begins with.
fn arrival() -> (event::EventText, Author) {
    let amal = DisplayName::new("أمل", "", "amal");
    (event::auto_assigned(&amal), Author::Nobody)
}

async fn record(store: &TestDb, writes: &Writes<'_>) -> WrittenIds {
    let mut tx = store.begin().await.unwrap();
    let ids = tx.write(writes).await.unwrap();
    tx.commit().await.unwrap();
    ids
}

/// The ids of the company's events, the oldest first.
async fn events(store: &TestDb, company: CompanyId) -> Vec<(i64, ClientId)> {
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(company);
    let mut events = tenant
        .events(Viewer::Everything, None, 0, 99)
        .await
        .unwrap();
    events.reverse();
    events.iter().map(|e| (e.id.get(), e.client_id)).collect()
}

/// What was written for two companies, and what came of it.
struct Written {
    north: CompanyId,
    south: CompanyId,
    amal: UserId,
    /// A client that was there before.
    there: ClientId,
    load: LoadChange,
    ids: WrittenIds,
}

impl Written {
    /// Three clients, not sorted by company, as requests come; two events of a client that was there; a load.
    async fn at_once(store: &TestDb) -> Self {
        let north = given::company(store, "north").await;
        let south = given::company(store, "south").await;
        let amal = given::employee(store, north, "amal").await;
        let there = given::client(store, given::new_client(north, "there")).await;
        let numbers = ["1", "2", "3"].map(given::new_phone);
        let keys = ["0501", "0502"].map(|number| PhoneKey::of(number, None).unwrap());
        let clients = [
            NewClient {
                phones: &numbers[..2],
                phone_keys: keys.iter().collect(),
                event: Some(arrival()),
                ..given::new_client(south, "of south")
            },
            NewClient {
                phones: &numbers[2..],
                assigned_to: Some(amal),
                ..given::new_client(north, "of north")
            },
            NewClient {
                event: Some(arrival()),
                ..given::new_client(south, "of south, too")
            },
        ];
        let line = given::new_event(north, there, None);
        let load = LoadChange {
            company: north,
            user: amal,
            clients: ClientCounts::new([0, 0, 0, 0, 1]),
            received: Some(Received { at: NOW, order: 4 }),
        };
        let writes = Writes {
            clients: &clients,
            events: &[line.clone(), line],
            loads: &[load],
        };
        Self {
            north,
            south,
            amal,
            there,
            load,
            ids: record(store, &writes).await,
        }
    }

    fn clients(&self) -> Vec<ClientId> {
        self.ids.clients.iter().map(|(id, _)| *id).collect()
    }
}

async fn all_is_written_at_once_with_rising_ids(store: &TestDb) {
    let written = Written::at_once(store).await;

    let ids = written.clients();
    let phones: Vec<_> = written.ids.clients.iter().flat_map(|(_, p)| p).collect();
    let first = written.there.get() + 1;
    assert_eq!(ids, [first, first + 1, first + 2].map(ClientId::new));
    let of_each: Vec<_> = written.ids.clients.iter().map(|(_, p)| p.len()).collect();
    assert_eq!(of_each, [2, 1, 0]);
    assert!(phones.is_sorted_by(|earlier, later| earlier < later));

    // The events of new clients come first, in the order of the clients.
    let of_south = events(store, written.south).await;
    let clients_of_south: Vec<_> = of_south.iter().map(|(_, client)| *client).collect();
    assert_eq!(clients_of_south, [ids[0], ids[2]]);
    let of_north = events(store, written.north).await;
    let events = written.ids.events.iter();
    let events: Vec<_> = events.map(|id| (id.get(), written.there)).collect();
    assert_eq!(of_north, events);
    assert!(of_south[1].0 < of_north[0].0 && of_north[0].0 < of_north[1].0);
}

async fn what_was_written_at_once_is_read_back(store: &TestDb) {
    let written = Written::at_once(store).await;

    let ids = written.clients();
    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(written.south);
    let stored = tenant.phones_of(&ids).await.unwrap();
    let stored: Vec<_> = stored
        .iter()
        .map(|phone| (phone.client_id, phone.phone_number.as_str()))
        .collect();
    assert_eq!(stored, [(ids[0], "1"), (ids[0], "2")]);
    let mut kept = tenant.phone_keys_of(ids[0]).await.unwrap();
    kept.sort();
    assert_eq!(kept, ["0501", "0502"]);
    let mut tenant = tx.tenant_tx(written.north);
    let stored = tenant.phones_of(&ids).await.unwrap();
    assert_eq!((stored.len(), stored[0].client_id), (1, ids[1]));
    let client = tenant.client(ids[1], Viewer::Everything).await.unwrap();
    let client = client.unwrap();
    assert_eq!(client.name, "of north");
    assert_eq!(
        (client.assigned_to, client.assigned_at),
        (Some(written.amal), Some(NOW))
    );
    let roster = tenant.roster().await.unwrap();
    assert_eq!(roster[0].load.clients, written.load.clients);
    assert_eq!(roster[0].load.last_received, written.load.received);
}

async fn ids_go_on_from_one_record_to_the_next(store: &TestDb) {
    let north = given::company(store, "north").await;
    let numbers = ["1", "2"].map(given::new_phone);
    let new = NewClient {
        phones: &numbers,
        event: Some(arrival()),
        ..given::new_client(north, "Sara")
    };
    let clients = [new.clone(), new];
    let two = Writes {
        clients: &clients,
        ..Writes::default()
    };

    let first = record(store, &two).await.clients;
    let second = record(store, &two).await.clients;

    let all: Vec<_> = first.iter().chain(&second).collect();
    assert!(all.is_sorted_by(|(one, _), (next, _)| one < next));
    let phones: Vec<_> = all.iter().flat_map(|(_, phones)| phones).collect();
    assert_eq!(phones.len(), 8);
    assert!(phones.is_sorted_by(|one, next| one < next));
    let events = events(store, north).await;
    let clients: Vec<_> = events.iter().map(|(_, client)| client).collect();
    let expected: Vec<_> = all.iter().map(|(client, _)| client).collect();
    assert_eq!(clients, expected);
}

async fn nothing_to_write_writes_nothing(store: &TestDb) {
    let north = given::company(store, "north").await;
    let before = given::client(store, given::new_client(north, "Sara")).await;

    let recorded = record(store, &Writes::default()).await;

    assert_eq!(recorded, WrittenIds::default());
    assert!(events(store, north).await.is_empty());
    let next = given::client(store, given::new_client(north, "Omar")).await;
    assert_eq!(next.get(), before.get() + 1, "no id was taken");
}

async fn a_number_that_stands_twice_is_kept_once(store: &TestDb) {
    let north = given::company(store, "north").await;
    let number = PhoneKey::of("0501", None).unwrap();
    let new = NewClient {
        phone_keys: vec![&number, &number],
        ..given::new_client(north, "Sara")
    };

    let client = given::client(store, new).await;

    let mut tx = store.begin().await.unwrap();
    let kept = tx.tenant_tx(north).phone_keys_of(client).await.unwrap();
    assert_eq!(kept, ["0501"]);
}

async fn what_is_refused_in_one_part_is_not_written_in_another(store: &TestDb) {
    let north = given::company(store, "north").await;
    let clients = [given::new_client(north, "Sara")];
    let of_nobody = [given::new_event(north, ClientId::new(99), None)];
    let writes = Writes {
        clients: &clients,
        events: &of_nobody,
        ..Writes::default()
    };

    let mut tx: Tx = store.begin().await.unwrap();
    let refused = tx.write(&writes).await;
    drop(tx);

    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    let mut reader = store.read().await.unwrap();
    let clients = reader.tenant(north).unassigned_clients().await.unwrap();
    assert!(clients.is_empty());
}
