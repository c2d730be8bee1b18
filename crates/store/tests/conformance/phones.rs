//! Phone numbers of clients.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::client::PhoneType;
use tawzi_core::id::{ClientId, CompanyId, PhoneNumberId};
use tawzi_core::time::Timestamp;
use tawzi_store::{ClientPhone, Error, NewClient, NewPhone};

on_both_engines! {
    the_primary_number_comes_first_then_by_kind_and_age,
    numbers_come_by_client,
    a_number_that_is_kept_keeps_its_id,
    an_id_of_another_client_or_given_twice_is_not_kept,
    a_client_may_be_left_without_numbers,
    a_number_is_a_client_s_once,
}

async fn client_with(store: &TestDb, company: CompanyId, phones: &[NewPhone]) -> ClientId {
    let new = NewClient {
        phones,
        ..given::new_client(company, "Sara")
    };
    given::client(store, new).await
}

async fn phones_of(store: &TestDb, company: CompanyId, clients: &[ClientId]) -> Vec<ClientPhone> {
    let mut reader = store.read().await.unwrap();
    reader.tenant(company).phones_of(clients).await.unwrap()
}

async fn replace(
    store: &TestDb,
    company: CompanyId,
    client: ClientId,
    phones: &[NewPhone],
    at: Timestamp,
) -> Result<(), Error> {
    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(company);
    tenant.replace_phones(client, phones, at).await?;
    tx.commit().await
}

fn numbers(phones: &[ClientPhone]) -> Vec<&str> {
    phones.iter().map(|p| p.phone_number.as_str()).collect()
}

async fn the_primary_number_comes_first_then_by_kind_and_age(store: &TestDb) {
    let north = given::company(store, "north").await;
    let phone = |number: &str, phone_type, is_primary| NewPhone {
        phone_type,
        is_primary,
        ..given::new_phone(number)
    };
    let phones = [
        phone("1", PhoneType::Work, false),
        phone("2", PhoneType::Mobile, false),
        phone("3", PhoneType::Work, true),
        phone("4", PhoneType::Home, false),
        phone("5", PhoneType::Mobile, false),
    ];

    let client = client_with(store, north, &phones).await;

    let found = phones_of(store, north, &[client]).await;
    assert_eq!(numbers(&found), ["3", "4", "2", "5", "1"]);
}

async fn numbers_come_by_client(store: &TestDb) {
    let north = given::company(store, "north").await;
    let first = client_with(
        store,
        north,
        &[given::new_phone("1"), given::new_phone("2")],
    )
    .await;
    let second = client_with(store, north, &[given::new_phone("1")]).await;
    let third = client_with(store, north, &[given::new_phone("3")]).await;

    let found = phones_of(store, north, &[third, first, ClientId::new(99)]).await;
    let none = phones_of(store, north, &[]).await;

    let clients: Vec<_> = found.iter().map(|phone| phone.client_id).collect();
    assert_eq!(clients, [first, first, third]);
    assert_eq!(phones_of(store, north, &[second]).await.len(), 1);
    assert!(none.is_empty());
}

async fn a_number_that_is_kept_keeps_its_id(store: &TestDb) {
    let north = given::company(store, "north").await;
    let client = client_with(
        store,
        north,
        &[given::new_phone("1"), given::new_phone("2")],
    )
    .await;
    let other = client_with(store, north, &[given::new_phone("1")]).await;
    let before = phones_of(store, north, &[client]).await;
    let kept = NewPhone {
        id: Some(before[1].id),
        phone_number: "22".to_owned(),
        phone_type: PhoneType::Other,
        is_primary: true,
        notes: Some("الجديد".to_owned()),
    };
    let later = NOW.plus_seconds(60);

    let replacing = [given::new_phone("3"), kept];
    replace(store, north, client, &replacing, later)
        .await
        .unwrap();

    let after = phones_of(store, north, &[client]).await;
    assert_eq!(numbers(&after), ["22", "3"]);
    assert_eq!(after[0].id, before[1].id);
    assert_eq!(after[0].phone_type, "other");
    assert!(after[0].is_primary);
    assert_eq!(after[0].notes.as_deref(), Some("الجديد"));
    assert_eq!(after[0].updated_at, later);
    assert!(!before.iter().any(|phone| phone.id == after[1].id));
    assert_eq!(numbers(&phones_of(store, north, &[other]).await), ["1"]);
}

async fn an_id_of_another_client_or_given_twice_is_not_kept(store: &TestDb) {
    let north = given::company(store, "north").await;
    let client = client_with(store, north, &[given::new_phone("1")]).await;
    let other = client_with(store, north, &[given::new_phone("1")]).await;
    let own = phones_of(store, north, &[client]).await[0].id;
    let foreign = phones_of(store, north, &[other]).await[0].id;
    let with_id = |id, number: &str| NewPhone {
        id: Some(id),
        ..given::new_phone(number)
    };

    let replacing = [
        with_id(own, "1"),
        with_id(own, "2"),
        with_id(foreign, "3"),
        with_id(PhoneNumberId::new(99), "4"),
    ];
    replace(store, north, client, &replacing, NOW)
        .await
        .unwrap();

    let after = phones_of(store, north, &[client]).await;
    assert_eq!(numbers(&after), ["1", "2", "3", "4"]);
    assert_eq!(after[0].id, own);
    let fresh = after[1..].iter().all(|phone| {
        let taken = [own, foreign, PhoneNumberId::new(99)];
        !taken.contains(&phone.id)
    });
    assert!(fresh);
    assert_eq!(phones_of(store, north, &[other]).await[0].id, foreign);
}

async fn a_client_may_be_left_without_numbers(store: &TestDb) {
    let north = given::company(store, "north").await;
    let client = client_with(store, north, &[given::new_phone("1")]).await;

    replace(store, north, client, &[], NOW).await.unwrap();

    assert!(phones_of(store, north, &[client]).await.is_empty());
}

async fn a_number_is_a_client_s_once(store: &TestDb) {
    let north = given::company(store, "north").await;
    let client = client_with(store, north, &[given::new_phone("1")]).await;

    let twice = [given::new_phone("2"), given::new_phone("2")];
    let replaced = replace(store, north, client, &twice, NOW).await;

    assert!(matches!(replaced, Err(Error::Conflict(_))), "{replaced:?}");
    let kept = phones_of(store, north, &[client]).await;
    assert_eq!(numbers(&kept), ["1"], "what failed is undone");
}
