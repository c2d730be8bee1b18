//! Writing a batch of creates, if what it was decided by still holds.

use super::{CreateBasis, Created, HOLD_VERSIONS, INSERT, NewClient, NewPhone, READ_RECENT};
use crate::db::dialect::{Sql, postgres_together_if};
use crate::db::engine::{EngineKind, Tx};
use crate::error::Result;
use crate::tables::client_event::{EventRow, INSERT_EVENTS};
use crate::tables::client_phone::{INSERT_PHONES, PhoneRow};
use crate::tables::employee_load::{CHANGE_LOADS, LoadChange, RAISE_VERSIONS, load_rows};
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

/// The tables whose rows get ids, and which parameter of [`RECORD`] says how many.
const COUNTED: [(&str, &str); 3] = [
    ("client", "$4"),
    ("client_phone", "$5"),
    ("client_event", "$6"),
];

/// One statement, which takes as many ids as are wanted and puts them in the place of the numbers from 1 on
/// that are in the rows, unless the condition, to which belong parameters 1 to 3, is false: then it writes
/// nothing and answers with no row.
static RECORD: LazyLock<Sql> = LazyLock::new(|| Sql {
    postgres: record_on_postgres(),
    sqlite: "INSERT INTO create_batch VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);
             SELECT CAST(client AS TEXT), CAST(client_phone AS TEXT) FROM create_batch_ids",
});

/// What [`RECORD`] needs on each of `SQLite`'s connections that write: it has no statement that writes several
/// tables, but a trigger does. `create_batch_ids` has what the counts were before the last batch, if it was
/// written.
pub(crate) static CREATE_BATCH: LazyLock<&str> = LazyLock::new(create_batch_on_sqlite);

fn create_batch_on_sqlite() -> &'static str {
    let counts = COUNTED.map(|(table, _)| {
        format!("(SELECT last FROM id_sequence WHERE name = '{table}_ids') AS {table}")
    });
    let raised = COUNTED.map(|(table, _)| {
        format!(
            "UPDATE id_sequence SET last = last + NEW.{table} WHERE name = '{table}_ids'
                 AND EXISTS (SELECT 1 FROM create_batch_ids);"
        )
    });
    let parts = (1..).zip(PARTS).map(|(place, (part, table))| {
        let rows = format!("(SELECT NEW.rows{place} FROM create_batch_ids)");
        let id = |table: &str| (format!("((SELECT {table} FROM create_batch_ids) + "), ")");
        with_ids(part.sqlite, table, id).replace("$1", &rows) + ";"
    });
    let text = format!(
        "CREATE TEMP TABLE create_batch_ids (client INTEGER, client_phone INTEGER, client_event INTEGER);
         CREATE TEMP VIEW create_batch AS
         SELECT '' AS companies, '' AS versions, '' AS keys,
             0 AS client, 0 AS client_phone, 0 AS client_event,
             '' AS rows1, '' AS rows2, '' AS rows3, '' AS rows4, '' AS rows5;
         CREATE TEMP TRIGGER record_create_batch INSTEAD OF INSERT ON create_batch BEGIN
             DELETE FROM create_batch_ids;
             INSERT INTO create_batch_ids SELECT {} FROM ({}) AS condition WHERE holds;
             {}
             {}
         END",
        counts.join(", "),
        condition(
            |part| part.sqlite,
            ["NEW.companies", "NEW.versions", "NEW.keys"]
        ),
        raised.concat(),
        parts.collect::<String>()
    );
    text.leak()
}

/// Answers with the ids.
fn record_on_postgres() -> &'static str {
    let ids = COUNTED.map(|(table, count)| {
        format!(
            "ARRAY(SELECT nextval('{table}_ids') FROM generate_series(1, CAST({count} AS BIGINT)))
                 AS {table}"
        )
    });
    let given = format!(
        "ids AS MATERIALIZED (SELECT {} FROM ({}) AS condition WHERE holds)",
        ids.join(", "),
        condition(|part| part.postgres, ["$1", "$2", "$3"])
    );
    let parts = PARTS.map(|(part, table)| {
        let id = |table: &str| (format!("ids.{table}["), "]");
        with_ids(part.postgres, table, id)
    });
    let answer = "SELECT array_to_string(client, ','), array_to_string(client_phone, ',') FROM ids";
    postgres_together_if(&given, 6, &parts, answer)
}

