//! Writing a batch of creates, if what it was decided by still holds.

use super::{CreateBasis, Created, HOLD_VERSIONS, INSERT, NewClient, NewPhone, READ_RECENT};
use crate::dialect::{Sql, postgres_together_if};
use crate::engine::{EngineKind, Tx};
use crate::error::Result;
use crate::events::{EventRow, INSERT_EVENTS};
use crate::loads::{CHANGE_LOADS, LoadChange, RAISE_VERSIONS, load_rows};
use crate::phones::{INSERT_PHONES, PhoneRow};
use crate::sequence::{Sequence, Wanted, take_if};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use tawzi_core::client::Budget;
use tawzi_core::id::{ChannelId, ClientId, CompanyId, PhoneNumberId, StatusId, UserId};

/// Everything that a batch of creates writes, and of which table the ids of the rows are.
const PARTS: [(Sql, Option<&str>); 5] = [
    (INSERT, Some("client")),
    (INSERT_PHONES, Some("client_phone")),
    (INSERT_EVENTS, Some("client_event")),
    (CHANGE_LOADS, None),
    (RAISE_VERSIONS, None),
];

/// `SQLite`, whose transaction has the database for itself: takes ids as `$1` says, if the condition is true,
/// with the parameters from `$2` on. The rows are written by the next statement.
static TAKE_IDS: LazyLock<Sql> = LazyLock::new(|| take_if(&condition(|part| part.sqlite, 2)));

static RECORD: LazyLock<Sql> = LazyLock::new(|| Sql {
    postgres: record_on_postgres(),
    ..Sql::together(&PARTS.map(|(part, _)| part))
});

/// One statement, parameters 1 to 3 of which are those of the condition. It takes ids for `$4` clients, `$5`
/// phone numbers and `$6` events, puts them in the place of the numbers from 1 on that are in the rows, and
/// answers with them; when the condition is false it writes nothing, takes none and answers nothing.
fn record_on_postgres() -> &'static str {
    let ids = [("client", 4), ("client_phone", 5), ("client_event", 6)].map(|(table, count)| {
        format!(
            "ARRAY(SELECT nextval('{table}_ids') FROM generate_series(1, CAST(${count} AS BIGINT)))
                 AS {table}"
        )
    });
    let given = format!(
        "condition AS MATERIALIZED ({}),
         ids AS MATERIALIZED (SELECT {} FROM condition WHERE holds)",
        condition(|part| part.postgres, 1),
        ids.join(", ")
    );
    let parts = PARTS.map(|(part, table)| {
        let text = part.postgres;
        table.map_or_else(
            || text.to_owned(),
            |table| {
                text.replace("r.client_id", "(SELECT client FROM ids)[r.client_id]")
                    .replace("r.id", &format!("(SELECT {table} FROM ids)[r.id]"))
            },
        )
    });
    let answer = "SELECT array_to_string(client, ','), array_to_string(client_phone, ','),
                      array_to_string(client_event, ',')
                  FROM ids";
    postgres_together_if(&given, 6, &parts, answer)
}

/// Whether the companies still have their versions and no request has created its client before, as `holds`.
fn condition(pick: fn(&Sql) -> &'static str, first: usize) -> String {
    let [companies, versions, keys] = [0, 1, 2].map(|place| format!("${}", first + place));
    let held = pick(&HOLD_VERSIONS)
        .replace("$2", &versions)
        .replace("$1", &companies);
    let recent = pick(&READ_RECENT).replace("$1", &keys);
    format!("SELECT held.holds AND NOT EXISTS ({recent}) AS holds FROM ({held}) AS held")
}

