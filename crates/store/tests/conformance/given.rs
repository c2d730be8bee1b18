//! What tests start from.

use crate::database::TestDb;
use tawzi_core::client::{ClientType, PhoneType, Priority};
use tawzi_core::company::ReAssignHours;
use tawzi_core::event::{self, EditedField};
use tawzi_core::id::{
    ChannelId, ClientEventId, ClientId, ClientTaskId, CompanyId, PhoneNumberId, StageId, StatusId,
    UserId,
};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{
    Author, Channel, Client, Error, LoadChange, NewClient, NewCompany, NewEvent, NewPhone, NewTask,
    NewUser, Stage, Status, Tx, Viewer, Writes, WrittenIds,
};

/// The moment at which everything happens, unless a test says otherwise.
pub(crate) const NOW: Timestamp = Timestamp::from_microseconds(1_764_687_600_123_456);

/// A company that assigns and sweeps by itself, after 24 hours.
pub(crate) fn new_company(domain: &str) -> NewCompany<'_> {
    NewCompany {
        name: domain,
        domain,
        specialization: "services",
        auto_assign_enabled: true,
        re_assign_enabled: true,
        re_assign_hours: ReAssignHours::DEFAULT,
        created_at: NOW,
    }
}

/// Creates such a company.
pub(crate) async fn company(store: &TestDb, domain: &str) -> CompanyId {
    let mut tx = store.begin().await.unwrap();
    let id = tx.create_company(new_company(domain)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// An employee without a first or last name.
pub(crate) fn new_employee(company: CompanyId, username: &str) -> NewUser<'_> {
    NewUser {
        company: Some(company),
        username,
        email: username,
        first_name: "",
        last_name: "",
        phone: None,
        role: "employee",
        password_hash: "hash",
        is_superuser: false,
        date_joined: NOW,
    }
}

/// Creates a person.
pub(crate) async fn user(store: &TestDb, new: NewUser<'_>) -> UserId {
    let mut tx = store.begin().await.unwrap();
    let id = tx.create_user(new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Creates an employee whose e-mail address is the user name.
pub(crate) async fn employee(store: &TestDb, company: CompanyId, username: &str) -> UserId {
    user(store, new_employee(company, username)).await
}

/// Creates a status.
pub(crate) async fn status(
    store: &TestDb,
    company: CompanyId,
    name: &str,
    category: StatusCategory,
) -> StatusId {
    let mut tx = store.begin().await.unwrap();
    let new = Status {
        color: "#00ff00".to_owned(),
        ..Status::new(name, category, NOW)
    };
    let status = tx.tenant_tx(company).create_status(new).await.unwrap();
    tx.commit().await.unwrap();
    status.id
}

/// Creates a stage.
pub(crate) async fn stage(
    store: &TestDb,
    company: CompanyId,
    name: &str,
    position: i64,
) -> StageId {
    let mut tx = store.begin().await.unwrap();
    let new = Stage::new(name, position, NOW);
    let stage = tx.tenant_tx(company).create_stage(new).await.unwrap();
    tx.commit().await.unwrap();
    stage.id
}

/// Creates a channel.
pub(crate) async fn channel(store: &TestDb, company: CompanyId, name: &str) -> ChannelId {
    let mut tx = store.begin().await.unwrap();
    let new = Channel::new(name, "phone", NOW);
    let channel = tx.tenant_tx(company).create_channel(new).await.unwrap();
    tx.commit().await.unwrap();
    channel.id
}

/// A client with a name and nothing else.
pub(crate) fn new_client(company: CompanyId, name: &str) -> NewClient<'_> {
    NewClient {
        company,
        name,
        priority: Priority::Medium,
        client_type: ClientType::Fresh,
        channel: None,
        status: None,
        budget: None,
        phone_number: None,
        phones: &[],
        phone_keys: Vec::new(),
        assigned_to: None,
        waiting_since: None,
        event: None,
        create_key: None,
        at: NOW,
    }
}

/// A client of the company, edited but not saved.
pub(crate) async fn edited(store: &TestDb, company: CompanyId, id: ClientId) -> Client {
    let mut reader = store.read().await.unwrap();
    let client = reader
        .tenant(company)
        .client(id, Viewer::Everything)
        .await
        .unwrap();
    Client {
        name: "changed".to_owned(),
        priority: "low".to_owned(),
        client_type: "cold".to_owned(),
        channel_id: None,
        status_id: None,
        budget_hundredths: None,
        phone_number: None,
        updated_at: NOW,
        ..client.unwrap()
    }
}

/// Creates the clients within a transaction; gives their ids and those of their phone numbers.
pub(crate) async fn insert_clients(
    tx: &mut Tx,
    clients: &[NewClient<'_>],
) -> Result<Vec<(ClientId, Vec<PhoneNumberId>)>, Error> {
    let writes = Writes {
        clients,
        ..Writes::default()
    };
    Ok(tx.write(&writes).await?.clients)
}

/// Writes the events within a transaction.
pub(crate) async fn insert_events(
    tx: &mut Tx,
    events: &[NewEvent],
) -> Result<Vec<ClientEventId>, Error> {
    let writes = Writes {
        events,
        ..Writes::default()
    };
    Ok(tx.write(&writes).await?.events)
}

/// Logs an activity and gives its id.
pub(crate) async fn log_task(
    tx: &mut Tx,
    company: CompanyId,
    new: NewTask<'_>,
) -> Result<ClientTaskId, Error> {
    Ok(tx.create_tasks(&[(company, new)]).await?[0])
}

/// Changes the counters within a transaction.
pub(crate) async fn change_loads(tx: &mut Tx, loads: &[LoadChange]) -> Result<WrittenIds, Error> {
    let writes = Writes {
        loads,
        ..Writes::default()
    };
    tx.write(&writes).await
}

/// Creates the clients.
pub(crate) async fn clients(store: &TestDb, new: &[NewClient<'_>]) -> Vec<ClientId> {
    let mut tx = store.begin().await.unwrap();
    let created = insert_clients(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    created.into_iter().map(|(id, _)| id).collect()
}

/// Creates a client.
pub(crate) async fn client(store: &TestDb, new: NewClient<'_>) -> ClientId {
    clients(store, &[new]).await[0]
}

/// Creates a client that `assignee` received at that moment.
pub(crate) async fn held_client(
    store: &TestDb,
    company: CompanyId,
    assignee: UserId,
    at: Timestamp,
) -> ClientId {
    let new = NewClient {
        assigned_to: Some(assignee),
        at,
        ..new_client(company, "held")
    };
    client(store, new).await
}

/// A mobile number that is not the primary one.
pub(crate) fn new_phone(number: &str) -> NewPhone {
    NewPhone {
        id: None,
        phone_number: number.to_owned(),
        phone_type: PhoneType::Mobile,
        is_primary: false,
        notes: None,
    }
}

/// Writes an event that somebody, or nobody, has caused.
pub(crate) async fn event(
    store: &TestDb,
    company: CompanyId,
    client: ClientId,
    created_by: Option<UserId>,
) {
    let mut tx = store.begin().await.unwrap();
    insert_events(&mut tx, &[new_event(company, client, created_by)])
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// An edit of the name.
pub(crate) fn new_event(
    company: CompanyId,
    client: ClientId,
    created_by: Option<UserId>,
) -> NewEvent {
    NewEvent {
        company,
        client,
        text: event::edited(EditedField::Name, Some("سارة"), None),
        created_by: created_by.map_or(Author::Nobody, Author::User),
        sweep: None,
        at: NOW,
    }
}
