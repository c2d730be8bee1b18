//! Transactions: what they show, undo, and keep from each other.

use crate::database::TestDb;
use crate::given::{self, NOW};
use sqlx::{Connection, PgConnection};
use std::time::Duration;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::load::ClientCounts;
use tawzi_store::{Channel, Company, Db, Durability, EngineKind, Error, LoadChange, NewJob, Tx};

on_both_engines! {
    a_transaction_that_is_not_committed_is_undone,
    a_reader_sees_what_was_committed_before_each_statement,
    a_snapshot_sees_one_state_and_keeps_nobody_from_writing,
    what_was_committed_is_there_when_the_database_is_opened_again,
    who_waited_for_a_company_reads_the_roster_as_it_became,
    who_waited_for_companies_reads_their_settings_as_they_became,
    companies_locked_in_any_order_do_not_wait_for_each_other_for_ever,
    companies_are_locked_each_for_itself,
    two_workers_claim_two_jobs,
    companies_that_are_locked_are_passed_over_without_waiting,
    a_database_is_closed_once_its_transactions_have_ended,
    creates_and_locks_of_one_company_take_turns,
}

async fn a_transaction_that_is_not_committed_is_undone(store: &TestDb) {
    let mut tx = store.begin().await.unwrap();
    let undone = tx.create_company(given::new_company("north")).await;
    drop(tx);

    let south = given::company(store, "south").await;

    let mut reader = store.read().await.unwrap();
    assert!(undone.is_ok());
    let companies = reader.companies().await.unwrap();
    assert_eq!(companies.iter().map(|c| c.id).collect::<Vec<_>>(), [south]);
}

async fn a_reader_sees_what_was_committed_before_each_statement(store: &TestDb) {
    let mut reader = store.read().await.unwrap();
    let before = reader.count_companies().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.create_company(given::new_company("north"))
        .await
        .unwrap();

    let within = tx.count_companies().await.unwrap();
    let meanwhile = reader.count_companies().await.unwrap();
    tx.commit().await.unwrap();
    let after = reader.count_companies().await.unwrap();

    assert_eq!((before, within, meanwhile, after), (0, 1, 0, 1));
}

async fn a_snapshot_sees_one_state_and_keeps_nobody_from_writing(store: &TestDb) {
    given::company(store, "north").await;
    let mut snapshot = store.snapshot().await.unwrap();
    let before = snapshot.count_companies().await.unwrap();

    given::company(store, "south").await;
    let meanwhile = snapshot.count_companies().await.unwrap();
    drop(snapshot);
    let mut snapshot = store.snapshot().await.unwrap();
    let after = snapshot.count_companies().await.unwrap();

    assert_eq!((before, meanwhile, after), (1, 1, 2));
}

async fn a_database_is_closed_once_its_transactions_have_ended(store: &TestDb) {
    let open = store.begin().await.unwrap();

    let closed = async {
        tokio::join!(store.close(), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            open.commit().await.unwrap();
        });
    };
    let closed = tokio::time::timeout(Duration::from_secs(10), closed).await;

    assert!(closed.is_ok(), "closing waits for what is open only");
    assert!(store.begin().await.is_err());
}

async fn creates_and_locks_of_one_company_take_turns(store: &TestDb) {
    let north = given::company(store, "north").await;
    let creates = async || {
        for _ in 0..50 {
            let mut tx = store.begin().await.unwrap();
            tx.lock_companies(&[north]).await.unwrap();
            let new = [given::new_client(north, "ليلى")];
            given::insert_clients(&mut tx, &new).await.unwrap();
            tx.commit().await.unwrap();
        }
    };
    let locks = async || {
        for _ in 0..10 {
            let mut tx = store.begin().await.unwrap();
            tx.lock_company(north).await.unwrap();
            tx.commit().await.unwrap();
        }
    };

    let all = async { tokio::join!(creates(), creates(), locks()) };
    let all = tokio::time::timeout(Duration::from_secs(20), all).await;

    assert!(all.is_ok(), "nobody waits for ever");
    let mut reader = store.read().await.unwrap();
    let clients = reader.tenant(north).unassigned_clients().await.unwrap();
    assert_eq!(clients.len(), 100);
}

async fn what_was_committed_is_there_when_the_database_is_opened_again(store: &TestDb) {
    let north = given::company(store, "north").await;
    store.close().await;

    let again = Db::open(store.url(), Durability::Full).await.unwrap();

    let mut tx = again.begin().await.unwrap();
    let next = tx.create_company(given::new_company("south")).await;
    assert!(next.unwrap() > north);
    tx.commit().await.unwrap();
    let mut reader = again.read().await.unwrap();
    assert_eq!(reader.count_companies().await.unwrap(), 2);
}

async fn who_waited_for_a_company_reads_the_roster_as_it_became(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let mut first = store.begin().await.unwrap();
    first.lock_company(north).await.unwrap();

    let gives = async {
        somebody_waits_for_a_lock(store).await;
        count_one_client(&mut first, north, amal).await.unwrap();
        first.commit().await.unwrap();
    };
    let ((), by_one) = tokio::join!(gives, load_under_lock(store, north, &[]));
    let together = [north];
    let mut second = store.begin().await.unwrap();
    second.lock_companies(&together).await.unwrap();
    let gives = async {
        somebody_waits_for_a_lock(store).await;
        count_one_client(&mut second, north, amal).await.unwrap();
        second.commit().await.unwrap();
    };
    let ((), by_many) = tokio::join!(gives, load_under_lock(store, north, &together));

    assert_eq!((by_one, by_many), (1, 2));
}

