//! Writing what was decided: new clients with their phone numbers, what timelines say, and the counters of
//! loads, all in one statement.

use crate::db::engine::Tx;
use crate::error::Result;
use crate::tables::client::found_by::Found;
use crate::tables::client_event::{Author, NewEvent};
use crate::tables::create_key::CreateKey;
use crate::tables::employee_load::LoadChange;
use tawzi_core::client::{ClientType, PhoneType, Priority};
use tawzi_core::event::EventText;
use tawzi_core::id::{
    ChannelId, ClientEventId, ClientId, CompanyId, PhoneNumberId, StatusId, UserId,
};
use tawzi_core::money::Budget;
use tawzi_core::phone::PhoneKey;
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
    /// Its numbers in the form in which they are nobody else's, where the company wants that.
    pub phone_keys: Vec<&'a PhoneKey>,
    pub assigned_to: Option<UserId>,
    /// Since when it waits for somebody who can receive it, if it does.
    pub waiting_since: Option<Timestamp>,
    /// What its timeline begins with, and who did that.
    pub event: Option<(EventText, Author)>,
    /// What a repetition of the same request is recognised by.
    pub create_key: Option<CreateKey>,
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

/// Everything that one transaction writes at once.
#[derive(Clone, Debug, Default)]
pub struct Writes<'a> {
    /// New clients, each with what its timeline begins with.
    pub clients: &'a [NewClient<'a>],
    /// What else timelines say.
    pub events: &'a [NewEvent],
    /// What changes in the counters, each person of each company at most once.
    pub loads: &'a [LoadChange],
}

/// The ids that rows were given, in the order of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenIds {
    /// Those of the new clients, with those of their phone numbers.
    pub clients: Vec<(ClientId, Vec<PhoneNumberId>)>,
    /// Those of the events; those of new clients are not among them.
    pub events: Vec<ClientEventId>,
}

