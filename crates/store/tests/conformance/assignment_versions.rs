//! What raises a company's version, and writing only if it was not raised.

use crate::database::TestDb;
use crate::given::{self, NOW};
use std::collections::BTreeMap;
use tawzi_core::id::{ApiKeyId, ClientId, CompanyId};
use tawzi_core::load::ClientCounts;
use tawzi_core::status::StatusCategory;
use tawzi_store::{
    ChannelEdit, CompanySettings, CreateBasis, Error, LoadChange, NewClient, StatusEdit, Tx,
    UserEdit, Viewer,
};

on_both_engines! {
    whatever_choices_go_by_raises_the_version,
    what_choices_do_not_go_by_leaves_the_version,
    whatever_lets_somebody_in_or_out_raises_the_version,
    what_a_choice_went_by_still_holds_and_it_is_written,
    what_was_decided_by_an_older_version_is_not_written,
    what_was_created_before_is_not_written_again,
    a_version_raised_while_waiting_counts,
}

const STATUS: StatusEdit<'static> = StatusEdit {
    name: "مهتم",
    description: None,
    category: StatusCategory::Closed,
    color: "#0000ff",
    is_default: false,
    is_hidden: false,
    is_active: true,
    updated_at: NOW,
};

const CHANNEL: ChannelEdit<'static> = ChannelEdit {
    name: "واتساب",
    channel_type: "Social",
    priority: "high",
    is_active: true,
    updated_at: NOW,
};

const PERSON: UserEdit<'static> = UserEdit {
    username: "amal",
    email: "amal@new.example",
    first_name: "أمل",
    last_name: "العلي",
    phone: None,
    role: "employee",
};

async fn version(store: &TestDb, company: CompanyId) -> i64 {
    let mut reader = store.read().await.unwrap();
    let company = reader.company(company).await.unwrap().unwrap();
    company.assignment_version
}

