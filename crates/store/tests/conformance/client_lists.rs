//! Lists of clients: filtered, searched, ordered, a page at a time.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{Channel, ClientFilter, ClientOrder, NewClient, RowCount, SortKey, Viewer};

on_both_engines! {
    without_an_order_the_newest_come_first,
    a_page_is_a_part_of_the_whole_list,
    clients_are_ordered_by_each_key_in_both_directions,
    names_are_ordered_by_code_point,
    a_viewer_lists_only_their_own_clients,
    a_word_is_searched_in_every_column,
    all_words_must_occur_each_anywhere,
    a_search_ignores_the_case_of_ascii_letters,
    letters_beyond_ascii_are_found_as_they_are_written,
    arabic_text_is_found,
    wildcards_in_a_word_stand_for_themselves,
    a_search_stays_within_what_the_viewer_sees,
    every_condition_holds_back_what_does_not_meet_it,
    clients_are_counted_by_status,
}

fn words(words: &[&str]) -> ClientFilter {
    ClientFilter {
        words: words.iter().map(|&word| word.to_owned()).collect(),
        ..ClientFilter::default()
    }
}

fn exactly(rows: usize) -> RowCount {
    RowCount::Exactly(i64::try_from(rows).unwrap())
}

/// The names of the first page, and how many clients there are in all.
async fn names(
    store: &TestDb,
    company: CompanyId,
    filter: &ClientFilter,
    order: &[ClientOrder],
) -> Vec<String> {
    names_seen_by(store, company, (Viewer::Everything, filter, NOW), order).await
}

async fn names_seen_by(
    store: &TestDb,
    company: CompanyId,
    (viewer, filter, now): (Viewer, &ClientFilter, Timestamp),
    order: &[ClientOrder],
) -> Vec<String> {
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(company);
    let selection = tenant.select_clients(viewer, filter.clone(), now).await;
    let selection = selection.unwrap();
    let clients = tenant.clients(&selection, order, 0, 100).await.unwrap();
    let count = tenant.count_clients(&selection).await.unwrap();
    assert_eq!(count, exactly(clients.len()));
    clients.into_iter().map(|client| client.name).collect()
}

async fn found(store: &TestDb, company: CompanyId, searched: &[&str]) -> Vec<String> {
    let by_name = ClientOrder {
        key: SortKey::Name,
        descending: false,
    };
    names(store, company, &words(searched), &[by_name]).await
}

async fn create_named(store: &TestDb, company: CompanyId, names: &[&str]) {
    for name in names {
        given::client(store, given::new_client(company, name)).await;
    }
}

async fn without_an_order_the_newest_come_first(store: &TestDb) {
    let north = given::company(store, "north").await;
    let at = |name, seconds| NewClient {
        at: NOW.plus_seconds(seconds),
        ..given::new_client(north, name)
    };
    let new = [at("b", 1), at("a", 0), at("c", 1)];
    given::clients(store, &new).await;

    let listed = names(store, north, &ClientFilter::default(), &[]).await;

    assert_eq!(listed, ["c", "b", "a"]);
}

async fn a_page_is_a_part_of_the_whole_list(store: &TestDb) {
    let north = given::company(store, "north").await;
    create_named(store, north, &["a", "b", "c", "d", "e"]).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let all = tenant
        .select_clients(Viewer::Everything, ClientFilter::default(), NOW)
        .await
        .unwrap();
    let page = tenant.clients(&all, &[], 1, 2).await.unwrap();
    let behind_the_end = tenant.clients(&all, &[], 5, 2).await.unwrap();

    let names: Vec<_> = page.iter().map(|client| client.name.as_str()).collect();
    assert_eq!(names, ["d", "c"]);
    assert!(behind_the_end.is_empty());
    assert_eq!(tenant.count_clients(&all).await.unwrap(), exactly(5));
}

