//! Which clients are stale, and which companies have any.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::stale::threshold;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{NewClient, NewCompany, Viewer};

on_both_engines! {
    stale_clients_are_counted_by_who_neglects_them,
    a_client_is_due_when_touched_strictly_before_the_threshold,
    a_contact_counts_when_it_is_later_than_the_assignment,
    a_client_that_nobody_holds_is_never_due,
    a_client_assigned_before_such_times_were_kept_is_never_due,
    the_longest_neglected_come_first_a_page_at_a_time,
    a_due_client_is_read_with_its_assignee_and_category,
    a_company_is_listed_once_a_client_is_strictly_older_than_its_own_hours,
    a_company_that_does_not_sweep_or_has_nothing_due_is_not_listed,
}

fn at(microseconds_before_now: i64) -> Timestamp {
    Timestamp::from_microseconds(NOW.microseconds() - microseconds_before_now)
}

async fn due(store: &TestDb, company: CompanyId, before: Timestamp) -> Vec<ClientId> {
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(company);
    let due = tenant.due_clients(before, None, 100).await.unwrap();
    let count = tenant.count_due_clients(before).await.unwrap();
    assert_eq!(count, i64::try_from(due.len()).unwrap());
    due.into_iter().map(|due| due.client).collect()
}

async fn touch(store: &TestDb, company: CompanyId, client: ClientId, at: Timestamp) {
    let mut tx = store.begin().await.unwrap();
    let client = (company, client, Viewer::Everything);
    let touched = tx.touch_clients(&[client], at).await.unwrap();
    assert_eq!(touched.len(), 1);
    tx.commit().await.unwrap();
}

async fn a_client_is_due_when_touched_strictly_before_the_threshold(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let older = given::held_client(store, north, amal, at(1)).await;
    given::held_client(store, north, amal, NOW).await;
    given::held_client(store, north, amal, at(-1)).await;

    assert_eq!(due(store, north, NOW).await, [older]);
}

async fn a_contact_counts_when_it_is_later_than_the_assignment(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let contacted_late = given::held_client(store, north, amal, at(5)).await;
    let contacted_early = given::held_client(store, north, amal, at(5)).await;
    let contacted_before_assigned = given::held_client(store, north, amal, at(2)).await;
    touch(store, north, contacted_late, at(0)).await;
    touch(store, north, contacted_early, at(1)).await;
    touch(store, north, contacted_before_assigned, at(9)).await;

    let due = due(store, north, NOW).await;

    assert_eq!(due, [contacted_before_assigned, contacted_early]);
}

async fn a_client_that_nobody_holds_is_never_due(store: &TestDb) {
    let north = given::company(store, "north").await;
    let client = NewClient {
        at: at(1),
        ..given::new_client(north, "Sara")
    };
    let client = given::client(store, client).await;
    touch(store, north, client, at(1)).await;

    assert!(due(store, north, NOW).await.is_empty());
}

async fn a_client_assigned_before_such_times_were_kept_is_never_due(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let client = given::held_client(store, north, amal, at(1)).await;
    store.run("UPDATE client SET assigned_at = NULL").await;

    assert!(due(store, north, NOW).await.is_empty());
    touch(store, north, client, at(1)).await;
    assert!(due(store, north, NOW).await.is_empty());
}

async fn the_longest_neglected_come_first_a_page_at_a_time(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let mut ids = Vec::new();
    for age in [3, 5, 3, 3, 4] {
        ids.push(given::held_client(store, north, amal, at(age)).await);
    }

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let mut pages = Vec::new();
    let mut after = None;
    loop {
        let page = tenant.due_clients(NOW, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.touched_at, last.client));
        pages.push(page.iter().map(|due| due.client).collect::<Vec<_>>());
    }

    let expected = [vec![ids[1], ids[4]], vec![ids[0], ids[2]], vec![ids[3]]];
    assert_eq!(pages, expected);
}