statements! {
    /// Rows of new clients are numbered from 1 on, and so are those of their phone numbers and of all events:
    /// the number of a row among those of its table says which of the new ids is its.
    const WRITE = [
        (IDS client 1, client_phone 2, client_event 3)
        (PART clients) "
            INSERT INTO client (company_id, id, name, priority, client_type, channel_id, status_id,
                budget_hundredths, phone_number, found_by, assigned_to, assigned_at, waiting_since,
                create_key, create_asked, created_at, updated_at)
            SELECT r.company_id, " (ID client 1 "r.number") ", r.name, r.priority, r.client_type,
                r.channel_id, r.status_id, r.budget, r.phone_number, r.found_by, r.assigned_to,
                CASE WHEN r.assigned_to IS NULL THEN NULL ELSE r.created_at END,
                r.waiting_since, r.create_key, r.create_asked, r.created_at, r.created_at
            FROM " (ROWS 1 number BIGINT, company_id BIGINT, name TEXT, priority TEXT,
                client_type TEXT, channel_id BIGINT, status_id BIGINT, budget BIGINT,
                phone_number TEXT, found_by TEXT, assigned_to BIGINT, waiting_since BIGINT,
                create_key BIGINT, create_asked BIGINT, created_at BIGINT) END
        (PART found) "
            INSERT INTO client_search (company_id, client_id, text, letters)
            SELECT r.company_id, " (ID client 1 "r.number") ", r.found_by, r.letters
            FROM " (ROWS 1 number BIGINT, company_id BIGINT, found_by TEXT, letters TSVECTOR) END
        (PART phones) "
            INSERT INTO client_phone (company_id, id, client_id, phone_number, phone_type,
                is_primary, notes, created_at, updated_at)
            SELECT r.company_id, " (ID client_phone 2 "r.number") ", "
                (ID client 1 "r.client") ", r.phone_number, r.phone_type, r.is_primary, r.notes,
                r.created_at, r.created_at
            FROM " (ROWS 2 number BIGINT, client BIGINT, company_id BIGINT, phone_number TEXT,
                phone_type TEXT, is_primary BOOLEAN, notes TEXT, created_at BIGINT) END
        (PART events) "
            INSERT INTO client_event (company_id, id, client_id, event_type, old_value, new_value,
                notes, created_by, api_key_id, sweep_id, created_at)
            SELECT r.company_id, " (ID client_event 3 "r.number") ",
                COALESCE(r.client_id, " (ID client 1 "r.client") "), r.event_type, r.old_value,
                r.new_value, r.notes, r.created_by, r.api_key_id, r.sweep_id, r.created_at
            FROM " (ROWS 3 number BIGINT, client BIGINT, company_id BIGINT, client_id BIGINT,
                event_type TEXT, old_value TEXT, new_value TEXT, notes TEXT, created_by BIGINT,
                api_key_id BIGINT, sweep_id BIGINT, created_at BIGINT) END
        (PART loads) "
            INSERT INTO employee_load (company_id, user_id, active, follow_up, inactive, closed,
                without_status, last_received_at, last_received_order)
            SELECT r.company_id, r.user_id, r.active, r.follow_up, r.inactive, r.closed,
                r.without_status, r.last_received_at, r.last_received_order
            FROM " (ROWS 4 company_id BIGINT, user_id BIGINT, active BIGINT, follow_up BIGINT,
                inactive BIGINT, closed BIGINT, without_status BIGINT, last_received_at BIGINT,
                last_received_order BIGINT) "
            WHERE TRUE
            ON CONFLICT (company_id, user_id) DO UPDATE
            SET active = employee_load.active + excluded.active,
                follow_up = employee_load.follow_up + excluded.follow_up,
                inactive = employee_load.inactive + excluded.inactive,
                closed = employee_load.closed + excluded.closed,
                without_status = employee_load.without_status + excluded.without_status,
                last_received_at =
                    COALESCE(excluded.last_received_at, employee_load.last_received_at),
                last_received_order = CASE
                    WHEN excluded.last_received_at IS NULL THEN employee_load.last_received_order
                    ELSE excluded.last_received_order END" END
        (PART phone_keys) "
            INSERT INTO client_phone_key (company_id, phone_key, client_id)
            SELECT r.company_id, r.phone_key, " (ID client 1 "r.client") "
            FROM " (ROWS 5 client BIGINT, company_id BIGINT, phone_key TEXT) "
            WHERE TRUE
            ON CONFLICT DO NOTHING" END
        (NEW_IDS client 1, client_phone 2, client_event 3)
    ];
}

impl Tx {
    /// Writes new clients, events and changes of loads, and gives the ids that they got. The caller holds the
    /// locks of the companies whose loads change.
    pub async fn write(&mut self, writes: &Writes<'_>) -> Result<WrittenIds> {
        if writes.clients.is_empty() && writes.events.is_empty() && writes.loads.is_empty() {
            return Ok(WrittenIds::default());
        }
        let (clients, phones, events): (String, String, String) = fetch!(
            self.writer(),
            WRITE,
            client_rows(writes.clients)?,
            phone_rows(writes.clients)?,
            event_rows(writes)?,
            load_rows(writes.loads)?,
            phone_key_rows(writes.clients)?
        )?;
        let clients: Vec<ClientId> = serde_json::from_str(&clients)?;
        let mut phones = serde_json::from_str::<Vec<PhoneNumberId>>(&phones)?.into_iter();
        let events: Vec<ClientEventId> = serde_json::from_str(&events)?;
        let of_new_clients = events.len().saturating_sub(writes.events.len());
        Ok(WrittenIds {
            clients: clients
                .into_iter()
                .zip(writes.clients)
                .map(|(id, client)| (id, phones.by_ref().take(client.phones.len()).collect()))
                .collect(),
            events: events.into_iter().skip(of_new_clients).collect(),
        })
    }
}

