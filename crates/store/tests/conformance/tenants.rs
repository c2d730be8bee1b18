//! A company's handle neither shows nor changes what belongs to another company.

use crate::database::TestDb;
use crate::given::{self, NOW};
use std::fmt::Write as _;
use tawzi_core::client::PhoneType;
use tawzi_core::id::{
    ChannelId, ClientEventId, ClientId, ClientTaskId, CompanyId, PhoneNumberId, StageId, StatusId,
    UserId,
};
use tawzi_core::status::StatusCategory;
use tawzi_store::{
    Author, Channel, Client, ClientFilter, ClientTask, CompanyTally, Error, NewClient, NewPhone,
    NewTask, Reassignment, Stage, Status, SweepCause, Tenant, Viewer,
};

on_both_engines! {
    nothing_of_another_company_is_read,
    nothing_of_another_company_is_changed,
    no_status_stage_or_channel_of_another_company_is_changed,
    nothing_of_another_company_is_referred_to,
}

const EVERYTHING: Viewer = Viewer::Everything;

/// Two companies; the first has one of everything.
struct Given {
    north: CompanyId,
    south: CompanyId,
    amal: UserId,
    of_south: UserId,
    status: StatusId,
    stage: StageId,
    channel: ChannelId,
    client: ClientId,
    phone: PhoneNumberId,
    task: ClientTaskId,
    event: ClientEventId,
    client_of_south: ClientId,
}

async fn given_two_companies(store: &TestDb) -> Given {
    let north = given::company(store, "north").await;
    let south = given::company(store, "south").await;
    let amal = given::employee(store, north, "amal").await;
    let of_south = given::employee(store, south, "badr").await;
    let status = given::status(store, north, "new", StatusCategory::Active).await;
    let phones = [given::new_phone("1")];

    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(north);
    let stage = Stage::new("Call", 1, NOW);
    let stage = tenant.create_stage(stage).await.unwrap().id;
    let channel = Channel::new("Phone", "phone", NOW);
    let channel = tenant.create_channel(channel).await.unwrap().id;
    let client = NewClient {
        status: Some(status),
        channel: Some(channel),
        phones: &phones,
        assigned_to: Some(amal),
        ..given::new_client(north, "Sara")
    };
    let other = given::new_client(south, "Omar");
    let created = given::insert_clients(&mut tx, &[client, other])
        .await
        .unwrap();
    let client = created[0].0;
    let task = NewTask {
        client,
        stage: Some(stage),
        notes: Some("called"),
        reminder_date: None,
        created_by: Author::User(amal),
        create_key: None,
        at: NOW,
    };
    let task = given::log_task(&mut tx, north, task).await.unwrap();
    let event = given::new_event(north, client, None);
    given::insert_events(&mut tx, &[event]).await.unwrap();
    tx.tenant_tx(north).recount_loads().await.unwrap();
    let mut tenant = tx.tenant_tx(north);
    let events = tenant.events(EVERYTHING, None, 0, 1).await.unwrap();
    let event = events[0].id;
    tx.commit().await.unwrap();
    Given {
        north,
        south,
        amal,
        of_south,
        status,
        stage,
        channel,
        client,
        phone: created[0].1[0],
        task,
        event,
        client_of_south: created[1].0,
    }
}