/// By how much each of those raises the version of the company.
async fn raised(
    store: &TestDb,
    company: CompanyId,
    change: impl AsyncFnOnce(&mut Tx) -> Result<(), Error>,
) -> i64 {
    let before = version(store, company).await;
    let mut tx = store.begin().await.unwrap();
    change(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    version(store, company).await - before
}

async fn whatever_choices_go_by_raises_the_version(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let amal = given::employee(store, north, "amal").await;
    let status = given::status(store, north, "new", StatusCategory::Active).await;
    let channel = given::channel(store, north, "phone").await;
    let change = LoadChange {
        company: north,
        user: amal,
        clients: ClientCounts::new([1, 0, 0, 0, 0]),
        received: None,
    };
    let of_south = version(store, south).await;

    let mut reader = store.read().await.unwrap();
    let company = reader.company(north).await.unwrap().unwrap();
    drop(reader);
    let settings = CompanySettings {
        auto_assign_enabled: !company.auto_assign_enabled,
        ..company.settings()
    };
    let by = [
        raised(store, north, async |tx| {
            tx.save_settings(north, settings).await
        })
        .await,
        raised(store, north, async |tx| {
            tx.create_user(given::new_employee(north, "badr"))
                .await
                .map(drop)
        })
        .await,
        raised(store, north, async |tx| tx.save_user(amal, &PERSON).await).await,
        raised(store, north, async |tx| tx.save_active(amal, false).await).await,
        raised(store, north, async |tx| tx.change_loads(&[change]).await).await,
        raised(store, north, async |tx| {
            tx.tenant_tx(north).recount_loads().await
        })
        .await,
        raised(store, north, async |tx| {
            let new = [given::new_client(north, "ليلى")];
            given::insert_clients(tx, &new).await.map(drop)
        })
        .await,
        raised(store, north, async |tx| {
            tx.tenant_tx(north).save_status(status, STATUS).await
        })
        .await,
        raised(store, north, async |tx| {
            tx.tenant_tx(north).save_channel(channel, CHANNEL).await
        })
        .await,
        raised(store, north, async |tx| {
            tx.tenant_tx(north).delete_status(status).await.map(drop)
        })
        .await,
        raised(store, north, async |tx| {
            tx.tenant_tx(north).delete_channel(channel).await
        })
        .await,
        raised(store, north, async |tx| {
            tx.tenant_tx(north).delete_user(amal).await
        })
        .await,
    ];

    assert!(by.iter().all(|&by| by > 0), "{by:?}");
    assert_eq!(version(store, south).await, of_south);
}

async fn whatever_lets_somebody_in_or_out_raises_the_version(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let amal = given::employee(store, north, "amal").await;
    given::employee(store, south, "badr").await;
    store
        .run(&format!(
            "INSERT INTO plan (id, name, name_ar) VALUES (1, 'Plus', 'بلس');
             INSERT INTO api_key (company_id, id, name, prefix, key_hash, created_at)
             VALUES ({north}, 1, 'form', 'tz_', 'hash', 0), ({north}, 2, 'crm', 'tz_', 'other', 0)"
        ))
        .await;
    let [first, later] = [NOW, NOW.plus_seconds(1)];
    let of_south = version(store, south).await;

    let by = [
        raised(store, north, async |tx| tx.revoke_tokens(amal, NOW).await).await,
        raised(store, north, async |tx| {
            tx.revoke_other_tokens(amal, later, first).await
        })
        .await,
        raised(store, north, async |tx| {
            tx.tenant_tx(north)
                .revoke_api_key(ApiKeyId::new(1), NOW)
                .await
        })
        .await,
    ];
    let mut by_hand = Vec::new();
    for change in [
        "UPDATE user_account SET is_superuser = TRUE WHERE id = USER",
        "UPDATE user_account SET role = 'admin' WHERE id = USER",
        "INSERT INTO subscription (id, company_id, plan_id, is_active, auto_renew, start_date,
             end_date, created_at, updated_at)
         VALUES (1, COMPANY, 1, TRUE, TRUE, 0, 0, 0, 0)",
        "UPDATE subscription SET is_active = FALSE",
        "DELETE FROM subscription",
        "DELETE FROM api_key WHERE id = 2",
    ] {
        let before = version(store, north).await;
        let change = change.replace("USER", &amal.to_string());
        store
            .run(&change.replace("COMPANY", &north.to_string()))
            .await;
        by_hand.push(version(store, north).await - before);
    }
    assert_eq!(version(store, south).await, of_south);
    let moved = format!("UPDATE user_account SET company_id = {south} WHERE id = {amal}");
    let before = versions(store, &[north, south]).await;
    store.run(&moved).await;
    let after = versions(store, &[north, south]).await;

    assert!(by.iter().all(|&by| by > 0), "{by:?}");
    assert!(by_hand.iter().all(|&by| by > 0), "{by_hand:?}");
    assert!(
        before
            .values()
            .zip(after.values())
            .all(|(before, after)| after > before)
    );
}

async fn what_choices_do_not_go_by_leaves_the_version(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let client = given::client(store, given::new_client(north, "ليلى")).await;

    let by = [
        raised(store, north, async |tx| {
            tx.lock_company(north).await.map(drop)
        })
        .await,
        raised(store, north, async |tx| tx.save_last_login(amal, NOW).await).await,
        raised(store, north, async |tx| {
            tx.save_password(amal, "hash").await
        })
        .await,
        raised(store, north, async |tx| tx.change_loads(&[]).await).await,
        raised(store, north, async |tx| {
            tx.tenant_tx(north).save_client(client, &given::EDIT).await
        })
        .await,
        raised(store, north, async |tx| tx.save_owner(north, amal).await).await,
    ];

    assert_eq!(by, [0; 6]);
}

