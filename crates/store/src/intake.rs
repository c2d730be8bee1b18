//! Writing many new clients at once, of many companies, in a few statements.

use crate::dialect::Sql;
use crate::engine::{EngineKind, Tx};
use crate::error::Result;
use crate::events::{INSERT_EVENTS, NewEvent, event_rows};
use crate::loads::{CHANGE_LOADS, LoadChange, RAISE_VERSIONS, load_rows};
use crate::phones::{INSERT_PHONES, PhoneRow};
use crate::sequence::{Sequence, Wanted, take_if};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use tawzi_core::client::{Budget, ClientType, PhoneType, Priority};
use tawzi_core::id::{ChannelId, ClientId, CompanyId, PhoneNumberId, StatusId, UserId};
use tawzi_core::time::Timestamp;

/// A client to be created; who receives it is already decided.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of Client")]
pub struct NewClient<'a> {
    pub company: CompanyId,
    pub name: &'a str,
    pub priority: Priority,
    pub client_type: ClientType,
    pub channel: Option<ChannelId>,
    pub status: Option<StatusId>,
    pub budget: Option<Budget>,
    pub phone_number: Option<&'a str>,
    pub phones: &'a [NewPhone],
    pub assigned_to: Option<UserId>,
    /// What a repetition of the same request is recognised by.
    pub create_key: Option<i64>,
    pub at: Timestamp,
}

/// A phone number to be created.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the fields are those of ClientPhone")]
pub struct NewPhone {
    /// Which of the client's numbers it was before, when the numbers are replaced.
    pub id: Option<PhoneNumberId>,
    pub phone_number: String,
    pub phone_type: PhoneType,
    pub is_primary: bool,
    pub notes: Option<String>,
}

record! {
    /// A client that an earlier request with the same key created.
    pub struct RecentCreate {
        /// Its company.
        pub company_id: CompanyId,
        /// The key.
        pub create_key: i64,
        /// The client.
        pub id: ClientId,
    }
}

statements! {
    INSERT = [
        "INSERT INTO client (company_id, id, name, priority, client_type, channel_id, status_id,
             budget_hundredths, phone_number, assigned_to, assigned_at, create_key, created_at,
             updated_at)
         SELECT r.company_id, r.id, r.name, r.priority, r.client_type, r.channel_id, r.status_id,
             r.budget, r.phone_number, r.assigned_to,
             CASE WHEN r.assigned_to IS NULL THEN NULL ELSE r.created_at END, r.create_key,
             r.created_at, r.created_at
         FROM " (ROWS company_id BIGINT, id BIGINT, name TEXT, priority TEXT, client_type TEXT,
             channel_id BIGINT, status_id BIGINT, budget BIGINT, phone_number TEXT,
             assigned_to BIGINT, create_key BIGINT, created_at BIGINT)
    ];
    /// One probe of the index for each key: a join would be planned for as few clients as there were at
    /// that time, and read all of them later. The `+` keeps `SQLite` from preferring the index by time,
    /// which would read every client that the company has had since.
    READ_RECENT = [
        "SELECT company_id, create_key, id
         FROM (
             SELECT r.company_id, r.create_key, (
                 SELECT MAX(k.id)
                 FROM client k
                 WHERE k.company_id = r.company_id
                     AND k.create_key = r.create_key
                     AND +k.created_at >= r.since
             ) AS id
             FROM " (ROWS company_id BIGINT, create_key BIGINT, since BIGINT) "
         ) AS found
         WHERE id IS NOT NULL"
    ];
    /// Whether companies $1 still have versions $2, which are joined in the order of the ids.
    SAME_VERSIONS = [
        "SELECT COALESCE(string_agg(CAST(c.assignment_version AS TEXT), ',' ORDER BY c.id) = $2, FALSE)
         FROM company c
         WHERE c.id" IN_IDS
    ];
    /// The same, and that it stays so until commit. Locked in order of id, as by `LOCK_MANY`.
    HOLD_VERSIONS = [
        "SELECT COALESCE(string_agg(CAST(held.version AS TEXT), ',' ORDER BY held.id) = $2, FALSE)
             AS holds
         FROM (
             SELECT c.id, c.assignment_version AS version
             FROM company c
             WHERE c.id" IN_IDS "
             ORDER BY c.id" LOCK_ROWS "
         ) AS held"
    ];
}

/// Everything that a batch of creates writes.
const PARTS: [Sql; 5] = [
    INSERT,
    INSERT_PHONES,
    INSERT_EVENTS,
    CHANGE_LOADS,
    RAISE_VERSIONS,
];