impl Given {
    /// All that a handle shows, asked with the ids of the first company.
    async fn seen_through(&self, tenant: &mut Tenant<'_>) -> String {
        let everything = ClientFilter::default();
        let all = tenant
            .select_clients(Viewer::Everything, everything.clone(), NOW)
            .await
            .unwrap();
        let named = ClientFilter {
            words: vec!["sara".to_owned()],
            ..everything
        };
        let named = tenant
            .select_clients(Viewer::Everything, named, NOW)
            .await
            .unwrap();
        let client = Some(self.client);
        let mut seen = String::new();
        macro_rules! see {
            ($($read:expr;)+) => {$(
                writeln!(seen, "{:?}", $read.await.unwrap()).unwrap();
            )+};
        }
        see! {
            tenant.page_of_statuses(0, 9);
            tenant.count_statuses();
            tenant.status(self.status);
            tenant.status_named("new");
            tenant.page_of_stages(0, 9);
            tenant.count_stages();
            tenant.stage(self.stage);
            tenant.stage_named("Call");
            tenant.next_stage_position();
            tenant.page_of_channels(0, 9);
            tenant.count_channels();
            tenant.channel(self.channel);
            tenant.channel_named("Phone");
            tenant.client(self.client, EVERYTHING);
            tenant.client(self.client, Viewer::AssignedTo(self.amal));
            tenant.clients(&all, &[], 0, 9);
            tenant.count_clients(&all);
            tenant.count_clients_by_status(&all);
            tenant.count_wrong_counters();
            tenant.clients(&named, &[], 0, 9);
            tenant.count_clients(&named);
            tenant.due_clients(NOW.plus_seconds(1), None, 9);
            tenant.count_due_clients(NOW.plus_seconds(1));
            tenant.unassigned_clients();
            tenant.owned_clients(&[self.client]);
            tenant.phones_of(&[self.client]);
            tenant.tasks(EVERYTHING, &[], &[], 0, 9);
            tenant.count_tasks(EVERYTHING, &[]);
            tenant.task(self.task, EVERYTHING);
            tenant.events(EVERYTHING, client, 0, 9);
            tenant.count_events(EVERYTHING, client);
            tenant.event(self.event, EVERYTHING);
            tenant.roster();
            tenant.load_differences();
        }
        seen
    }

    async fn seen_by(&self, store: &TestDb, company: CompanyId) -> String {
        let mut reader = store.read().await.unwrap();
        self.seen_through(&mut reader.tenant(company)).await
    }
}

fn changed_status(id: StatusId) -> Status {
    Status {
        id,
        color: "#ffffff".to_owned(),
        is_default: true,
        is_hidden: true,
        is_active: false,
        ..Status::new("changed", StatusCategory::Closed, NOW)
    }
}

fn changed_stage(id: StageId) -> Stage {
    Stage {
        id,
        color: "#ffffff".to_owned(),
        required: true,
        auto_advance: true,
        is_active: false,
        ..Stage::new("changed", 9, NOW)
    }
}

fn changed_channel(id: ChannelId) -> Channel {
    Channel {
        id,
        priority: "high".to_owned(),
        is_active: false,
        ..Channel::new("changed", "changed", NOW)
    }
}

async fn nothing_of_another_company_is_read(store: &TestDb) {
    let given = given_two_companies(store).await;
    let mut tx = store.begin().await.unwrap();
    tx.tenant_tx(given.south)
        .delete_client(given.client_of_south)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let seen = given.seen_by(store, given.south).await;

    let roster = seen.lines().find(|line| line.contains("badr")).unwrap();
    let others: Vec<_> = seen.lines().filter(|line| *line != roster).collect();
    let nothing = ["[]", "None", "0", "Exactly(0)"];
    assert!(others.iter().all(|line| nothing.contains(line)), "{seen}");
    assert!(!roster.contains("amal"), "{roster}");
}

