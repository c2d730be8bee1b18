//! Statuses, stages and channels as they are listed and edited.

use crate::database::TestDb;
use crate::given::{self, NOW};
use tawzi_core::id::{ChannelId, CompanyId, StageId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{Channel, Error, Stage, Status};

on_both_engines! {
    a_new_one_has_what_nobody_said,
    an_edited_status_is_read_back,
    an_edited_stage_is_read_back,
    an_edited_channel_is_read_back,
    a_name_that_is_taken_cannot_be_taken_by_an_edit,
    one_is_found_by_its_whole_name,
    pages_come_in_the_order_of_the_list,
    the_next_stage_goes_behind_all_others,
    no_other_status_stays_the_default,
}

const LATER: Timestamp = NOW.plus_seconds(60);

fn edited_status(id: StatusId) -> Status {
    Status {
        id,
        description: Some("won or lost".to_owned()),
        color: "#0000ff".to_owned(),
        is_default: true,
        is_hidden: true,
        is_active: false,
        ..Status::new("مغلق", StatusCategory::Closed, LATER)
    }
}

fn edited_stage(id: StageId) -> Stage {
    Stage {
        id,
        description: Some("at home".to_owned()),
        color: "#0000ff".to_owned(),
        required: true,
        auto_advance: true,
        is_active: false,
        ..Stage::new("زيارة", -7, LATER)
    }
}

fn edited_channel(id: ChannelId) -> Channel {
    Channel {
        id,
        priority: "high".to_owned(),
        is_active: false,
        ..Channel::new("واتساب", "Social", LATER)
    }
}

/// A company with one of each; the status is active.
struct Given {
    company: CompanyId,
    status: StatusId,
    stage: StageId,
    channel: ChannelId,
}

async fn given_one_of_each(store: &TestDb) -> Given {
    let company = given::company(store, "north").await;
    Given {
        company,
        status: given::status(store, company, "New", StatusCategory::Active).await,
        stage: given::stage(store, company, "Call", 0).await,
        channel: given::channel(store, company, "Phone").await,
    }
}

impl Given {
    async fn status(&self, store: &TestDb, id: StatusId) -> Option<Status> {
        let mut reader = store.read().await.unwrap();
        reader.tenant(self.company).status(id).await.unwrap()
    }

    async fn stage(&self, store: &TestDb) -> Option<Stage> {
        let mut reader = store.read().await.unwrap();
        reader.tenant(self.company).stage(self.stage).await.unwrap()
    }

    async fn channel(&self, store: &TestDb) -> Option<Channel> {
        let mut reader = store.read().await.unwrap();
        let mut tenant = reader.tenant(self.company);
        tenant.channel(self.channel).await.unwrap()
    }
}

async fn a_new_one_has_what_nobody_said(store: &TestDb) {
    let given = given_one_of_each(store).await;

    let status = given.status(store, given.status).await.unwrap();
    let stage = given.stage(store).await.unwrap();
    let channel = given.channel(store).await.unwrap();

    assert_eq!(
        (status.company_id, status.id),
        (given.company, given.status)
    );
    assert_eq!(
        (status.description, status.color.as_str()),
        (None, "#00ff00")
    );
    let flags = (status.is_default, status.is_hidden, status.is_active);
    assert_eq!(flags, (false, false, true));
    assert_eq!((status.created_at, status.updated_at), (NOW, NOW));
    assert_eq!((stage.company_id, stage.id), (given.company, given.stage));
    assert_eq!((stage.description, stage.color.as_str()), (None, "#808080"));
    let flags = (stage.required, stage.auto_advance, stage.is_active);
    assert_eq!(flags, (false, false, true));
    assert_eq!((stage.created_at, stage.updated_at), (NOW, NOW));
    assert_eq!(
        (channel.company_id, channel.id),
        (given.company, given.channel)
    );
    assert_eq!(channel.channel_type, "phone");
    assert_eq!(
        (channel.priority.as_str(), channel.is_active),
        ("medium", true)
    );
    assert_eq!((channel.created_at, channel.updated_at), (NOW, NOW));
}

async fn an_edited_status_is_read_back(store: &TestDb) {
    let given = given_one_of_each(store).await;
    let other = given::status(store, given.company, "Other", StatusCategory::FollowUp).await;

    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(given.company);
    let edited = edited_status(given.status);
    tenant.save_status(&edited).await.unwrap();
    tx.commit().await.unwrap();

    let status = given.status(store, given.status).await.unwrap();
    assert_eq!(
        (status.name.as_str(), status.category),
        ("مغلق", StatusCategory::Closed)
    );
    assert_eq!(status.description.as_deref(), Some("won or lost"));
    assert_eq!(status.color, "#0000ff");
    let flags = (status.is_default, status.is_hidden, status.is_active);
    assert_eq!(flags, (true, true, false));
    assert_eq!((status.created_at, status.updated_at), (NOW, LATER));
    let other = given.status(store, other).await.unwrap();
    assert_eq!((other.name.as_str(), other.updated_at), ("Other", NOW));
}

async fn an_edited_stage_is_read_back(store: &TestDb) {
    let given = given_one_of_each(store).await;

    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(given.company);
    let edited = edited_stage(given.stage);
    tenant.save_stage(&edited).await.unwrap();
    tx.commit().await.unwrap();

    let stage = given.stage(store).await.unwrap();
    assert_eq!((stage.name.as_str(), stage.position), ("زيارة", -7));
    assert_eq!(stage.description.as_deref(), Some("at home"));
    assert_eq!(stage.color, "#0000ff");
    let flags = (stage.required, stage.auto_advance, stage.is_active);
    assert_eq!(flags, (true, true, false));
    assert_eq!((stage.created_at, stage.updated_at), (NOW, LATER));
}

async fn an_edited_channel_is_read_back(store: &TestDb) {
    let given = given_one_of_each(store).await;

    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(given.company);
    let edited = edited_channel(given.channel);
    tenant.save_channel(&edited).await.unwrap();
    tx.commit().await.unwrap();

    let channel = given.channel(store).await.unwrap();
    assert_eq!(
        (channel.name.as_str(), channel.channel_type.as_str()),
        ("واتساب", "Social")
    );
    assert_eq!(
        (channel.priority.as_str(), channel.is_active),
        ("high", false)
    );
    assert_eq!((channel.created_at, channel.updated_at), (NOW, LATER));
}

async fn a_name_that_is_taken_cannot_be_taken_by_an_edit(store: &TestDb) {
    let given = given_one_of_each(store).await;
    let status = edited_status(given.status);
    let stage = edited_stage(given.stage);
    let channel = edited_channel(given.channel);
    given::status(store, given.company, &status.name, StatusCategory::Active).await;
    given::stage(store, given.company, &stage.name, 1).await;
    given::channel(store, given.company, &channel.name).await;
    macro_rules! refused {
        ($($tenant:ident => $write:expr;)+) => {$({
            let mut tx = store.begin().await.unwrap();
            let mut $tenant = tx.tenant_tx(given.company);
            let saved = $write.await;
            assert!(matches!(saved, Err(Error::Conflict(_))), "{saved:?}");
        })+};
    }

    refused! {
        north => north.save_status(&status);
        north => north.save_stage(&stage);
        north => north.save_channel(&channel);
    }
}

async fn one_is_found_by_its_whole_name(store: &TestDb) {
    let given = given_one_of_each(store).await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(given.company);

    assert_eq!(
        tenant.status_named("New").await.unwrap(),
        Some(given.status)
    );
    assert_eq!(tenant.stage_named("Call").await.unwrap(), Some(given.stage));
    assert_eq!(
        tenant.channel_named("Phone").await.unwrap(),
        Some(given.channel)
    );
    for other in ["", "new", "call", "phone", "Ne", "New ", "%"] {
        assert_eq!(tenant.status_named(other).await.unwrap(), None, "{other}");
        assert_eq!(tenant.stage_named(other).await.unwrap(), None, "{other}");
        assert_eq!(tenant.channel_named(other).await.unwrap(), None, "{other}");
    }
}

async fn pages_come_in_the_order_of_the_list(store: &TestDb) {
    let given = given_one_of_each(store).await;
    let north = given.company;
    let first = given::status(store, north, "A", StatusCategory::Active).await;
    let last = given::status(store, north, "Z", StatusCategory::Active).await;
    let before = given::stage(store, north, "Agree", 0).await;
    let behind = given::stage(store, north, "Again", 1).await;
    let newer = given::channel(store, north, "Web").await;
    let newest = given::channel(store, north, "Agent").await;

    let mut reader = store.read().await.unwrap();
    let mut tenant = reader.tenant(north);
    let statuses = tenant.page_of_statuses(1, 2).await.unwrap();
    let stages = tenant.page_of_stages(0, 9).await.unwrap();
    let channels = tenant.page_of_channels(0, 2).await.unwrap();

    let statuses: Vec<_> = statuses.into_iter().map(|status| status.id).collect();
    assert_eq!(statuses, [given.status, last]);
    let stages: Vec<_> = stages.into_iter().map(|stage| stage.id).collect();
    assert_eq!(stages, [before, given.stage, behind]);
    let channels: Vec<_> = channels.into_iter().map(|channel| channel.id).collect();
    assert_eq!(channels, [newest, newer]);
    let counts = (
        tenant.count_statuses().await.unwrap(),
        tenant.count_stages().await.unwrap(),
        tenant.count_channels().await.unwrap(),
    );
    assert_eq!(counts, (3, 3, 3));
    let all = tenant.page_of_statuses(0, 9).await.unwrap();
    assert_eq!(all[0].id, first);
}

async fn the_next_stage_goes_behind_all_others(store: &TestDb) {
    let north = given::company(store, "north").await;
    let mut reader = store.read().await.unwrap();
    let first = reader.tenant(north).next_stage_position().await.unwrap();
    drop(reader);
    given::stage(store, north, "Visit", 5).await;
    given::stage(store, north, "Call", 2).await;

    let mut reader = store.read().await.unwrap();
    let next = reader.tenant(north).next_stage_position().await.unwrap();

    assert_eq!((first, next), (0, 6));
}

async fn no_other_status_stays_the_default(store: &TestDb) {
    let given = given_one_of_each(store).await;
    let other = given::status(store, given.company, "Other", StatusCategory::Active).await;
    let plain = given::status(store, given.company, "Plain", StatusCategory::Active).await;

    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(given.company);
    let edited = edited_status(given.status);
    tenant.save_status(&edited).await.unwrap();
    let edited = Status {
        name: "Other".to_owned(),
        ..edited_status(other)
    };
    tenant.save_status(&edited).await.unwrap();
    tenant.clear_other_defaults(other).await.unwrap();
    tx.commit().await.unwrap();

    for (id, is_default) in [(given.status, false), (other, true), (plain, false)] {
        let status = given.status(store, id).await.unwrap();
        assert_eq!(status.is_default, is_default, "{}", status.name);
    }
}