async fn clients_are_ordered_by_each_key_in_both_directions(store: &TestDb) {
    let north = given::company(store, "north").await;
    let of = |name, priority, seconds| NewClient {
        priority,
        at: NOW.plus_seconds(seconds),
        ..given::new_client(north, name)
    };
    let new = [
        of("b", Priority::Low, 2),
        of("a", Priority::Medium, 1),
        of("c", Priority::High, 0),
        of("a", Priority::High, 3),
    ];
    let ids = given::clients(store, &new).await;
    let listed = async |order: &[(SortKey, bool)]| {
        let order: Vec<_> = order
            .iter()
            .map(|&(key, descending)| ClientOrder { key, descending })
            .collect();
        let mut reader = store.read().await.unwrap();
        let mut tenant = reader.tenant(north);
        let all = tenant
            .select_clients(Viewer::Everything, ClientFilter::default(), NOW)
            .await
            .unwrap();
        let clients = tenant.clients(&all, &order, 0, 9).await.unwrap();
        let places = clients
            .iter()
            .map(|client| ids.iter().position(|id| *id == client.id).unwrap());
        places.collect::<Vec<_>>()
    };

    assert_eq!(listed(&[(SortKey::CreatedAt, false)]).await, [2, 1, 0, 3]);
    assert_eq!(listed(&[(SortKey::CreatedAt, true)]).await, [3, 0, 1, 2]);
    assert_eq!(listed(&[(SortKey::Name, false)]).await, [1, 3, 0, 2]);
    assert_eq!(listed(&[(SortKey::Name, true)]).await, [2, 0, 1, 3]);
    assert_eq!(listed(&[(SortKey::Priority, false)]).await, [2, 3, 0, 1]);
    let by_both = [(SortKey::Priority, true), (SortKey::CreatedAt, true)];
    assert_eq!(listed(&by_both).await, [1, 0, 3, 2]);
}

async fn names_are_ordered_by_code_point(store: &TestDb) {
    let north = given::company(store, "north").await;
    create_named(store, north, &["é", "b", "ب", "a", "Z", "ا", "_", "1"]).await;

    let listed = found(store, north, &[]).await;

    assert_eq!(listed, ["1", "Z", "_", "a", "b", "é", "ا", "ب"]);
}

async fn a_viewer_lists_only_their_own_clients(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let badr = given::employee(store, north, "badr").await;
    let held = |name, assigned_to| NewClient {
        assigned_to,
        ..given::new_client(north, name)
    };
    let new = [
        held("a", Some(amal)),
        held("b", Some(badr)),
        held("c", None),
    ];
    given::clients(store, &new).await;
    let all = ClientFilter::default();
    let seen_by = async |viewer| names_seen_by(store, north, (viewer, &all, NOW), &[]).await;

    let by_amal = seen_by(Viewer::AssignedTo(amal)).await;
    let by_nobody = seen_by(Viewer::AssignedTo(UserId::new(99))).await;
    let by_all = seen_by(Viewer::Everything).await;

    assert_eq!(by_amal, ["a"]);
    assert!(by_nobody.is_empty());
    assert_eq!(by_all, ["c", "b", "a"]);
}

async fn a_word_is_searched_in_every_column(store: &TestDb) {
    let north = given::company(store, "north").await;
    let status = given::status(store, north, "Waiting", StatusCategory::Active).await;
    let mut tx = store.begin().await.unwrap();
    let new = Channel::new("Billboard", "outdoor", NOW);
    let channel = tx.tenant_tx(north).create_channel(new).await.unwrap().id;
    tx.commit().await.unwrap();
    let everything_else = given::new_client(north, "else");
    let sara = NewClient {
        name: "Sara",
        priority: Priority::High,
        client_type: ClientType::Cold,
        channel: Some(channel),
        status: Some(status),
        phone_number: Some("0509"),
        ..everything_else.clone()
    };
    given::clients(store, &[everything_else, sara]).await;

    for word in ["ara", "509", "igh", "col", "llbo", "aitin"] {
        assert_eq!(found(store, north, &[word]).await, ["Sara"], "{word}");
    }
    assert!(found(store, north, &["outdoor"]).await.is_empty());
}

async fn all_words_must_occur_each_anywhere(store: &TestDb) {
    let north = given::company(store, "north").await;
    create_named(store, north, &["Sara Ali", "Sara Omar", "Ali Omar"]).await;

    assert_eq!(found(store, north, &["ali", "sar"]).await, ["Sara Ali"]);
    let cold = found(store, north, &["omar", "fresh"]).await;
    assert_eq!(cold, ["Ali Omar", "Sara Omar"]);
    assert!(found(store, north, &["omar", "cold"]).await.is_empty());
}

async fn a_search_ignores_the_case_of_ascii_letters(store: &TestDb) {
    let north = given::company(store, "north").await;
    create_named(store, north, &["Sara"]).await;

    for word in ["sara", "SARA", "sArA"] {
        assert_eq!(found(store, north, &[word]).await, ["Sara"], "{word}");
    }
}

async fn letters_beyond_ascii_are_found_as_they_are_written(store: &TestDb) {
    let north = given::company(store, "north").await;
    let new = NewClient {
        phone_number: Some("ПОЗЖЕ"),
        ..given::new_client(north, "Éva İpek")
    };
    given::client(store, new).await;

    for word in ["Éva", "ÉVA", "İpek", "İPEK", "ПОЗЖЕ"] {
        assert_eq!(found(store, north, &[word]).await, ["Éva İpek"], "{word}");
    }
}

