//! API keys: found by their hashes, listed without them.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::{ApiKeyId, CompanyId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_store::{
    ApiKeyIdentity, ApiKeyUse, Author, Error, NewApiKey, NewEvent, NewSubscription, NewTask, Viewer,
};

on_both_engines! {
    a_key_is_found_by_its_hash_and_says_whose_it_is,
    a_hash_belongs_to_one_key,
    a_revoked_key_is_not_found_but_listed,
    keys_are_listed_and_counted_by_company_the_newest_first,
    a_key_outlives_its_creator_and_goes_with_its_company,
    a_program_that_knows_no_keys_can_still_delete,
    a_use_is_written_once_a_minute,
    uses_of_many_keys_are_written_at_once,
    what_is_done_with_a_key_bears_its_name,
}

fn new(name: &str) -> NewApiKey<'_> {
    NewApiKey {
        name,
        prefix: "twz_abcdef",
        key_hash: name,
        created_by: None,
        created_at: NOW,
    }
}

async fn create(store: &TestDb, company: CompanyId, key: NewApiKey<'_>) -> ApiKeyId {
    let mut tx = store.begin().await.unwrap();
    let id = tx.tenant_tx(company).create_api_key(key).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn revoke(store: &TestDb, company: CompanyId, id: ApiKeyId, at: Timestamp) {
    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(company).revoke_api_key(id, at).await.unwrap();
    tx.commit().await.unwrap();
}

async fn identity(store: &TestDb, hash: &str) -> Option<ApiKeyIdentity> {
    let mut reader = store.read().await.unwrap();
    reader.api_key_identity(hash).await.unwrap()
}

async fn a_key_is_found_by_its_hash_and_says_whose_it_is(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let of_north = create(store, north, new("one")).await;
    let of_south = create(store, south, new("two")).await;
    let mut tx = store.begin().await.unwrap();
    let subscription = NewSubscription {
        plan: "Gold",
        plan_ar: "ذهبي",
        start: NOW,
        end: NOW,
    };
    tx.create_subscription(south, subscription).await.unwrap();
    tx.commit().await.unwrap();

    let one = identity(store, "one").await.unwrap();
    let two = identity(store, "two").await.unwrap();

    assert_eq!((one.company_id, one.id), (north, of_north));
    assert_eq!(
        (one.company_name.as_str(), one.subscribed),
        ("north", false)
    );
    assert_eq!(one.last_used_at, None);
    assert_eq!(
        (two.company_id, two.id, two.subscribed),
        (south, of_south, true)
    );
    assert!(identity(store, "on").await.is_none());
    assert!(identity(store, "ONE").await.is_none());
    assert!(identity(store, "").await.is_none());
}

async fn a_hash_belongs_to_one_key(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    create(store, north, new("one")).await;

    let mut tx = store.begin().await.unwrap();
    let again = tx.tenant_tx(south).create_api_key(new("one")).await;

    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
}

async fn a_revoked_key_is_not_found_but_listed(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let id = create(store, north, new("one")).await;
    let other = create(store, north, new("two")).await;

    revoke(store, south, id, NOW).await;
    assert!(identity(store, "one").await.is_some());
    revoke(store, north, id, NOW.plus_seconds(5)).await;
    revoke(store, north, id, NOW.plus_seconds(9)).await;

    assert!(identity(store, "one").await.is_none());
    assert!(identity(store, "two").await.is_some());
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let key = tenant.api_key(id).await.unwrap().unwrap();
    assert_eq!(key.revoked_at, Some(NOW.plus_seconds(5)));
    assert_eq!(
        tenant.api_key(other).await.unwrap().unwrap().revoked_at,
        None
    );
    assert_eq!(tenant.count_api_keys().await.unwrap(), 2);
    assert_eq!(tenant.count_live_api_keys().await.unwrap(), 1);
}

async fn keys_are_listed_and_counted_by_company_the_newest_first(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let amal = given::employee(store, north, "amal").await;
    let by_amal = NewApiKey {
        created_by: Some(amal),
        ..new("نموذج الموقع")
    };
    let first = create(store, north, by_amal).await;
    let foreign = create(store, south, new("two")).await;
    let last = create(store, north, new("three")).await;

    let mut reader = store.read().await.unwrap();
    let found = reader.company_of_api_key(foreign).await.unwrap();
    let nowhere = reader.company_of_api_key(ApiKeyId::new(99)).await.unwrap();
    let mut tenant = reader.tenant(north);
    let all = tenant.api_keys(0, 9).await.unwrap();
    let page = tenant.api_keys(1, 9).await.unwrap();
    let stranger = tenant.api_key(foreign).await.unwrap();

    assert_eq!((found, nowhere), (Some(south), None));
    assert_eq!(tenant.count_api_keys().await.unwrap(), 2);
    assert!(stranger.is_none());
    let ids = |keys: &[tawzi_store::ApiKey]| keys.iter().map(|key| key.id).collect::<Vec<_>>();
    assert_eq!(ids(&all), [last, first]);
    assert_eq!(ids(&page), [first]);
    let key = &page[0];
    assert_eq!((key.company_id, key.name.as_str()), (north, "نموذج الموقع"));
    assert_eq!(key.prefix, "twz_abcdef");
    assert_eq!(key.created_by, Some(amal));
    assert_eq!(key.created_by_username.as_deref(), Some("amal"));
    assert_eq!((key.created_at, key.last_used_at), (NOW, None));
    assert_eq!(
        (all[0].created_by, &all[0].created_by_username),
        (None, &None)
    );
}

async fn a_key_outlives_its_creator_and_goes_with_its_company(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let amal = given::employee(store, north, "amal").await;
    let by_amal = NewApiKey {
        created_by: Some(amal),
        ..new("one")
    };
    let id = create(store, north, by_amal).await;
    create(store, south, new("two")).await;

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).delete_user(amal).await.unwrap();
    tx.commit().await.unwrap();

    assert!(identity(store, "one").await.is_some());
    let mut reader = store.read().await.unwrap();
    let key = reader.tenant(north).api_key(id).await.unwrap().unwrap();
    assert_eq!((key.created_by, key.created_by_username), (None, None));
    drop(reader);

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).delete_company().await.unwrap();
    tx.commit().await.unwrap();

    assert!(identity(store, "one").await.is_none());
    assert!(identity(store, "two").await.is_some());
}