/// The new clients with their numbers.
fn numbered<'c>(clients: &'c [NewClient<'c>]) -> impl Iterator<Item = (i64, &'c NewClient<'c>)> {
    (1..).zip(clients)
}

fn client_rows(clients: &[NewClient<'_>]) -> serde_json::Result<String> {
    let mut clients: Vec<_> = numbered(clients).collect();
    // In the order of the indexes. SQLite's index for searching writes all that it has gathered when it
    // is given a number that is not larger than the last one.
    clients.sort_unstable_by_key(|(number, client)| (client.company, *number));
    let clients = clients.into_iter().map(|(number, client)| {
        let listed = client.phones.iter().map(|phone| &*phone.phone_number);
        let numbers = client.phone_number.into_iter().chain(listed);
        (number, client, Found::of(client.name, numbers))
    });
    json_rows!(clients, (number, client, found) => {
        number: number,
        company_id: client.company,
        found_by: found.by,
        letters: found.letters,
        name: client.name,
        priority: client.priority,
        client_type: client.client_type,
        channel_id: client.channel,
        status_id: client.status,
        budget: client.budget,
        phone_number: client.phone_number,
        assigned_to: client.assigned_to,
        waiting_since: client.waiting_since,
        create_key: client.create_key.map(|key| key.key),
        create_asked: client.create_key.and_then(|key| key.asked),
        created_at: client.at,
    })
}

fn phone_rows(clients: &[NewClient<'_>]) -> serde_json::Result<String> {
    let phones = numbered(clients)
        .flat_map(|(number, client)| client.phones.iter().map(move |p| (number, client, p)));
    json_rows!((1..).zip(phones), (number, (client_number, client, phone)) => {
        number: number,
        client: client_number,
        company_id: client.company,
        phone_number: &phone.phone_number,
        phone_type: phone.phone_type,
        is_primary: phone.is_primary,
        notes: phone.notes.as_deref(),
        created_at: client.at,
    })
}

/// The beginnings of the timelines of new clients, then what other timelines say.
fn event_rows(writes: &Writes<'_>) -> serde_json::Result<String> {
    let own = numbered(writes.clients).filter_map(|(number, client)| {
        let (text, author) = client.event.as_ref()?;
        Some((
            Some(number),
            None,
            client.company,
            text,
            *author,
            None,
            client.at,
        ))
    });
    let others = writes.events.iter().map(|event| {
        let (text, author) = (&event.text, event.created_by);
        (
            None,
            Some(event.client),
            event.company,
            text,
            author,
            event.sweep,
            event.at,
        )
    });
    let events = (1..).zip(own.chain(others));
    json_rows!(events, (number, (new_client, client, company, text, author, sweep, at)) => {
        number: number,
        client: new_client,
        company_id: company,
        client_id: client,
        event_type: text.event_type,
        old_value: &text.old_value,
        new_value: &text.new_value,
        notes: &text.notes,
        created_by: author.user(),
        api_key_id: author.api_key(),
        sweep_id: sweep,
        created_at: at,
    })
}

fn load_rows(loads: &[LoadChange]) -> serde_json::Result<String> {
    let loads = loads.iter().map(|load| (load, load.clients.by_category()));
    json_rows!(loads, (load, [active, follow_up, inactive, closed, without_status]) => {
        company_id: load.company,
        user_id: load.user,
        active: active,
        follow_up: follow_up,
        inactive: inactive,
        closed: closed,
        without_status: without_status,
        last_received_at: load.received.map(|received| received.at),
        last_received_order: load.received.map_or(0, |received| received.order),
    })
}

fn phone_key_rows(clients: &[NewClient<'_>]) -> serde_json::Result<String> {
    let keys = numbered(clients).flat_map(|(number, client)| {
        client
            .phone_keys
            .iter()
            .map(move |&key| (number, client, key))
    });
    json_rows!(keys, (number, client, key) => {
        client: number, company_id: client.company, phone_key: key,
    })
}