/// Records one client of each company if the versions are those; says whether it was, and who it is.
async fn record(
    store: &TestDb,
    versions: &BTreeMap<CompanyId, i64>,
    key: i64,
) -> (bool, Vec<ClientId>) {
    let new: Vec<_> = versions
        .keys()
        .map(|&company| NewClient {
            create_key: Some(key),
            ..given::new_client(company, "ليلى")
        })
        .collect();
    let basis = CreateBasis {
        versions: versions.clone(),
        keys: versions
            .keys()
            .map(|&company| (company, key, NOW))
            .collect(),
    };
    let mut tx = store.begin_short().await.unwrap();
    let created = tx.record_creates(&basis, &new, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let recorded = created.is_some();
    let ids = created.unwrap_or_default().into_iter();
    (recorded, ids.map(|created| created.id).collect())
}

async fn versions(store: &TestDb, companies: &[CompanyId]) -> BTreeMap<CompanyId, i64> {
    let mut versions = BTreeMap::new();
    for &company in companies {
        versions.insert(company, version(store, company).await);
    }
    versions
}

/// How many clients those companies have.
async fn clients(store: &TestDb, companies: &[CompanyId]) -> usize {
    let mut reader = store.read().await.unwrap();
    let mut clients = 0;
    for &company in companies {
        clients += reader
            .tenant(company)
            .unassigned_clients()
            .await
            .unwrap()
            .len();
    }
    clients
}

async fn what_a_choice_went_by_still_holds_and_it_is_written(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let before = versions(store, &[south, north]).await;

    let (first, ids) = record(store, &before, 1).await;
    let after = versions(store, &[south, north]).await;
    let (second, _) = record(store, &after, 2).await;

    assert!(first && second);
    assert_eq!(clients(store, &[north, south]).await, 4);
    let raised: Vec<_> = after.values().zip(before.values()).collect();
    assert!(raised.iter().all(|(after, before)| **after == **before + 1));
    let mut reader = store.read().await.unwrap();
    let client = reader
        .tenant(north)
        .client(ids[0], Viewer::Everything)
        .await;
    assert_eq!(client.unwrap().unwrap().name, "ليلى");
}

async fn what_was_decided_by_an_older_version_is_not_written(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let before = versions(store, &[north, south]).await;
    given::employee(store, south, "amal").await;

    let (outdated, _) = record(store, &before, 1).await;
    let mut gone = versions(store, &[north]).await;
    gone.insert(CompanyId::new(99), 0);
    let (of_nobody, _) = record(store, &gone, 1).await;

    let (current, ids) = record(store, &versions(store, &[north]).await, 1).await;

    assert!(!outdated && !of_nobody && current);
    assert_eq!(ids, [ClientId::new(1)], "no id was taken before");
    assert_eq!(clients(store, &[north, south]).await, 1);
    assert_eq!(version(store, north).await, before[&north] + 1);
}

async fn what_was_created_before_is_not_written_again(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    record(store, &versions(store, &[north]).await, 1).await;

    let (again, _) = record(store, &versions(store, &[north, south]).await, 1).await;
    let (elsewhere, _) = record(store, &versions(store, &[south]).await, 1).await;

    assert!(!again && elsewhere);
    assert_eq!(clients(store, &[north, south]).await, 2);
}

async fn a_version_raised_while_waiting_counts(store: &TestDb) {
    let north = given::company(store, "north").await;
    let before = versions(store, &[north]).await;
    let mut first = store.begin().await.unwrap();
    first.lock_company(north).await.unwrap();

    let creates = async {
        crate::transactions::somebody_waits_for_a_lock(store).await;
        let new = [NewClient {
            create_key: Some(1),
            ..given::new_client(north, "ليلى")
        }];
        given::insert_clients(&mut first, &new).await.unwrap();
        first.commit().await.unwrap();
    };
    let ((), (recorded, _)) = tokio::join!(creates, record(store, &before, 1));

    assert!(!recorded);
    assert_eq!(clients(store, &[north]).await, 1);
}