async fn a_due_client_is_read_with_its_assignee_and_category(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let status = given::status(store, north, "later", StatusCategory::FollowUp).await;
    let new = NewClient {
        assigned_to: Some(amal),
        status: Some(status),
        at: at(1),
        ..given::new_client(north, "Sara")
    };
    let id = given::client(store, new).await;
    given::held_client(store, north, amal, at(0)).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let found = tenant.due_clients(at(-1), None, 9).await.unwrap();

    assert_eq!(found.len(), 2);
    assert_eq!((found[0].client, found[0].from), (id, amal));
    assert_eq!(found[0].touched_at, at(1));
    assert_eq!(found[0].category, StatusCategory::FollowUp);
    assert_eq!(found[1].category, StatusCategory::None);
}

async fn a_company_is_listed_once_a_client_is_strictly_older_than_its_own_hours(store: &TestDb) {
    let mut tx = store.begin().await.unwrap();
    let day = tx.create_company(given::new_company("day")).await.unwrap();
    let year = NewCompany {
        re_assign_hours: ReAssignHours::parse(8760).unwrap(),
        ..given::new_company("year")
    };
    let year_hours = year.re_assign_hours;
    let year = tx.create_company(year).await.unwrap();
    tx.commit().await.unwrap();
    let of_day = given::employee(store, day, "amal").await;
    let of_year = given::employee(store, year, "badr").await;
    let of_a_day = threshold(NOW, ReAssignHours::DEFAULT);
    given::held_client(store, day, of_day, of_a_day).await;
    given::held_client(store, year, of_year, of_a_day).await;
    given::held_client(store, year, of_year, threshold(NOW, year_hours)).await;

    let mut reader = store.read().await.unwrap();
    let at_the_moment = reader.companies_with_due_clients(NOW, None).await.unwrap();
    let soon = at(-1);
    let after_it = reader.companies_with_due_clients(soon, None).await.unwrap();
    let only_year = reader.companies_with_due_clients(soon, Some(year)).await;
    let nowhere = Some(CompanyId::new(99));
    let only_nowhere = reader.companies_with_due_clients(soon, nowhere).await;

    assert!(at_the_moment.is_empty());
    assert_eq!(after_it, [day, year]);
    assert_eq!(only_year.unwrap(), [year]);
    assert!(only_nowhere.unwrap().is_empty());
}

async fn a_company_that_does_not_sweep_or_has_nothing_due_is_not_listed(store: &TestDb) {
    let off = given::company(store, "off").await;
    let idle = given::company(store, "idle").await;
    let unheld = given::company(store, "unheld").await;
    let long_ago = NOW.minus_hours(9000);
    let amal = given::employee(store, off, "amal").await;
    given::held_client(store, off, amal, long_ago).await;
    let badr = given::employee(store, idle, "badr").await;
    given::held_client(store, idle, badr, NOW).await;
    let client = NewClient {
        at: long_ago,
        ..given::new_client(unheld, "Sara")
    };
    given::client(store, client).await;
    let mut tx = store.begin().await.unwrap();
    let mut company = tx.company(off).await.unwrap().unwrap();
    company.re_assign_enabled = false;
    tx.save_company(&company).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let listed = reader.companies_with_due_clients(NOW, None).await.unwrap();
    let asked_for = reader.companies_with_due_clients(NOW, Some(off)).await;

    assert!(listed.is_empty());
    assert!(asked_for.unwrap().is_empty());
}

async fn stale_clients_are_counted_by_who_neglects_them(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;
    let oldest = given::held_client(store, north, amal, NOW).await;
    given::held_client(store, north, amal, NOW).await;
    given::held_client(store, north, badr, NOW.plus_seconds(10)).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let none = tenant.stale_by_assignee(NOW).await.unwrap();
    let some = tenant
        .stale_by_assignee(NOW.plus_seconds(10))
        .await
        .unwrap();
    let all = tenant
        .stale_by_assignee(NOW.plus_seconds(11))
        .await
        .unwrap();

    assert!(none.is_empty());
    assert_eq!(
        (some[0].assigned_to, some[0].id, some[0].stale),
        (amal, oldest, 2)
    );
    assert_eq!((some.len(), all.len()), (1, 2));
}
