//! Statuses, stages and channels of a company.

use crate::database::TestDb;
use crate::given::{self, NOW};
use std::collections::BTreeSet;
use tawzi_core::id::{ChannelId, CompanyId, StageId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_store::{Channel, Error, Stage, Status};

on_both_engines! {
    statuses_come_with_the_default_first_then_by_name,
    every_category_is_stored_and_read,
    a_status_without_a_category_is_refused,
    a_status_name_is_taken_within_its_company_only,
    a_stage_is_read_by_its_id,
    a_stage_name_is_taken_within_its_company_only,
    channels_come_with_the_newest_first,
    a_channel_name_is_taken_within_its_company_only,
    whether_an_id_was_given_is_said_across_companies,
    wanted_statuses_and_channels_are_read_with_the_company_they_are_wanted_in,
}

async fn stage(store: &TestDb, company: CompanyId, name: &str) -> Result<StageId, Error> {
    let mut tx = store.begin().await.unwrap();
    let new = Stage::new(name, 1, NOW);
    let stage = tx.tenant_tx(company).create_stage(new).await?;
    tx.commit().await.unwrap();
    Ok(stage.id)
}

async fn channel(store: &TestDb, company: CompanyId, name: &str) -> Result<ChannelId, Error> {
    let mut tx = store.begin().await.unwrap();
    let new = Channel::new(name, "phone", NOW);
    let channel = tx.tenant_tx(company).create_channel(new).await?;
    tx.commit().await.unwrap();
    Ok(channel.id)
}

async fn statuses_come_with_the_default_first_then_by_name(store: &TestDb) {
    let north = given::company(store, "north").await;
    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(north);
    for (name, is_default) in [
        ("won", false),
        ("New", true),
        ("جديد", false),
        ("Lost", false),
        ("lost", false),
    ] {
        let new = Status {
            is_default,
            ..Status::new(name, StatusCategory::Active, NOW)
        };
        tenant.create_status(new).await.unwrap();
    }
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();
    let statuses = reader
        .tenant(north)
        .page_of_statuses(0, i64::MAX)
        .await
        .unwrap();

    let names: Vec<_> = statuses.iter().map(|status| status.name.as_str()).collect();
    assert_eq!(names, ["New", "Lost", "lost", "won", "جديد"]);
}

async fn every_category_is_stored_and_read(store: &TestDb) {
    let north = given::company(store, "north").await;
    let stored = &StatusCategory::ALL[..4];
    for category in stored {
        given::status(store, north, category.as_str(), *category).await;
    }

    let mut reader = store.read().await.unwrap();
    let statuses = reader
        .tenant(north)
        .page_of_statuses(0, i64::MAX)
        .await
        .unwrap();

    assert_eq!(statuses.len(), stored.len());
    for status in statuses {
        assert_eq!(status.name, status.category.as_str());
    }
}

async fn a_status_without_a_category_is_refused(store: &TestDb) {
    let north = given::company(store, "north").await;

    let mut tx = store.begin().await.unwrap();
    let new = Status::new("nothing", StatusCategory::None, NOW);
    let created = tx.tenant_tx(north).create_status(new).await;

    assert!(matches!(created, Err(Error::Database(_))), "{created:?}");
}

async fn a_status_name_is_taken_within_its_company_only(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let first = given::status(store, north, "new", StatusCategory::Active).await;
    let second = given::status(store, south, "new", StatusCategory::Active).await;

    let mut tx = store.begin().await.unwrap();
    let new = Status::new("new", StatusCategory::Closed, NOW);
    let third = tx.tenant_tx(north).create_status(new).await;

    assert_ne!(first, second);
    assert!(matches!(third, Err(Error::Conflict(_))), "{third:?}");
}

async fn a_stage_is_read_by_its_id(store: &TestDb) {
    let north = given::company(store, "north").await;
    let id = stage(store, north, "Call").await.unwrap();

    let mut reader = store.read().await.unwrap();
    let found = reader.tenant(north).stage(id).await.unwrap().unwrap();
    let nothing = reader.tenant(north).stage(StageId::new(99)).await.unwrap();

    assert_eq!((found.id, found.name.as_str()), (id, "Call"));
    assert!(nothing.is_none());
}

async fn a_stage_name_is_taken_within_its_company_only(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    stage(store, north, "Call").await.unwrap();
    stage(store, south, "Call").await.unwrap();

    let third = stage(store, north, "Call").await;

    assert!(matches!(third, Err(Error::Conflict(_))), "{third:?}");
}

async fn channels_come_with_the_newest_first(store: &TestDb) {
    let north = given::company(store, "north").await;
    let older = channel(store, north, "Phone").await.unwrap();
    let newer = channel(store, north, "واتساب").await.unwrap();

    let mut reader = store.read().await.unwrap();
    let channels = reader
        .tenant(north)
        .page_of_channels(0, i64::MAX)
        .await
        .unwrap();

    let found: Vec<_> = channels.iter().map(|c| (c.id, c.name.as_str())).collect();
    assert_eq!(found, [(newer, "واتساب"), (older, "Phone")]);
}

async fn a_channel_name_is_taken_within_its_company_only(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    channel(store, north, "Phone").await.unwrap();
    channel(store, south, "Phone").await.unwrap();

    let third = channel(store, north, "Phone").await;

    assert!(matches!(third, Err(Error::Conflict(_))), "{third:?}");
}

async fn whether_an_id_was_given_is_said_across_companies(store: &TestDb) {
    let north = given::company(store, "north").await;
    let gone = given::status(store, north, "gone", StatusCategory::Active).await;
    let status = given::status(store, north, "new", StatusCategory::Active).await;
    let stage = stage(store, north, "Call").await.unwrap();
    let channel = channel(store, north, "Phone").await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(north).delete_status(gone).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = store.read().await.unwrap();

    assert!(reader.status_id_given(gone).await.unwrap());
    assert!(!reader.status_id_given(StatusId::new(0)).await.unwrap());
    assert!(reader.company_id_given(north).await.unwrap());
    let later = CompanyId::new(north.get() + 1);
    assert!(!reader.company_id_given(later).await.unwrap());
    assert!(reader.status_id_given(status).await.unwrap());
    assert!(reader.stage_id_given(stage).await.unwrap());
    assert!(reader.channel_id_given(channel).await.unwrap());
    assert!(!reader.status_id_given(StatusId::new(99)).await.unwrap());
    assert!(!reader.stage_id_given(StageId::new(99)).await.unwrap());
    assert!(!reader.channel_id_given(ChannelId::new(99)).await.unwrap());
}

async fn wanted_statuses_and_channels_are_read_with_the_company_they_are_wanted_in(store: &TestDb) {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let new = given::status(store, north, "new", StatusCategory::Closed).await;
    let of_south = given::status(store, south, "new", StatusCategory::Active).await;
    let phone = channel(store, north, "Phone").await.unwrap();
    let web_of_south = channel(store, south, "Web").await.unwrap();

    let mut reader = store.read().await.unwrap();
    let wanted = [
        (north, new),
        (north, of_south),
        (south, of_south),
        (north, StatusId::new(99)),
    ];
    let statuses = reader.statuses_of(&wanted.into()).await.unwrap();
    let wanted = [(north, phone), (north, web_of_south), (south, phone)];
    let channels = reader.channels_of(&wanted.into()).await.unwrap();

    let mut found: Vec<_> = statuses
        .iter()
        .map(|s| (s.company_id, s.id, s.name.as_str(), s.category))
        .collect();
    found.sort_by_key(|&(company, ..)| company);
    let expected = [
        (north, new, "new", StatusCategory::Closed),
        (south, of_south, "new", StatusCategory::Active),
    ];
    assert_eq!(found, expected);
    let found: Vec<_> = channels
        .iter()
        .map(|c| (c.company_id, c.id, c.name.as_str()))
        .collect();
    assert_eq!(found, [(north, phone, "Phone")]);
    let none = reader.statuses_of(&BTreeSet::new()).await.unwrap();
    assert!(none.is_empty());
    let none = reader.channels_of(&BTreeSet::new()).await.unwrap();
    assert!(none.is_empty());
}
