//! Taking over a database of the reference CRM.

use crate::database::TestDb;
use crate::given::{self, NOW};
use crate::reference::{reference, table};
use tawzi_core::id::{ClientId, ClientTaskId, CompanyId, StageId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{Author, Channel, DjangoSource, NewSubscription, NewTask, Stage, Viewer};

on_both_engines! {
    companies_and_people_are_taken_over,
    settings_are_taken_over,
    clients_and_their_timelines_are_taken_over,
    what_belongs_to_another_company_is_dropped,
    loads_follow_from_what_was_taken_over,
    no_id_is_used_twice_after_a_take_over,
    a_take_over_never_lowers_a_count,
    a_page_ends_where_the_rows_end,
    a_source_is_taken_over_once,
    a_big_database_may_be_analyzed,
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Takes over everything, a few rows at a time.
async fn take_over(store: &TestDb) {
    let reference = reference(store.url().engine()).await;
    let mut source = DjangoSource::open(reference.url()).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    for (table, _, _) in source.contents().await.unwrap() {
        let mut after = 0;
        while let Some(rows) = source.page(table, after, 2).await.unwrap() {
            tx.import_rows(&rows).await.unwrap();
            after = rows.last_id;
        }
    }
    tx.commit().await.unwrap();
}

async fn companies_and_people_are_taken_over(store: &TestDb) {
    take_over(store).await;

    let mut reader = store.read().await.unwrap();
    let companies = reader.companies().await.unwrap();
    let [north, south] = companies.as_slice() else {
        panic!("{companies:?}");
    };
    assert_eq!(
        (north.id, south.id),
        (CompanyId::new(10), CompanyId::new(20))
    );
    assert_eq!(
        (north.name.as_str(), north.domain.as_str()),
        ("الشمال", "north")
    );
    assert_eq!(north.specialization, "real_estate");
    assert_eq!(north.owner_username.as_deref(), Some("amal"));
    assert!(north.registration_completed && north.auto_assign_enabled);
    assert!(!north.re_assign_enabled);
    assert_eq!(
        north.registration_completed_at,
        Some(time("2025-12-01T10:00:02Z"))
    );
    assert_eq!(north.created_at, time("2025-12-01T10:00:00.123456Z"));
    assert_eq!(north.updated_at, time("2025-12-01T10:00:01Z"));
    assert_eq!(
        (north.re_assign_hours.get(), south.re_assign_hours.get()),
        (48, 24)
    );
    assert_eq!(south.registration_completed_at, None);
    let users = reader.users(None).await.unwrap();
    let [amal, badr, root] = users.as_slice() else {
        panic!("{users:?}");
    };
    assert_eq!(
        (amal.id, amal.company_id),
        (UserId::new(100), Some(north.id))
    );
    assert_eq!(
        (amal.first_name.as_str(), amal.role_word.as_str()),
        ("أمل", "admin")
    );
    assert_eq!(amal.phone.as_deref(), Some("0500"));
    assert_eq!(amal.profile_photo.as_deref(), Some("photos/a.png"));
    assert_eq!(
        (amal.email.as_str(), amal.password_hash.as_str()),
        ("Amal@north", "pbkdf2")
    );
    assert!(amal.email_verified && amal.is_active && amal.subscribed);
    assert_eq!(amal.last_login, Some(time("2025-12-02T00:00:00Z")));
    assert_eq!((badr.last_login, badr.phone.as_deref()), (None, None));
    assert!(root.is_superuser && root.is_staff && !root.is_active);
    assert_eq!(root.company_id, None);
}

async fn settings_are_taken_over(store: &TestDb) {
    take_over(store).await;

    let mut reader = store.read().await.unwrap();
    let north = CompanyId::new(10);
    let subscription = reader.subscription(north).await.unwrap().unwrap();
    assert_eq!((subscription.id, subscription.plan_id), (40, 30));
    assert_eq!(subscription.plan_name_ar, "سنة");
    assert!(subscription.is_active && !subscription.auto_renew);
    assert_eq!(subscription.end_date, time("2026-12-01T00:00:00Z"));
    let plans = reader.plans().await.unwrap();
    let [year] = plans.as_slice() else {
        panic!("one of the two is offered: {plans:?}");
    };
    assert_eq!(
        (year.description.as_str(), year.description_ar.as_str()),
        ("All of it", "كل شيء")
    );
    let prices = (
        year.price_monthly.hundredths(),
        year.price_yearly.hundredths(),
    );
    assert_eq!(prices, (1990, 19900));
    assert_eq!((year.trial_days, year.storage), (14, 50));
    assert_eq!(
        (year.users.as_str(), year.clients.as_str()),
        ("5", "unlimited")
    );
    let mut tenant = reader.tenant(north);
    let statuses = tenant.page_of_statuses(0, i64::MAX).await.unwrap();
    assert_eq!((statuses.len(), statuses[0].id.get()), (1, 50));
    assert_eq!(statuses[0].category, StatusCategory::FollowUp);
    let channels = tenant.page_of_channels(0, i64::MAX).await.unwrap();
    assert_eq!((channels.len(), channels[0].name.as_str()), (1, "Phone"));
    let stage = tenant.stage(StageId::new(60)).await.unwrap();
    assert_eq!(stage.unwrap().name, "Call");
}

async fn clients_and_their_timelines_are_taken_over(store: &TestDb) {
    take_over(store).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(CompanyId::new(10));
    let everything = Viewer::Everything;
    let id = ClientId::new(80);
    let sara = tenant.client(id, everything).await.unwrap().unwrap();
    assert_eq!(
        (sara.name.as_str(), sara.priority.as_str()),
        ("سارة", "high")
    );
    assert_eq!(
        (sara.client_type.as_str(), sara.phone_number.as_deref()),
        ("fresh", Some("0501"))
    );
    assert_eq!(
        sara.budget_hundredths,
        Some(Budget::from_hundredths(999_999_999_999))
    );
    assert_eq!(sara.channel_name.as_deref(), Some("Phone"));
    assert_eq!(sara.status_name.as_deref(), Some("New"));
    assert_eq!(sara.assigned_to_username.as_deref(), Some("badr"));
    assert_eq!(sara.assigned_at, Some(time("2025-12-01T10:00:00.5Z")));
    assert_eq!(sara.last_contacted_at, Some(time("2025-12-01T12:00:00Z")));
    assert_eq!(sara.created_at, time("2025-12-01T10:00:00.5Z"));
    assert_eq!(sara.updated_at, time("2025-12-01T11:00:00Z"));
    let due = tenant.due_clients(NOW, None, 9).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].touched_at, time("2025-12-01T12:00:00Z"));
    let phones = tenant.phones_of(&[id]).await.unwrap();
    assert_eq!((phones.len(), phones[0].id.get()), (1, 90));
    assert_eq!(phones[0].notes.as_deref(), Some("صباحاً"));
    let task = tenant
        .task(ClientTaskId::new(110), everything)
        .await
        .unwrap();
    let task = task.unwrap();
    assert_eq!(
        (task.client_id, task.stage_name.as_deref()),
        (id, Some("Call"))
    );
    assert_eq!(task.reminder_date, Some(time("2025-12-03T09:00:00Z")));
    assert_eq!(task.created_by_username.as_deref(), Some("badr"));
    let events = tenant.events(everything, None, 0, 9).await.unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!((events[1].id.get(), events[1].client_id), (120, id));
    assert_eq!(events[1].new_value.as_deref(), Some("badr"));
    assert_eq!(events[1].created_by, Some(UserId::new(100)));
    assert_eq!(events[0].event_type, "a later kind");
}