/// The statements of the version before, which may run beside this one.
async fn a_program_that_knows_no_keys_can_still_delete(store: &TestDb) {
    let north = given::company(store, "north").await;
    let amal = given::employee(store, north, "amal").await;
    let by_amal = NewApiKey {
        created_by: Some(amal),
        ..new("one")
    };
    create(store, north, by_amal).await;

    store
        .run("DELETE FROM user_account WHERE company_id = 1")
        .await;
    let outlived = identity(store, "one").await.is_some();
    store.run("DELETE FROM company WHERE id = 1").await;

    assert!(outlived);
    assert!(identity(store, "one").await.is_none());
}

async fn note(store: &TestDb, uses: &[ApiKeyUse], at: Timestamp) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let written = tx.note_api_key_uses(uses, at, 60).await.unwrap();
    tx.commit().await.unwrap();
    written
}

async fn a_use_is_written_once_a_minute(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let id = create(store, north, new("one")).await;
    let used = ApiKeyUse {
        company_id: north,
        id,
    };
    let of_another = ApiKeyUse {
        company_id: south,
        id,
    };

    let mut written = Vec::new();
    for seconds in [0, 0, 59, 60, 61, 30, 120] {
        written.push(note(store, &[used], NOW.plus_seconds(seconds)).await);
    }

    assert_eq!(written, [1, 0, 0, 1, 0, 0, 1]);
    let last = identity(store, "one").await.unwrap().last_used_at;
    assert_eq!(last, Some(NOW.plus_seconds(120)));
    assert_eq!(note(store, &[of_another], NOW.plus_seconds(999)).await, 0);
}

async fn uses_of_many_keys_are_written_at_once(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let mut uses = Vec::new();
    for (company_id, name) in [(north, "a"), (north, "b"), (south, "c"), (south, "d")] {
        let id = create(store, company_id, new(name)).await;
        uses.push(ApiKeyUse { company_id, id });
    }

    let some = note(store, &uses[..2], NOW).await;
    let rest = note(store, &uses, NOW.plus_seconds(1)).await;

    assert_eq!((some, rest), (2, 2));
    assert_eq!(note(store, &[], NOW).await, 0);
    assert_eq!(identity(store, "a").await.unwrap().last_used_at, Some(NOW));
    let later = Some(NOW.plus_seconds(1));
    assert_eq!(identity(store, "d").await.unwrap().last_used_at, later);
}

async fn what_is_done_with_a_key_bears_its_name(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    given::employee(store, north, "amal").await;
    let client = given::client(store, given::new_client(north, "Sara")).await;
    create(store, south, new("foreign")).await;
    let id = create(store, north, new("form")).await;
    let by_key = Author::ApiKey(id);
    let event = NewEvent {
        created_by: by_key,
        ..given::new_event(north, client, None)
    };
    let by_amal = given::new_event(north, client, Some(UserId::new(1)));
    let task = NewTask {
        client,
        stage: None,
        notes: None,
        reminder_date: None,
        created_by: by_key,
        create_key: None,
        at: NOW,
    };

    let mut tx = store.begin().await.unwrap();
    let ids = given::insert_events(&mut tx, &[by_amal, event])
        .await
        .unwrap();
    let task = given::log_task(&mut tx, north, task).await.unwrap();
    tx.commit().await.unwrap();

    let everything = Viewer::Everything;
    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let events = tenant.events(everything, None, 0, 9).await.unwrap();
    let one = tenant.event(ids[1], everything).await.unwrap().unwrap();
    let tasks = tenant.tasks(everything, &[], &[], 0, 9).await.unwrap();
    let task = tenant.task(task, everything).await.unwrap().unwrap();
    for event in [&events[0], &one] {
        assert_eq!(
            (event.created_by, &event.created_by_username),
            (None, &None)
        );
        assert_eq!(event.api_key_name.as_deref(), Some("form"));
    }
    assert_eq!(events[1].created_by, Some(UserId::new(1)));
    assert_eq!(events[1].api_key_name, None);
    for task in [&tasks[0], &task] {
        assert_eq!((task.created_by, &task.created_by_username), (None, &None));
        assert_eq!(task.api_key_name.as_deref(), Some("form"));
    }
}
