//! Searching clients: what the index finds is what reading every client finds.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::found::{found_by, sought};
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::status::StatusCategory;
use tawzi_store::{Client, ClientFilter, NewClient, RowCount, Viewer};

on_both_engines! {
    every_part_of_a_name_and_a_number_is_found,
    a_word_that_is_also_a_status_finds_both,
    an_edited_client_is_found_by_its_new_name_only,
    a_deleted_client_is_not_found,
    the_clients_of_another_company_are_not_found,
    frequent_words_are_found_as_well,
    marks_and_operators_in_a_word_are_letters_like_others,
}

pub(crate) fn words(words: &[&str]) -> ClientFilter {
    ClientFilter {
        words: words.iter().map(|&word| word.to_owned()).collect(),
        ..ClientFilter::default()
    }
}

/// The names of the clients that are found, the oldest first.
pub(crate) async fn found(store: &TestDb, company: CompanyId, searched: &[&str]) -> Vec<String> {
    let filter = words(searched);
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(company);
    let selection = tenant
        .select_clients(Viewer::Everything, filter, NOW)
        .await
        .unwrap();
    let clients = tenant.clients(&selection, &[], 0, 100).await.unwrap();
    let count = tenant.count_clients(&selection).await.unwrap();
    let rows = i64::try_from(clients.len()).unwrap();
    assert!(matches!(count, RowCount::Exactly(count) if count == rows));
    clients
        .into_iter()
        .rev()
        .map(|client| client.name)
        .collect()
}

