//! By what clients are found: names and phone numbers in whatever way they are written, words of any length.

use crate::client_search::found;
use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::phone::PhoneRegion;
use tawzi_store::{Client, NewClient, NewPhone, RowCount, Tx, Viewer};

on_both_engines! {
    a_name_is_found_in_whatever_way_it_is_written,
    a_client_is_found_by_every_number_in_every_spelling,
    a_number_that_is_replaced_finds_its_client_no_more,
    a_number_without_its_country_is_one_of_the_companys_country,
    rows_of_an_older_program_are_found_once_the_schema_is_ensured,
    an_edit_by_an_older_program_is_found_once_the_schema_is_ensured,
    short_words_are_found_among_many_and_counted,
    a_rare_word_is_found_beside_a_frequent_one,
}

fn phones(numbers: &[&str]) -> Vec<NewPhone> {
    numbers
        .iter()
        .map(|number| given::new_phone(number))
        .collect()
}

async fn set_region(store: &TestDb, company: CompanyId, letters: &str) {
    let mut tx = store.begin().await.unwrap();
    let mut settings = tx.lock_company(company).await.unwrap().unwrap();
    settings.phone_region = Some(PhoneRegion::parse(letters).unwrap());
    tx.save_company(&settings).await.unwrap();
    tx.commit().await.unwrap();
}

async fn in_transaction(store: &TestDb, write: impl AsyncFnOnce(&mut Tx)) {
    let mut tx = store.begin().await.unwrap();
    write(&mut tx).await;
    tx.commit().await.unwrap();
}

async fn a_name_is_found_in_whatever_way_it_is_written(store: &TestDb) {
    let north = given::company(store, "north").await;
    let names = [
        "أحمد",
        "مُحَمَّد",
        "محـــمد",
        "فاطمة",
        "مصطفى",
        "Élodie",
        "ДМИТРИЙ",
        "Größe",
    ];
    let new = names.map(|name| given::new_client(north, name));
    given::clients(store, &new).await;

    for (typed, names) in [
        ("احمد", &["أحمد"][..]),
        ("إحمد", &["أحمد"]),
        ("محمد", &["مُحَمَّد", "محـــمد"]),
        ("مُحمد", &["مُحَمَّد", "محـــمد"]),
        ("فاطمه", &["فاطمة"]),
        ("مصطفي", &["مصطفى"]),
        ("مصطفی", &["مصطفى"]),
        ("elodie", &["Élodie"]),
        ("E\u{301}LODIE", &["Élodie"]),
        ("дмитрий", &["ДМИТРИЙ"]),
        ("GRÖSSE", &["Größe"]),
        ("grosse", &["Größe"]),
        ("é", &["Élodie", "Größe"]),
        ("ة", &["فاطمة"]),
        ("ى", &["مصطفى"]),
    ] {
        let mut found = found(store, north, &[typed]).await;
        // What has the letter besides, as `medium` and `fresh` have.
        found.retain(|name| names.contains(&name.as_str()));
        assert_eq!(found, names, "{typed}");
    }
}

async fn a_client_is_found_by_every_number_in_every_spelling(store: &TestDb) {
    let north = given::company(store, "north").await;
    set_region(store, north, "SA").await;
    let listed = phones(&["0112223333", "0501234567"]);
    let new = [
        NewClient {
            phone_number: Some("+966 50 123 4567"),
            ..given::new_client(north, "one")
        },
        NewClient {
            phones: &listed,
            ..given::new_client(north, "two")
        },
        NewClient {
            phone_number: Some("+971501234567"),
            ..given::new_client(north, "abroad")
        },
        NewClient {
            phone_number: Some("٠٥٠١٢٣٤٥٦٨"),
            ..given::new_client(north, "near")
        },
    ];
    given::clients(store, &new).await;

    for typed in [
        &["0501234567"][..],
        &["+966501234567"],
        &["966501234567"],
        &["00966501234567"],
        &["+966", "50", "123", "4567"],
        &["(050)", "123-4567"],
        &["٠٥٠", "١٢٣", "٤٥٦٧"],
    ] {
        assert_eq!(
            found(store, north, typed).await,
            ["one", "two"],
            "{typed:?}"
        );
    }
    assert_eq!(found(store, north, &["+966112223333"]).await, ["two"]);
    assert_eq!(
        found(store, north, &["34567"]).await,
        ["one", "two", "abroad"]
    );
    assert_eq!(
        found(store, north, &["+971", "50", "123", "4567"]).await,
        ["abroad"]
    );
    assert_eq!(found(store, north, &["+966501234568"]).await, ["near"]);
    assert!(found(store, north, &["+966501234569"]).await.is_empty());
}

async fn a_number_that_is_replaced_finds_its_client_no_more(store: &TestDb) {
    let north = given::company(store, "north").await;
    let listed = phones(&["0501234567"]);
    let new = NewClient {
        phones: &listed,
        ..given::new_client(north, "Sara")
    };
    let client = given::client(store, new).await;

    in_transaction(store, async |tx| {
        let mut tenant = tx.tenant_tx(north);
        let phones = phones(&["0509999999", "0508888888"]);
        tenant.replace_phones(client, &phones, NOW).await.unwrap();
        tenant.fold_clients(&[client]).await.unwrap();
    })
    .await;

    assert!(found(store, north, &["0501234567"]).await.is_empty());
    for number in ["0509999999", "0508888888"] {
        assert_eq!(found(store, north, &[number]).await, ["Sara"]);
    }
}