static RECORD: LazyLock<Sql> = LazyLock::new(|| Sql::together(&PARTS));

/// Takes ids if companies $2 still have versions $3 and no request with one of the keys $4 has created a
/// client.
static TAKE_IF: LazyLock<Sql> = LazyLock::new(|| {
    let condition = |versions: &str, recent: &str| {
        let versions = versions.replace("$2", "$3").replace("$1", "$2");
        let recent = recent.replace("$1", "$4");
        format!("({versions}) AND NOT EXISTS ({recent})")
    };
    take_if(
        &condition(SAME_VERSIONS.postgres, READ_RECENT.postgres),
        &condition(SAME_VERSIONS.sqlite, READ_RECENT.sqlite),
    )
});

static RECORD_IF: LazyLock<Sql> = LazyLock::new(|| Sql::together_if(&HOLD_VERSIONS, 2, &PARTS));

/// What a batch of creates was decided by.
#[derive(Clone, Debug, Default)]
pub struct CreateBasis {
    /// The version of each company; see [`crate::Company::assignment_version`].
    pub versions: BTreeMap<CompanyId, i64>,
    /// The keys of the requests, and since when a client with the same key would be the same one.
    pub keys: Vec<(CompanyId, i64, Timestamp)>,
}

/// Ids for what a batch creates.
#[derive(Clone, Debug, Default)]
pub struct CreateIds {
    /// Each client's, with those of its phone numbers, in the order of both.
    pub clients: Vec<(ClientId, Vec<PhoneNumberId>)>,
    events: Vec<i64>,
}

impl CreateIds {
    fn of(clients: &[NewClient<'_>], [client_ids, phone_ids, events]: [Vec<i64>; 3]) -> Self {
        let mut phone_ids = phone_ids.into_iter().map(PhoneNumberId::new);
        let with_phones = clients.iter().zip(client_ids).map(|(client, id)| {
            let phones = phone_ids.by_ref().take(client.phones.len());
            (ClientId::new(id), phones.collect())
        });
        Self {
            clients: with_phones.collect(),
            events,
        }
    }
}

impl CreateBasis {
    /// The companies, and their versions in the same order.
    fn versions(&self) -> Result<[String; 2]> {
        let companies: Vec<_> = self.versions.keys().collect();
        let versions: Vec<_> = self.versions.values().map(i64::to_string).collect();
        Ok([serde_json::to_string(&companies)?, versions.join(",")])
    }
}

#[derive(Serialize)]
struct ClientRow<'a> {
    company_id: CompanyId,
    id: ClientId,
    name: &'a str,
    priority: &'static str,
    client_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_id: Option<ChannelId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_id: Option<StatusId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    create_key: Option<i64>,
    created_at: i64,
}

#[derive(Serialize)]
struct KeyRow {
    company_id: CompanyId,
    create_key: i64,
    since: i64,
}