async fn rename(store: &TestDb, company: CompanyId, id: ClientId, name: &str, number: &str) {
    let edited = Client {
        name: name.to_owned(),
        phone_number: Some(number.to_owned()),
        ..given::edited(store, company, id).await
    };
    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(company);
    tenant.save_client(&edited).await.unwrap();
    tenant.fold_clients(&[id]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn every_part_of_a_name_and_a_number_is_found(store: &TestDb) {
    let north = given::company(store, "north").await;
    let names = [
        "Sara Haddad",
        "سارة الحداد",
        "Élodie Ça",
        "李小龙 long",
        "x",
    ];
    let numbers = ["+963944000111", "0501234567", "٠٥٠١٢٣", "12", "963 94"];
    let new: Vec<_> = names
        .iter()
        .zip(numbers)
        .map(|(name, number)| NewClient {
            phone_number: Some(number),
            ..given::new_client(north, name)
        })
        .collect();
    given::clients(store, &new).await;

    for text in names.iter().chain(&numbers) {
        let letters: Vec<_> = text.chars().collect();
        for length in 1..=letters.len() {
            for part in letters.windows(length) {
                let part: String = part.iter().collect();
                let Some(word) = sought(std::slice::from_ref(&part), None).pop() else {
                    continue;
                };
                let others = ["medium", "fresh"]
                    .iter()
                    .any(|kind| kind.contains(&word.folded));
                let expected: Vec<_> = names
                    .iter()
                    .zip(numbers)
                    .filter(|(name, number)| {
                        let text = found_by(name, [*number]);
                        others
                            || word
                                .spellings
                                .iter()
                                .any(|spelling| text.contains(spelling))
                    })
                    .map(|(name, _)| *name)
                    .collect();
                let part = part.as_str();
                assert_eq!(found(store, north, &[part]).await, expected, "{part:?}");
            }
        }
    }
    assert_eq!(found(store, north, &["had", "944"]).await, [names[0]]);
    assert_eq!(found(store, north, &["HADDAD", "sar"]).await, [names[0]]);
    assert!(found(store, north, &["haddad", "0501"]).await.is_empty());
    assert!(found(store, north, &["dad+96"]).await.is_empty());
    assert!(found(store, north, &["dad\n+96"]).await.is_empty());
}

async fn a_word_that_is_also_a_status_finds_both(store: &TestDb) {
    let north = given::company(store, "north").await;
    let status = given::status(store, north, "Newcomer", StatusCategory::Active).await;
    let with_status = NewClient {
        status: Some(status),
        ..given::new_client(north, "a")
    };
    let named = given::new_client(north, "Newman");
    let other = given::new_client(north, "Fresher");
    given::clients(store, &[with_status, named, other]).await;

    assert_eq!(found(store, north, &["new"]).await, ["a", "Newman"]);
    assert_eq!(found(store, north, &["new", "man"]).await, ["Newman"]);
    assert_eq!(
        found(store, north, &["fresh", "new"]).await,
        ["a", "Newman"]
    );
    assert_eq!(found(store, north, &["fresher"]).await, ["Fresher"]);
}

async fn an_edited_client_is_found_by_its_new_name_only(store: &TestDb) {
    let north = given::company(store, "north").await;
    let id = given::client(store, given::new_client(north, "Sara Haddad")).await;

    rename(store, north, id, "Rana Khoury", "0944").await;

    assert!(found(store, north, &["haddad"]).await.is_empty());
    assert_eq!(
        found(store, north, &["khoury", "094"]).await,
        ["Rana Khoury"]
    );
    rename(store, north, id, "Rana Khoury", "0955").await;
    assert!(found(store, north, &["0944"]).await.is_empty());
    assert_eq!(found(store, north, &["0955"]).await, ["Rana Khoury"]);
}

async fn a_deleted_client_is_not_found(store: &TestDb) {
    let north = given::company(store, "north").await;
    let id = given::client(store, given::new_client(north, "Sara")).await;

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).delete_client(id).await.unwrap();
    tx.commit().await.unwrap();

    assert!(found(store, north, &["sara"]).await.is_empty());
}

async fn the_clients_of_another_company_are_not_found(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let new = [
        given::new_client(south, "Sara of south"),
        given::new_client(north, "Sara of north"),
        given::new_client(south, "Sara of south"),
    ];
    given::clients(store, &new).await;

    assert_eq!(found(store, north, &["sara"]).await, ["Sara of north"]);
    assert!(found(store, north, &["south"]).await.is_empty());
}

async fn frequent_words_are_found_as_well(store: &TestDb) {
    let north = given::company(store, "north").await;
    let names: Vec<_> = (0..2_100).map(|n| format!("client {n}")).collect();
    let new: Vec<_> = names
        .iter()
        .map(|name| given::new_client(north, name))
        .collect();
    given::clients(store, &new).await;
    let filter = words(&["client"]);
    let of_nobody = ClientFilter {
        assignees: vec![None],
        ..words(&["client"])
    };

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    for filter in [filter, of_nobody] {
        let selection = tenant
            .select_clients(Viewer::Everything, filter, NOW)
            .await
            .unwrap();
        let page = tenant.clients(&selection, &[], 2_000, 500).await.unwrap();
        let count = tenant.count_clients(&selection).await.unwrap();
        assert_eq!((page.len(), count), (100, RowCount::Exactly(2_100)));
    }
    drop(reader);
    assert_eq!(
        found(store, north, &["client", "2099"]).await,
        ["client 2099"]
    );
}

async fn marks_and_operators_in_a_word_are_letters_like_others(store: &TestDb) {
    let north = given::company(store, "north").await;
    let names = [
        "say \"yes\" AND",
        "100% sure",
        "under_score",
        "back\\slash",
        "a*b*c",
        "(NOT) near",
        "text:colon",
        "'; DROP",
        "-minus",
        "^caret",
    ];
    let new: Vec<_> = names
        .iter()
        .map(|name| given::new_client(north, name))
        .collect();
    given::clients(store, &new).await;

    for (word, name) in [
        ("\"yes\"", names[0]),
        ("\" and", names[0]),
        ("00%", names[1]),
        ("r_s", names[2]),
        ("k\\s", names[3]),
        ("a*b", names[4]),
        ("(not)", names[5]),
        ("t:c", names[6]),
        ("'; drop", names[7]),
        ("-min", names[8]),
        ("^car", names[9]),
    ] {
        assert_eq!(found(store, north, &[word]).await, [name], "{word}");
    }
    for word in ["yes*", "und%", "rXs", "NOT near"] {
        assert!(found(store, north, &[word]).await.is_empty(), "{word}");
    }
}