/// Whether the companies still have their versions and no request has created its client before, as `holds`.
fn condition(pick: fn(&Sql) -> &'static str, [companies, versions, keys]: [&str; 3]) -> String {
    let held = pick(&HOLD_VERSIONS)
        .replace("$2", versions)
        .replace("$1", companies);
    let recent = pick(&READ_RECENT).replace("$1", keys);
    format!("SELECT held.holds AND NOT EXISTS ({recent}) AS holds FROM ({held}) AS held")
}

/// A part with the ids of its rows and of their clients in the place of their numbers: `id` says what is to
/// stand around a number in the rows of a table.
fn with_ids(
    part: &str,
    table: Option<&str>,
    id: impl Fn(&str) -> (String, &'static str),
) -> String {
    let Some(table) = table else {
        return part.to_owned();
    };
    let put = |text: String, column: &str, table| {
        let (before, after) = id(table);
        text.replace(column, &format!("{before}{column}{after}"))
    };
    put(put(part.to_owned(), "r.client_id", "client"), "r.id", table)
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
        let counts = counts(clients);
        let [companies, versions, keys] = basis.parameters()?;
        let [rows, phones, events, loads, raised] = parameters(clients, loads)?;
        let taken = fetch_all!(
            self,
            (String, String),
            *RECORD,
            &companies,
            &versions,
            &keys,
            counts[0],
            counts[1],
            counts[2],
            &rows,
            &phones,
            &events,
            &loads,
            &raised
        )?;
        let Some((client_ids, phone_ids)) = taken.first() else {
            return Ok(None);
        };
        let engine = self.engine();
        let client_ids = ids_of(engine, client_ids, counts[0])?;
        let phone_ids = ids_of(engine, phone_ids, counts[1])?;
        Ok(Some(created(clients, client_ids, phone_ids)))
    }
}

/// How many ids the clients need: of their own, of phone numbers and of events.
fn counts(clients: &[NewClient<'_>]) -> [i64; 3] {
    let phones = clients.iter().map(|client| client.phones.len()).sum();
    let events = clients
        .iter()
        .filter(|client| client.event.is_some())
        .count();
    [clients.len(), phones, events].map(|count| i64::try_from(count).unwrap_or(i64::MAX))
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

/// The ids in an answer of [`RECORD`]: a list of them, or the last one before them.
fn ids_of(engine: EngineKind, answer: &str, count: i64) -> Result<Vec<i64>> {
    Ok(match engine {
        EngineKind::Postgres => serde_json::from_str(&format!("[{answer}]"))?,
        EngineKind::Sqlite => {
            let before: i64 = serde_json::from_str(answer)?;
            (before + 1..=before + count).collect()
        }
    })
}

fn created(clients: &[NewClient<'_>], ids: Vec<i64>, phones: Vec<i64>) -> Vec<Created> {
    let mut phones = phones.into_iter().map(PhoneNumberId::new);
    let created = clients.iter().zip(ids).map(|(client, id)| Created {
        id: ClientId::new(id),
        phones: phones.by_ref().take(client.phones.len()).collect(),
    });
    created.collect()
}

/// The parameters of [`PARTS`]; the rows of each table are numbered from 1 on.
fn parameters(clients: &[NewClient<'_>], loads: &[LoadChange]) -> Result<[String; 5]> {
    let mut client_rows = Vec::with_capacity(clients.len());
    let mut phone_rows = Vec::new();
    let mut event_rows = Vec::with_capacity(clients.len());
    let (mut phone_numbers, mut event_numbers) = (1.., 1..);
    for (number, client) in (1..).zip(clients) {
        let id = ClientId::new(number);
        client_rows.push(client_row(client, id));
        let phones = client.phones.iter().zip(&mut phone_numbers);
        phone_rows.extend(phones.map(|(phone, number)| phone_row(client, id, phone, number)));
        if let Some((text, author)) = &client.event
            && let Some(number) = event_numbers.next()
        {
            let (company, at) = (client.company, client.at);
            event_rows.push(EventRow::new(number, company, id, text, *author, at));
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