impl Tx {
    /// Ids for those clients, their phone numbers, and so many events.
    pub async fn take_create_ids(
        &mut self,
        clients: &[NewClient<'_>],
        events: usize,
    ) -> Result<CreateIds> {
        let ids = self.take_ids(wanted_ids(clients, events)).await?;
        Ok(CreateIds::of(clients, ids))
    }

    /// The same, if what the batch was decided by still holds; otherwise no id is taken.
    pub async fn take_create_ids_if(
        &mut self,
        basis: &CreateBasis,
        clients: &[NewClient<'_>],
        events: usize,
    ) -> Result<Option<CreateIds>> {
        let wanted = Wanted::new(wanted_ids(clients, events));
        let [companies, versions] = basis.versions()?;
        let keys = key_rows(&basis.keys)?;
        let taken = fetch_all!(
            self,
            (String, i64),
            *TAKE_IF,
            &wanted.parameter()?,
            &companies,
            &versions,
            &keys
        )?;
        if taken.is_empty() {
            return Ok(None);
        }
        let ids = wanted.ids(self.engine(), &taken);
        Ok(Some(CreateIds::of(clients, ids)))
    }

    /// Creates the clients with their phone numbers, writes their events and changes the loads. The
    /// caller holds the companies' locks.
    pub async fn record_creates(
        &mut self,
        clients: &[NewClient<'_>],
        ids: &CreateIds,
        events: &[NewEvent],
        loads: &[LoadChange],
    ) -> Result<()> {
        let [clients, phones, events, loads, raised] = parameters(clients, ids, events, loads)?;
        execute!(self, *RECORD, &clients, &phones, &events, &loads, &raised)?;
        Ok(())
    }

    /// The same, if the companies still have those versions; says whether they do. Needs no locks, as
    /// `PostgreSQL` takes them in the same statement; the ids were taken by the same versions.
    pub async fn record_creates_if(
        &mut self,
        basis: &CreateBasis,
        clients: &[NewClient<'_>],
        ids: &CreateIds,
        events: &[NewEvent],
        loads: &[LoadChange],
    ) -> Result<bool> {
        if self.engine() == EngineKind::Sqlite {
            // Nobody else has written since the ids were taken.
            self.record_creates(clients, ids, events, loads).await?;
            return Ok(true);
        }
        let [companies, versions] = basis.versions()?;
        let [clients, phones, events, loads, raised] = parameters(clients, ids, events, loads)?;
        let (holds,) = fetch_one!(
            self,
            (bool,),
            *RECORD_IF,
            &companies,
            &versions,
            &clients,
            &phones,
            &events,
            &loads,
            &raised
        )?;
        Ok(holds)
    }

    /// The newest client that requests with each of these keys have created since a moment.
    pub async fn recent_creates(
        &mut self,
        keys: &[(CompanyId, i64, Timestamp)],
    ) -> Result<Vec<RecentCreate>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let rows = key_rows(keys)?;
        fetch_all!(self, RecentCreate, READ_RECENT, &rows)
    }
}

fn wanted_ids(clients: &[NewClient<'_>], events: usize) -> [(Sequence, usize); 3] {
    let phones = clients.iter().map(|client| client.phones.len()).sum();
    [
        (Sequence::Client, clients.len()),
        (Sequence::ClientPhone, phones),
        (Sequence::ClientEvent, events),
    ]
}

/// The parameters of [`PARTS`].
fn parameters(
    clients: &[NewClient<'_>],
    ids: &CreateIds,
    events: &[NewEvent],
    loads: &[LoadChange],
) -> Result<[String; 5]> {
    let mut client_rows = Vec::with_capacity(clients.len());
    let mut phone_rows = Vec::new();
    for (client, (id, phone_ids)) in clients.iter().zip(&ids.clients) {
        client_rows.push(client_row(client, *id));
        let phones = client.phones.iter().zip(phone_ids);
        phone_rows.extend(phones.map(|(phone, &id_of)| phone_row(client, *id, phone, id_of)));
    }
    // In the order of the indexes. SQLite's index for searching writes all that it has gathered when it is
    // given a number that is not larger than the last one.
    client_rows.sort_unstable_by_key(|row| (row.company_id, row.id));
    let companies: BTreeSet<_> = clients.iter().map(|client| client.company).collect();
    Ok([
        serde_json::to_string(&client_rows)?,
        serde_json::to_string(&phone_rows)?,
        event_rows(events, &ids.events)?,
        load_rows(loads)?,
        serde_json::to_string(&companies)?,
    ])
}

/// The parameter of `READ_RECENT`.
fn key_rows(keys: &[(CompanyId, i64, Timestamp)]) -> Result<String> {
    let rows: Vec<_> = keys
        .iter()
        .map(|&(company_id, create_key, since)| KeyRow {
            company_id,
            create_key,
            since: since.microseconds(),
        })
        .collect();
    Ok(serde_json::to_string(&rows)?)
}

fn client_row<'a>(client: &NewClient<'a>, id: ClientId) -> ClientRow<'a> {
    ClientRow {
        company_id: client.company,
        id,
        name: client.name,
        priority: client.priority.as_str(),
        client_type: client.client_type.as_str(),
        channel_id: client.channel,
        status_id: client.status,
        budget: client.budget.map(Budget::hundredths),
        phone_number: client.phone_number,
        assigned_to: client.assigned_to,
        create_key: client.create_key,
        created_at: client.at.microseconds(),
    }
}

fn phone_row<'a>(
    client: &NewClient<'a>,
    client_id: ClientId,
    phone: &'a NewPhone,
    id: PhoneNumberId,
) -> PhoneRow<'a> {
    PhoneRow {
        company_id: client.company,
        id: id.get(),
        client_id,
        phone_number: &phone.phone_number,
        phone_type: phone.phone_type.as_str(),
        is_primary: phone.is_primary,
        notes: phone.notes.as_deref(),
        created_at: client.at.microseconds(),
    }
}
