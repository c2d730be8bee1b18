//! The counters of clients by status, type and priority, which the database keeps by itself.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::id::{CompanyId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_store::{ClientFilter, NewClient, RowCount, Viewer};

on_both_engines! {
    counters_follow_every_client_that_comes_changes_or_goes,
    a_deleted_status_leaves_its_clients_counted_without_one,
    counters_of_one_company_do_not_count_another,
    wrong_counters_are_found_and_set_right,
    counters_go_with_their_company,
    a_long_list_says_how_many_rows_it_has_at_least,
}

/// How many clients there are of that type and priority, and of that status.
async fn count(
    store: &TestDb,
    company: CompanyId,
    (client_type, priority): (&str, &str),
    status: Option<StatusId>,
) -> RowCount {
    let filter = ClientFilter {
        types: vec![client_type.to_owned()],
        priorities: vec![priority.to_owned()],
        statuses: status.into_iter().collect(),
        ..ClientFilter::default()
    };
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(company);
    assert_eq!(tenant.count_wrong_counters().await.unwrap(), 0);
    let selection = tenant
        .select_clients(Viewer::Everything, filter, NOW)
        .await
        .unwrap();
    let listed = tenant.clients(&selection, &[], 0, 100).await.unwrap();
    let count = tenant.count_clients(&selection).await.unwrap();
    assert_eq!(
        count,
        RowCount::Exactly(i64::try_from(listed.len()).unwrap())
    );
    count
}

async fn counters_follow_every_client_that_comes_changes_or_goes(store: &TestDb) {
    let north = given::company(store, "north").await;
    let status = given::status(store, north, "New", StatusCategory::Active).await;
    let new = NewClient {
        status: Some(status),
        client_type: ClientType::Fresh,
        priority: Priority::High,
        ..given::new_client(north, "a")
    };
    let same = new.clone();
    let ids = given::clients(store, &[new, same]).await;
    let (fresh, cold) = (("fresh", "high"), ("cold", "low"));
    assert_eq!(
        count(store, north, fresh, Some(status)).await,
        RowCount::Exactly(2)
    );

    let edited = given::edited(store, north, ids[0]).await;
    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).save_client(&edited).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(
        count(store, north, fresh, Some(status)).await,
        RowCount::Exactly(1)
    );
    assert_eq!(count(store, north, cold, None).await, RowCount::Exactly(1));
    let mut tx = store.begin().await.unwrap();
    for id in ids {
        tx.tenant_tx(north).delete_client(id).await.unwrap();
    }
    tx.commit().await.unwrap();
    for kind in [fresh, cold] {
        assert_eq!(count(store, north, kind, None).await, RowCount::Exactly(0));
    }
}

async fn a_deleted_status_leaves_its_clients_counted_without_one(store: &TestDb) {
    let north = given::company(store, "north").await;
    let status = given::status(store, north, "New", StatusCategory::Active).await;
    let with_status = NewClient {
        status: Some(status),
        ..given::new_client(north, "a")
    };
    given::clients(store, &[with_status, given::new_client(north, "b")]).await;

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).delete_status(status).await.unwrap();
    tx.commit().await.unwrap();

    let kind = ("fresh", "medium");
    assert_eq!(count(store, north, kind, None).await, RowCount::Exactly(2));
    assert_eq!(
        count(store, north, kind, Some(status)).await,
        RowCount::Exactly(0)
    );
}

async fn counters_of_one_company_do_not_count_another(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let new = ["a", "b", "c"].map(|name| given::new_client(south, name));
    given::clients(store, &new).await;

    let kind = ("fresh", "medium");
    assert_eq!(count(store, north, kind, None).await, RowCount::Exactly(0));
    assert_eq!(count(store, south, kind, None).await, RowCount::Exactly(3));
}

async fn wrong_counters_are_found_and_set_right(store: &TestDb) {
    let north = given::company(store, "north").await;
    given::client(store, given::new_client(north, "a")).await;
    store
        .run(
            "UPDATE client_count SET clients = 7;
             INSERT INTO client_count (company_id, status_id, client_type, priority, clients)
             SELECT id, 0, 'cold', 'low', 1 FROM company",
        )
        .await;

    let mut tx = store.begin().await.unwrap();
    let wrong = tx.tenant(north).count_wrong_counters().await.unwrap();
    tx.tenant_tx(north).recount_clients().await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(wrong, 2);
    let kind = ("fresh", "medium");
    assert_eq!(count(store, north, kind, None).await, RowCount::Exactly(1));
}

async fn counters_go_with_their_company(store: &TestDb) {
    let north = given::company(store, "north").await;
    given::client(store, given::new_client(north, "a")).await;

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).delete_company().await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let all = tenant
        .select_clients(Viewer::Everything, ClientFilter::default(), NOW)
        .await
        .unwrap();
    let counted = tenant.count_clients(&all).await.unwrap();
    assert_eq!(counted, RowCount::Exactly(0));
    assert_eq!(tenant.count_wrong_counters().await.unwrap(), 0);
}

async fn a_long_list_says_how_many_rows_it_has_at_least(store: &TestDb) {
    let north = given::company(store, "north").await;
    let new: Vec<_> = (0..10_001)
        .map(|_| given::new_client(north, "sara"))
        .collect();
    given::clients(store, &new).await;
    let unassigned = ClientFilter {
        assignees: vec![None],
        ..ClientFilter::default()
    };
    let named = ClientFilter {
        words: vec!["sara".to_owned()],
        ..ClientFilter::default()
    };

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let mut counts = Vec::new();
    for filter in [ClientFilter::default(), unassigned, named] {
        let selection = tenant
            .select_clients(Viewer::Everything, filter, NOW)
            .await
            .unwrap();
        let rows = tenant.clients(&selection, &[], 10_000, 9).await.unwrap();
        assert_eq!(rows.len(), 1);
        counts.push(tenant.count_clients(&selection).await.unwrap());
    }

    let at_least = RowCount::AtLeast(10_000);
    assert_eq!(counts, [RowCount::Exactly(10_001), at_least, at_least]);
}
