//! The numbers of clients in one form.

use crate::database::TestDb;
use crate::given;
use std::collections::HashMap;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::phone::PhoneKey;
use tawzi_store::NewClient;

on_both_engines! {
    the_oldest_client_with_a_number_has_it,
    a_number_is_kept_once_and_goes_with_its_client,
    numbers_are_gathered_from_clients_and_their_lists,
    numbers_of_many_clients_are_forgotten,
}

fn key(number: &str) -> PhoneKey {
    PhoneKey::of(number, None).unwrap()
}

async fn keep(store: &TestDb, keys: &[(CompanyId, &PhoneKey, ClientId)]) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_phone_keys(keys).await.unwrap();
    tx.commit().await.unwrap();
}

async fn clients_with(
    store: &TestDb,
    keys: &[(CompanyId, &PhoneKey)],
) -> HashMap<(CompanyId, PhoneKey), ClientId> {
    let mut tx = store.begin().await.unwrap();
    tx.clients_with_phones(keys).await.unwrap()
}

async fn the_oldest_client_with_a_number_has_it(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let first = given::client(store, given::new_client(north, "Sara")).await;
    let second = given::client(store, given::new_client(north, "Amal")).await;
    let other = given::client(store, given::new_client(south, "Badr")).await;
    let (shared, free) = (key("+966501234567"), key("+966507654321"));
    let kept = [
        (north, &shared, second),
        (north, &shared, first),
        (south, &shared, other),
    ];
    keep(store, &kept).await;

    let found = clients_with(store, &[(north, &shared), (south, &shared), (north, &free)]).await;

    let expected = [((north, shared.clone()), first), ((south, shared), other)];
    assert_eq!(found, HashMap::from(expected));
}

async fn a_number_is_kept_once_and_goes_with_its_client(store: &TestDb) {
    let north = given::company(store, "north").await;
    let client = given::client(store, given::new_client(north, "Sara")).await;
    let number = key("0501");
    keep(store, &[(north, &number, client), (north, &number, client)]).await;
    keep(store, &[(north, &number, client)]).await;

    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(north);
    assert_eq!(tenant.phone_keys_of(client).await.unwrap(), ["0501"]);
    tenant.delete_client(client).await.unwrap();
    assert!(tenant.phone_keys_of(client).await.unwrap().is_empty());
}

async fn numbers_are_gathered_from_clients_and_their_lists(store: &TestDb) {
    let north = given::company(store, "north").await;
    let phones = [given::new_phone("0502222222"), given::new_phone("unknown")];
    let new = NewClient {
        phone_number: Some("٠٥٠١١١١١١١"),
        phones: &phones,
        ..given::new_client(north, "Sara")
    };
    let client = given::client(store, new).await;
    let other = given::client(store, given::new_client(north, "Amal")).await;
    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(north);
    let nobody = ClientId::new(0);

    assert_eq!(tenant.client_ids_after(nobody, 1).await.unwrap(), [client]);
    assert_eq!(tenant.client_ids_after(client, 9).await.unwrap(), [other]);
    let own = tenant.own_numbers_of(&[client, other]).await.unwrap();
    assert_eq!(own, [(client, "٠٥٠١١١١١١١".to_owned())]);
    let listed = tenant.listed_numbers_of(&[client, other]).await.unwrap();
    let numbers: Vec<_> = listed.iter().map(|(_, number)| number.as_str()).collect();
    assert_eq!(numbers, ["0502222222", "unknown"]);
    assert_eq!(tenant.listed_numbers_of(&[other]).await.unwrap(), []);
    let changed = tenant.clients_changed_since(given::NOW).await.unwrap();
    assert_eq!(changed, [client, other]);
    let later = given::NOW.plus_seconds(1);
    assert_eq!(tenant.clients_changed_since(later).await.unwrap(), []);
}

async fn numbers_of_many_clients_are_forgotten(store: &TestDb) {
    let north = given::company(store, "north").await;
    let mut clients = Vec::new();
    for name in ["Sara", "Amal", "Rana"] {
        clients.push(given::client(store, given::new_client(north, name)).await);
    }
    let number = PhoneKey::of("0501", None).unwrap();
    let keys: Vec<_> = clients
        .iter()
        .map(|client| (north, &number, *client))
        .collect();
    let mut tx = store.begin().await.unwrap();
    tx.insert_phone_keys(&keys).await.unwrap();
    let mut tenant = tx.tenant_tx(north);

    tenant
        .delete_phone_keys_of_all(&clients[..2])
        .await
        .unwrap();

    for client in &clients[..2] {
        assert_eq!(tenant.phone_keys_of(*client).await.unwrap(), [""; 0]);
    }
    assert_eq!(tenant.phone_keys_of(clients[2]).await.unwrap(), ["0501"]);
}