async fn arabic_text_is_found(store: &TestDb) {
    let north = given::company(store, "north").await;
    create_named(store, north, &["محمد العلي", "سارة"]).await;

    assert_eq!(found(store, north, &["العل"]).await, ["محمد العلي"]);
    assert_eq!(found(store, north, &["علي", "محمد"]).await, ["محمد العلي"]);
    assert!(found(store, north, &["خالد"]).await.is_empty());
}

async fn wildcards_in_a_word_stand_for_themselves(store: &TestDb) {
    let north = given::company(store, "north").await;
    let all = ["100%", "1000", "a_b", "axb", "c\\d", "c\\%", "'quoted'"];
    create_named(store, north, &all).await;

    assert_eq!(found(store, north, &["100%"]).await, ["100%"]);
    assert_eq!(found(store, north, &["a_b"]).await, ["a_b"]);
    assert_eq!(found(store, north, &["c\\d"]).await, ["c\\d"]);
    assert_eq!(found(store, north, &["\\"]).await, ["c\\%", "c\\d"]);
    assert_eq!(found(store, north, &["\\%"]).await, ["c\\%"]);
    assert_eq!(found(store, north, &["%"]).await, ["100%", "c\\%"]);
    assert_eq!(found(store, north, &["'quoted'"]).await, ["'quoted'"]);
}

async fn a_search_stays_within_what_the_viewer_sees(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let held = NewClient {
        assigned_to: Some(amal),
        ..given::new_client(north, "Sara")
    };
    given::clients(store, &[held, given::new_client(north, "Sarah")]).await;
    let seen = (Viewer::AssignedTo(amal), &words(&["sara"]), NOW);

    assert_eq!(names_seen_by(store, north, seen, &[]).await, ["Sara"]);
}

async fn every_condition_holds_back_what_does_not_meet_it(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let status = given::status(store, north, "New", StatusCategory::Active).await;
    let new = [
        NewClient {
            client_type: ClientType::Cold,
            status: Some(status),
            assigned_to: Some(amal),
            ..given::new_client(north, "a")
        },
        NewClient {
            priority: Priority::High,
            at: NOW.plus_seconds(60),
            ..given::new_client(north, "b")
        },
    ];
    given::clients(store, &new).await;
    let hours = |hours: i64| NOW.plus_seconds(hours * 3600);
    macro_rules! only {
        ($($field:ident: $value:expr $(, at $now:expr)? => $expected:expr;)+) => {$(
            let filter = ClientFilter {
                $field: $value,
                ..ClientFilter::default()
            };
            let expected: &[&str] = &$expected;
            let now = [NOW, $($now)?].into_iter().max().unwrap();
            let seen = (Viewer::Everything, &filter, now);
            let names = names_seen_by(store, north, seen, &[]).await;
            assert_eq!(names, expected, "{filter:?} at {now}");
        )+};
    }

    only! {
        types: vec!["cold".to_owned()] => ["a"];
        priorities: vec!["high".to_owned()] => ["b"];
        statuses: vec![status] => ["a"];
        assignees: vec![Some(amal)] => ["a"];
        assignees: vec![None] => ["b"];
        assignees: vec![None, Some(amal)] => ["b", "a"];
        created_after: Some(NOW) => ["b"];
        contacted_before: Some(hours(99)) => [];
        stale: Some(true), at hours(24) => [];
        stale: Some(true), at hours(25) => ["a"];
        stale: Some(false), at hours(25) => ["b"];
    }
}

async fn clients_are_counted_by_status(store: &TestDb) {
    let north = given::company(store, "north").await;
    let status = given::status(store, north, "New", StatusCategory::Active).await;
    let with_status = |name| NewClient {
        status: Some(status),
        ..given::new_client(north, name)
    };
    let new = [
        with_status("a"),
        with_status("b"),
        given::new_client(north, "c"),
    ];
    given::clients(store, &new).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let all = tenant
        .select_clients(Viewer::Everything, ClientFilter::default(), NOW)
        .await
        .unwrap();
    let counts = tenant.count_clients_by_status(&all).await.unwrap();
    let none = reader
        .tenant(CompanyId::new(99))
        .count_clients_by_status(&all)
        .await;

    let counts: Vec<_> = counts.iter().map(|c| (c.status_id, c.clients)).collect();
    assert_eq!(counts, [(Some(status.get()), 2), (None, 1)]);
    assert!(none.unwrap().is_empty());
}