async fn nothing_of_another_company_is_changed(store: &TestDb) {
    let given = given_two_companies(store).await;
    let before = given.seen_by(store, given.north).await;
    let assigned = Reassignment {
        company: given.south,
        client: given.client,
        from: Some(given.amal),
        to: Some(given.of_south),
        touched_at: None,
        waiting_since: None,
    };
    let swept = Reassignment {
        touched_at: Some(NOW),
        ..assigned
    };
    let client = given::edited(store, given.north, given.client).await;
    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(given.north);
    let task = tenant.task(given.task, EVERYTHING).await.unwrap();
    let task = ClientTask {
        client_id: given.client_of_south,
        ..task.unwrap()
    };
    drop(tx);

    let mut tx = store.begin().await.unwrap();
    let sweep = tx.start_sweep(SweepCause::Command, NOW).await.unwrap();
    let mut tenant = tx.tenant_tx(given.south);
    let saved = tenant.save_client(&client).await;
    let stripped = tenant.replace_phones(given.client, &[], NOW).await;
    let edited = tenant.save_task(&task).await;
    let task_deleted = tenant.delete_task(given.task).await;
    let deleted = tenant.delete_client(given.client).await;
    let recounted = tenant.recount_loads().await;
    let failed = tenant.note_sweep_failure(sweep, "no disk").await;
    let foreign = (given.south, given.client, EVERYTHING);
    let touched = tx.touch_clients(&[foreign], NOW).await;
    let moved = tx.reassign_clients(&[assigned, swept], NOW).await;
    let tally = CompanyTally::default();
    let counted = tx.add_to_sweep(sweep, &[(given.south, tally)]).await;
    tx.commit().await.unwrap();

    assert!(moved.unwrap().is_empty());
    assert!(touched.unwrap().is_empty());
    for done in [
        saved,
        stripped,
        edited,
        task_deleted,
        deleted,
        recounted,
        counted,
        failed,
    ] {
        done.unwrap();
    }
    assert_eq!(given.seen_by(store, given.north).await, before);
}

async fn no_status_stage_or_channel_of_another_company_is_changed(store: &TestDb) {
    let given = given_two_companies(store).await;
    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(given.north);
    let default = Status {
        name: "new".to_owned(),
        ..changed_status(given.status)
    };
    tenant.save_status(&default).await.unwrap();
    tx.commit().await.unwrap();
    let before = given.seen_by(store, given.north).await;

    let mut tx = store.begin().await.unwrap();
    let mut tenant = tx.tenant_tx(given.south);
    let status = changed_status(given.status);
    tenant.save_status(&status).await.unwrap();
    let stage = changed_stage(given.stage);
    tenant.save_stage(&stage).await.unwrap();
    let channel = changed_channel(given.channel);
    tenant.save_channel(&channel).await.unwrap();
    let own = StatusId::new(99);
    tenant.clear_other_defaults(own).await.unwrap();
    let bare = tenant.delete_status(given.status).await.unwrap();
    tenant.delete_stage(given.stage).await.unwrap();
    tenant.delete_channel(given.channel).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(bare, 0);
    assert_eq!(given.seen_by(store, given.north).await, before);
}

async fn nothing_of_another_company_is_referred_to(store: &TestDb) {
    let given = given_two_companies(store).await;
    let before = given.seen_by(store, given.north).await;
    let of_south = given.client_of_south;
    let task = |client, stage| NewTask {
        client,
        stage,
        notes: None,
        reminder_date: None,
        created_by: Author::User(given.of_south),
        create_key: None,
        at: NOW,
    };
    let kept = [NewPhone {
        id: Some(given.phone),
        phone_number: "2".to_owned(),
        phone_type: PhoneType::Mobile,
        is_primary: true,
        notes: None,
    }];
    let edited = given::edited(store, given.south, of_south).await;
    let with_status = Client {
        status_id: Some(given.status),
        ..edited.clone()
    };
    let with_channel = Client {
        channel_id: Some(given.channel),
        ..edited
    };
    macro_rules! refused {
        ($($tx:ident => $write:expr;)+) => {$({
            let mut tx = store.begin().await.unwrap();
            let $tx = &mut tx;
            let written = $write.await.map(drop);
            let refused = matches!(written, Err(Error::Conflict(_)));
            assert!(refused, "{}: {written:?}", stringify!($write));
        })+};
    }

    refused! {
        tx => given::log_task(tx, given.south, task(given.client, None));
        tx => given::log_task(tx, given.south, task(of_south, Some(given.stage)));
        tx => tx.tenant_tx(given.south).replace_phones(given.client, &kept, NOW);
        tx => tx.tenant_tx(given.south).save_client(&with_status);
        tx => tx.tenant_tx(given.south).save_client(&with_channel);
    }

    assert_eq!(given.seen_by(store, given.north).await, before);
}