impl Tx {
    /// Creates the clients with their phone numbers, writes what their timelines begin with, and changes the
    /// loads; or does nothing and gives `None`, when what the batch was decided by does not hold any more.
    ///
    /// `PostgreSQL` locks the companies in the same statement.
    pub async fn record_creates(
        &mut self,
        basis: &CreateBasis,
        clients: &[NewClient<'_>],
        loads: &[LoadChange],
    ) -> Result<Option<Vec<Created>>> {
        let ids = match self.engine() {
            EngineKind::Postgres => self.record_on_postgres(basis, clients, loads).await?,
            EngineKind::Sqlite => self.record_on_sqlite(basis, clients, loads).await?,
        };
        Ok(ids.map(|ids| created(clients, ids)))
    }

    async fn record_on_postgres(
        &mut self,
        basis: &CreateBasis,
        clients: &[NewClient<'_>],
        loads: &[LoadChange],
    ) -> Result<Option<Ids>> {
        let counts = Wanted::new(wanted_ids(clients)).counts();
        let [companies, versions, keys] = basis.parameters()?;
        let numbers = counts.map(|count| (1..=count).collect());
        let [clients, phones, events, loads, raised] = parameters(clients, &numbers, loads)?;
        let taken = fetch_optional!(
            self,
            (String, String, String),
            *RECORD,
            &companies,
            &versions,
            &keys,
            counts[0],
            counts[1],
            counts[2],
            &clients,
            &phones,
            &events,
            &loads,
            &raised
        )?;
        let Some((clients, phones, events)) = taken else {
            return Ok(None);
        };
        Ok(Some([
            ids_of(&clients)?,
            ids_of(&phones)?,
            ids_of(&events)?,
        ]))
    }

    async fn record_on_sqlite(
        &mut self,
        basis: &CreateBasis,
        clients: &[NewClient<'_>],
        loads: &[LoadChange],
    ) -> Result<Option<Ids>> {
        let wanted = Wanted::new(wanted_ids(clients));
        let [companies, versions, keys] = basis.parameters()?;
        let taken = fetch_all!(
            self,
            (String, i64),
            *TAKE_IDS,
            &wanted.parameter()?,
            &companies,
            &versions,
            &keys
        )?;
        if taken.is_empty() && !clients.is_empty() {
            return Ok(None);
        }
        let ids = wanted.ids(EngineKind::Sqlite, &taken);
        let [clients, phones, events, loads, raised] = parameters(clients, &ids, loads)?;
        execute!(self, *RECORD, &clients, &phones, &events, &loads, &raised)?;
        Ok(Some(ids))
    }
}

/// Of the clients, their phone numbers, and their events.
type Ids = [Vec<i64>; 3];

fn wanted_ids(clients: &[NewClient<'_>]) -> [(Sequence, usize); 3] {
    let phones = clients.iter().map(|client| client.phones.len()).sum();
    let events = clients
        .iter()
        .filter(|client| client.event.is_some())
        .count();
    [
        (Sequence::Client, clients.len()),
        (Sequence::ClientPhone, phones),
        (Sequence::ClientEvent, events),
    ]
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

/// The ids in an answer of `RECORD`.
fn ids_of(text: &str) -> Result<Vec<i64>> {
    Ok(serde_json::from_str(&format!("[{text}]"))?)
}

fn created(clients: &[NewClient<'_>], [ids, phones, _]: Ids) -> Vec<Created> {
    let mut phones = phones.into_iter().map(PhoneNumberId::new);
    let created = clients.iter().zip(ids).map(|(client, id)| Created {
        id: ClientId::new(id),
        phones: phones.by_ref().take(client.phones.len()).collect(),
    });
    created.collect()
}

/// The parameters of [`PARTS`].
fn parameters(
    clients: &[NewClient<'_>],
    [client_ids, phone_ids, event_ids]: &Ids,
    loads: &[LoadChange],
) -> Result<[String; 5]> {
    let mut client_rows = Vec::with_capacity(clients.len());
    let mut phone_rows = Vec::with_capacity(phone_ids.len());
    let mut event_rows = Vec::with_capacity(event_ids.len());
    let (mut phone_ids, mut event_ids) = (phone_ids.iter(), event_ids.iter());
    for (client, &id) in clients.iter().zip(client_ids) {
        let id = ClientId::new(id);
        client_rows.push(client_row(client, id));
        let phones = client.phones.iter().zip(&mut phone_ids);
        phone_rows.extend(phones.map(|(phone, &id_of)| phone_row(client, id, phone, id_of)));
        if let Some((text, author)) = &client.event
            && let Some(&id_of) = event_ids.next()
        {
            let (company, at) = (client.company, client.at);
            event_rows.push(EventRow::new(id_of, company, id, text, *author, at));
        }
    }
    // In the order of the indexes. SQLite's index for searching writes all that it has gathered when it is
    // given a number that is not larger than the last one.
    client_rows.sort_unstable_by_key(|row| (row.company_id, row.id));
    let companies: BTreeSet<_> = clients.iter().map(|client| client.company).collect();
    Ok([
        serde_json::to_string(&client_rows)?,
        serde_json::to_string(&phone_rows)?,
        serde_json::to_string(&event_rows)?,
        load_rows(loads)?,
        serde_json::to_string(&companies)?,
    ])
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
    id: i64,
) -> PhoneRow<'a> {
    PhoneRow {
        company_id: client.company,
        id,
        client_id,
        phone_number: &phone.phone_number,
        phone_type: phone.phone_type.as_str(),
        is_primary: phone.is_primary,
        notes: phone.notes.as_deref(),
        created_at: client.at.microseconds(),
    }
}
