//! Clients that wait for somebody who can receive them.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::{ClientId, CompanyId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_store::{NewClient, Reassignment};

on_both_engines! {
    the_longest_waiting_come_first_and_no_more_than_asked_for,
    companies_in_which_somebody_waits_are_found_where_they_assign,
    whoever_is_received_or_taken_on_purpose_waits_no_more,
    whom_nobody_has_is_counted,
}

const fn at(seconds: i64) -> Timestamp {
    NOW.plus_seconds(seconds)
}

async fn waiting(store: &TestDb, company: CompanyId, since: i64) -> ClientId {
    let new = NewClient {
        waiting_since: Some(at(since)),
        ..given::new_client(company, "waiting")
    };
    given::client(store, new).await
}

async fn ids(store: &TestDb, company: CompanyId, limit: i64) -> Vec<ClientId> {
    let mut reader = store.read().await.unwrap();
    let clients = reader.tenant(company).waiting_clients(limit).await.unwrap();
    clients.iter().map(|client| client.id).collect()
}

async fn the_longest_waiting_come_first_and_no_more_than_asked_for(store: &TestDb) {
    let company = given::company(store, "north").await;
    let [late, early] = [
        waiting(store, company, 2).await,
        waiting(store, company, 1).await,
    ];
    given::client(store, given::new_client(company, "nobody's")).await;
    let elsewhere = given::company(store, "south").await;
    waiting(store, elsewhere, 0).await;

    assert_eq!(ids(store, company, 10).await, [early, late]);
    assert_eq!(ids(store, company, 1).await, [early]);
    let mut reader = store.read().await.unwrap();
    let count = reader.tenant(company).count_waiting_clients().await;
    assert_eq!(count.unwrap(), 2);
}

async fn companies_in_which_somebody_waits_are_found_where_they_assign(store: &TestDb) {
    let [north, south, west] = [
        given::company(store, "north").await,
        given::company(store, "south").await,
        given::company(store, "west").await,
    ];
    for company in [north, south, west] {
        let mut tx = store.begin().await.unwrap();
        let mut settings = tx.company(company).await.unwrap().unwrap();
        settings.auto_assign_enabled = company != south;
        tx.save_company(&settings).await.unwrap();
        tx.commit().await.unwrap();
    }
    waiting(store, north, 0).await;
    waiting(store, south, 0).await;

    let mut reader = store.read().await.unwrap();
    let all = reader.companies_with_waiting_clients(None).await.unwrap();
    let west = reader.companies_with_waiting_clients(Some(west)).await;
    let north_alone = reader.companies_with_waiting_clients(Some(north)).await;

    assert_eq!(all, [north]);
    assert_eq!(west.unwrap(), []);
    assert_eq!(north_alone.unwrap(), [north]);
}

async fn whoever_is_received_or_taken_on_purpose_waits_no_more(store: &TestDb) {
    let company = given::company(store, "north").await;
    let amal = given::employee(store, company, "amal").await;
    let client = waiting(store, company, 0).await;
    let hand_over = async |from: Option<UserId>, to, waiting_since| {
        let row = Reassignment {
            company,
            client,
            from,
            to,
            touched_at: None,
            waiting_since,
        };
        let mut tx = store.begin().await.unwrap();
        tx.reassign_clients(&[row], NOW).await.unwrap();
        tx.commit().await.unwrap();
        ids(store, company, 10).await
    };

    assert_eq!(hand_over(None, Some(amal), Some(at(9))).await, []);
    assert_eq!(hand_over(Some(amal), None, Some(at(9))).await, [client]);
    assert_eq!(hand_over(None, Some(amal), None).await, []);
    assert_eq!(hand_over(Some(amal), None, None).await, []);
}

async fn whom_nobody_has_is_counted(store: &TestDb) {
    let [north, south] = [
        given::company(store, "north").await,
        given::company(store, "south").await,
    ];
    let amal = given::employee(store, south, "amal").await;
    waiting(store, north, 0).await;
    waiting(store, north, 0).await;
    given::client(store, given::new_client(north, "nobody's")).await;
    given::held_client(store, south, amal, NOW).await;
    // A program of the version before has given it to somebody.
    let given_away = NewClient {
        waiting_since: Some(NOW),
        assigned_to: Some(amal),
        ..given::new_client(south, "given away")
    };
    given::client(store, given_away).await;
    assert_eq!(ids(store, south, 9).await, []);
    let mut reader = store.read().await.unwrap();
    let waiting = reader.tenant(south).count_waiting_clients().await;
    assert_eq!(waiting.unwrap(), 0);
    let found = reader.companies_with_waiting_clients(Some(south)).await;
    assert_eq!(found.unwrap(), []);
    drop(reader);

    let mut reader = store.read().await.unwrap();
    let counts = reader.unassigned_counts(None).await.unwrap();
    let south = reader.unassigned_counts(Some(south)).await.unwrap();
    let bounded = (reader.count_waiting(1).await, reader.count_waiting(9).await);

    let counts: Vec<_> = counts
        .iter()
        .map(|count| (count.company, count.unassigned, count.waiting))
        .collect();
    assert_eq!(counts, [(north, 3, 2)]);
    assert!(south.is_empty());
    assert_eq!((bounded.0.unwrap(), bounded.1.unwrap()), (1, 2));
}