async fn what_belongs_to_another_company_is_dropped(store: &TestDb) {
    take_over(store).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(CompanyId::new(10));
    let everything = Viewer::Everything;
    let omar = tenant.client(ClientId::new(81), everything).await.unwrap();
    let omar = omar.unwrap();
    assert_eq!(omar.priority, "rotated", "an unknown word is kept");
    assert_eq!((omar.status_id, omar.channel_id), (None, None));
    assert_eq!(
        omar.budget_hundredths,
        Some(Budget::from_hundredths(150_050))
    );
    assert_eq!((omar.assigned_to, omar.assigned_at), (None, None));
    let task = tenant
        .task(ClientTaskId::new(111), everything)
        .await
        .unwrap();
    let task = task.unwrap();
    assert_eq!((task.stage_id, task.created_by), (None, None));
}

async fn loads_follow_from_what_was_taken_over(store: &TestDb) {
    take_over(store).await;
    let north = CompanyId::new(10);

    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).recount_loads().await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let roster = reader.tenant(north).roster().await.unwrap();
    assert_eq!((roster.len(), roster[0].username.as_str()), (1, "badr"));
    assert_eq!(roster[0].load.clients.by_category(), [0, 1, 0, 0, 0]);
    let received = roster[0].load.last_received.unwrap();
    assert_eq!(received.at, time("2025-12-01T10:00:00.5Z"));
}