async fn who_waited_for_companies_reads_their_settings_as_they_became(store: &TestDb) {
    let north = given::company(store, "north").await;
    let mut first = store.begin().await.unwrap();
    let before = first.lock_company(north).await.unwrap().unwrap();

    let changes = async {
        somebody_waits_for_a_lock(store).await;
        let mut changed = before.clone();
        changed.auto_assign_enabled = !before.auto_assign_enabled;
        first.save_company(&changed).await.unwrap();
        first.commit().await.unwrap();
    };
    let waits = async {
        let mut second = store.begin().await.unwrap();
        second.lock_companies(&[north]).await.unwrap()
    };
    let ((), locked) = tokio::join!(changes, waits);

    assert_eq!(locked[0].auto_assign_enabled, !before.auto_assign_enabled);
}

/// The load of the company's only employee, read under the company's lock, which is taken alone or
/// together with others.
async fn load_under_lock(store: &TestDb, company: CompanyId, together: &[CompanyId]) -> i64 {
    let mut tx = store.begin().await.unwrap();
    let locked = if together.is_empty() {
        tx.lock_company(company).await.unwrap().is_some()
    } else {
        tx.lock_companies(together).await.unwrap().len() == together.len()
    };
    assert!(locked);
    let roster = tx.tenant_tx(company).roster().await.unwrap();
    roster[0].load.clients.total()
}

async fn count_one_client(tx: &mut Tx, company: CompanyId, user: UserId) -> Result<(), Error> {
    let one = LoadChange {
        company,
        user,
        clients: ClientCounts::new([0, 0, 0, 0, 1]),
        received: None,
    };
    given::change_loads(tx, &[one]).await.map(drop)
}

/// Comes back once a transaction waits for another. On `SQLite` they wait in this process, at
/// their beginning, and there is nothing to be seen.
pub(crate) async fn somebody_waits_for_a_lock(store: &TestDb) {
    if store.url().engine() == EngineKind::Sqlite {
        return;
    }
    let mut observer = PgConnection::connect(&store.address()).await.unwrap();
    loop {
        let (waiting,): (i64,) = sqlx::query_as(
            "SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_one(&mut observer)
        .await
        .unwrap();
        if waiting > 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn companies_locked_in_any_order_do_not_wait_for_each_other_for_ever(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let lock = async |ids: [CompanyId; 2]| {
        for _ in 0..30 {
            let mut tx = store.begin().await.unwrap();
            let locked = tx.lock_companies(&ids).await.unwrap();
            assert_eq!(locked.len(), 2);
            tx.commit().await.unwrap();
        }
    };

    tokio::join!(lock([north, south]), lock([south, north]));
}

async fn companies_are_locked_each_for_itself(store: &TestDb) {
    if store.url().engine() == EngineKind::Sqlite {
        // There is one writer.
        return;
    }
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;

    let mut first = store.begin().await.unwrap();
    first.lock_company(north).await.unwrap();
    let mut second = store.begin().await.unwrap();
    let of_south = second.lock_company(south).await.unwrap();
    // What refers to a locked company can still be written.
    let channel = Channel::new("phone", "phone", NOW);
    let written = second.tenant_tx(north).create_channel(channel).await;

    assert!(of_south.is_some());
    assert!(written.is_ok());
}

async fn companies_that_are_locked_are_passed_over_without_waiting(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let all = [south, CompanyId::new(99), north];
    let ids = |companies: Vec<Company>| companies.iter().map(|c| c.id).collect::<Vec<_>>();

    let mut first = store.begin().await.unwrap();
    let both = first.lock_free_companies(&all).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(ids(both), [north, south]);
    if store.url().engine() == EngineKind::Sqlite {
        // There is one writer.
        return;
    }

    let mut first = store.begin().await.unwrap();
    first.lock_company(north).await.unwrap();
    let mut second = store.begin().await.unwrap();
    let free = second.lock_free_companies(&all);
    let free = tokio::time::timeout(Duration::from_secs(10), free).await;
    let mut third = store.begin().await.unwrap();
    let none = third.lock_free_companies(&all);
    let none = tokio::time::timeout(Duration::from_secs(10), none).await;
    first.commit().await.unwrap();
    let left = third.lock_free_companies(&all).await.unwrap();

    assert_eq!(ids(free.unwrap().unwrap()), [south]);
    assert!(none.unwrap().unwrap().is_empty());
    assert_eq!(ids(left), [north]);
}

async fn two_workers_claim_two_jobs(store: &TestDb) {
    let mut tx = store.begin().await.unwrap();
    for unique_key in ["first", "second"] {
        let job = NewJob {
            kind: "sweep",
            payload: "{}",
            unique_key,
            run_at: NOW,
            created_at: NOW,
        };
        tx.enqueue(job).await.unwrap();
    }
    tx.commit().await.unwrap();
    let claim = async || {
        let mut tx = store.begin().await.unwrap();
        let claim = tx.claim_job("worker", 3_600_000_000).await.unwrap();
        tx.commit().await.unwrap();
        claim.unwrap().id
    };

    let (one, other) = tokio::join!(claim(), claim());

    assert_ne!(one, other);
}