async fn a_number_without_its_country_is_one_of_the_companys_country(store: &TestDb) {
    let north = given::company(store, "north").await;
    let new = NewClient {
        phone_number: Some("+962791234567"),
        ..given::new_client(north, "Jordan")
    };
    given::client(store, new).await;

    assert_eq!(found(store, north, &["0791234567"]).await, ["Jordan"]);
    set_region(store, north, "SA").await;
    assert!(found(store, north, &["0791234567"]).await.is_empty());
    set_region(store, north, "JO").await;
    assert_eq!(found(store, north, &["0791234567"]).await, ["Jordan"]);
}

async fn rows_of_an_older_program_are_found_once_the_schema_is_ensured(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    store
        .run(&format!(
            "INSERT INTO client (company_id, id, name, priority, client_type, phone_number,
                 created_at, updated_at)
             VALUES ({north}, 1, 'أحمد', 'low', 'cold', NULL, 0, 0),
                 ({north}, 2, 'Élodie', 'low', 'cold', '+966501234567', 0, 0),
                 ({south}, 3, 'أحمد', 'low', 'cold', NULL, 0, 0);
             INSERT INTO client_phone (company_id, id, client_id, phone_number, phone_type,
                 is_primary, created_at, updated_at)
             VALUES ({north}, 1, 1, '0112223333', 'home', FALSE, 0, 0)",
            north = north.get(),
            south = south.get(),
        ))
        .await;

    store.ensure_schema().await.unwrap();
    store.migrate().await.unwrap();

    for (typed, name) in [
        ("احمد", "أحمد"),
        ("0112223333", "أحمد"),
        ("elodie", "Élodie"),
        ("0501234567", "Élodie"),
    ] {
        assert_eq!(found(store, north, &[typed]).await, [name], "{typed}");
    }
    assert_eq!(found(store, south, &["احمد"]).await, ["أحمد"]);
}

async fn an_edit_by_an_older_program_is_found_once_the_schema_is_ensured(store: &TestDb) {
    let north = given::company(store, "north").await;
    given::client(store, given::new_client(north, "Sara")).await;
    store.run("UPDATE client SET name = 'Rana'").await;

    store.ensure_schema().await.unwrap();

    assert_eq!(found(store, north, &["rana"]).await, ["Rana"]);
    assert!(found(store, north, &["sara"]).await.is_empty());
}

async fn short_words_are_found_among_many_and_counted(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let names: Vec<_> = (0..3_000)
        .map(|n| match n {
            7 => "Qi Xu".to_owned(),
            n if n % 10 == 0 => format!("bob {}", "x".repeat(n % 3)),
            _ => "anna".to_owned(),
        })
        .collect();
    let new: Vec<_> = names
        .iter()
        .map(|name| given::new_client(north, name))
        .collect();
    given::clients(store, &new).await;
    given::client(store, given::new_client(south, "Zz")).await;

    assert_eq!(found(store, north, &["q"]).await, ["Qi Xu"]);
    assert_eq!(found(store, north, &["xu"]).await, ["Qi Xu"]);
    assert_eq!(found(store, north, &["i", "xu"]).await, ["Qi Xu"]);
    assert!(found(store, north, &["zz"]).await.is_empty());
    assert!(found(store, north, &["z"]).await.is_empty());
    assert!(found(store, north, &["7"]).await.is_empty());
    for (word, rows) in [("bo", 300), ("nn", 2_699), ("o", 300), ("b", 300)] {
        assert_eq!(
            counted(store, north, &[word]).await,
            RowCount::Exactly(rows),
            "{word}"
        );
    }
}

async fn a_rare_word_is_found_beside_a_frequent_one(store: &TestDb) {
    let north = given::company(store, "north").await;
    let names: Vec<_> = (0..2_500).map(|n| format!("client {n}")).collect();
    let new: Vec<_> = names
        .iter()
        .map(|name| given::new_client(north, name))
        .collect();
    let mut ids = given::clients(store, &new).await;
    rename(store, north, ids.remove(0), "client ظ").await;

    assert_eq!(found(store, north, &["client", "ظ"]).await, ["client ظ"]);
    assert_eq!(
        found(store, north, &["1234", "client"]).await,
        ["client 1234"]
    );
}

async fn rename(store: &TestDb, company: CompanyId, id: ClientId, name: &str) {
    let name = name.to_owned();
    let edited = Client {
        name,
        ..given::edited(store, company, id).await
    };
    in_transaction(store, async |tx| {
        let mut tenant = tx.tenant_tx(company);
        tenant.save_client(&edited).await.unwrap();
        tenant.fold_clients(&[id]).await.unwrap();
    })
    .await;
}

async fn counted(store: &TestDb, company: CompanyId, words: &[&str]) -> RowCount {
    let filter = crate::client_search::words(words);
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(company);
    let selection = tenant
        .select_clients(Viewer::Everything, filter, NOW)
        .await
        .unwrap();
    tenant.count_clients(&selection).await.unwrap()
}