async fn no_id_is_used_twice_after_a_take_over(store: &TestDb) {
    take_over(store).await;

    let west = given::company(store, "west").await;
    let carla = given::employee(store, west, "carla").await;
    let status = given::status(store, west, "New", StatusCategory::Active).await;
    let phones = [given::new_phone("1")];
    let client = tawzi_store::NewClient {
        phones: &phones,
        ..given::new_client(west, "Dina")
    };
    let mut tx = store.begin().await.unwrap();
    let created = given::insert_clients(&mut tx, &[client]).await.unwrap();
    let (client, phone_ids) = &created[0];
    given::insert_events(&mut tx, &[given::new_event(west, *client, None)])
        .await
        .unwrap();
    let subscription = NewSubscription {
        plan: "Month",
        plan_ar: "شهر",
        start: NOW,
        end: NOW,
    };
    tx.create_subscription(west, subscription).await.unwrap();
    let mut tenant = tx.tenant_tx(west);
    let stage = Stage::new("Call", 1, NOW);
    let stage = tenant.create_stage(stage).await.unwrap().id;
    let channel = Channel::new("Phone", "phone", NOW);
    let channel = tenant.create_channel(channel).await.unwrap().id;
    let task = NewTask {
        client: *client,
        stage: None,
        notes: None,
        reminder_date: None,
        created_by: Author::User(carla),
        create_key: None,
        at: NOW,
    };
    let task = given::log_task(&mut tx, west, task).await.unwrap();
    let events = tx
        .tenant_tx(west)
        .events(Viewer::Everything, None, 0, 9)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    assert_eq!((west.get(), carla.get(), status.get()), (21, 201, 52));
    assert_eq!((stage.get(), channel.get()), (62, 72));
    assert_eq!((client.get(), phone_ids[0].get()), (82, 91));
    assert_eq!((task.get(), events[0].id.get()), (112, 122));
    let mut reader = store.read().await.unwrap();
    let subscription = reader.subscription(west).await.unwrap().unwrap();
    assert_eq!((subscription.id, subscription.plan_id), (41, 32));
}

async fn a_take_over_never_lowers_a_count(store: &TestDb) {
    let mut tx = store.begin().await.unwrap();
    let names: Vec<_> = (0..100).map(|n| format!("company {n}")).collect();
    for name in &names {
        tx.create_company(given::new_company(name)).await.unwrap();
    }
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    let first = tx.create_company(given::new_company("first")).await;
    let gap_is_left = first.unwrap().get() > 100;
    tx.commit().await.unwrap();

    take_over(store).await;

    // What SQLite undoes includes its counts; PostgreSQL goes on counting.
    let next = given::company(store, "next").await;
    let taken = if gap_is_left { 101 } else { 20 };
    assert_eq!(next.get(), taken + 1);
}

async fn a_page_ends_where_the_rows_end(store: &TestDb) {
    let reference = reference(store.url().engine()).await;
    let mut source = DjangoSource::open(reference.url()).await.unwrap();
    let clients = table(&mut source, "crm_client").await;

    let first = source.page(clients, 0, 1).await.unwrap().unwrap();
    let all = source.page(clients, 0, 9).await.unwrap().unwrap();
    let behind_the_end = source.page(clients, 81, 9).await.unwrap();

    assert_eq!((first.count(), first.last_id), (1, 80));
    assert_eq!((all.count(), all.last_id), (2, 81));
    assert!(behind_the_end.is_none(), "{behind_the_end:?}");
}

async fn a_source_is_taken_over_once(store: &TestDb) {
    let mut tx = store.begin().await.unwrap();
    let before = tx.imported_at("a").await.unwrap();
    tx.note_import("a", NOW).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin().await.unwrap();
    let after = tx.imported_at("a").await.unwrap();
    let other = tx.imported_at("b").await.unwrap();
    let again = tx.note_import("a", NOW).await;

    assert_eq!((before, after, other), (None, Some(NOW), None));
    assert!(
        matches!(again, Err(tawzi_store::Error::Conflict(_))),
        "{again:?}"
    );
}

async fn a_big_database_may_be_analyzed(store: &TestDb) {
    let mut tx = store.begin().await.unwrap();
    tx.analyze().await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    assert_eq!(reader.count_companies().await.unwrap(), 0);
}
