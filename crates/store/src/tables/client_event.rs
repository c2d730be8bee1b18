//! The timeline of clients: what happened, never changed afterwards.

use crate::db::author::Author;
use crate::db::engine::Tx;
use crate::db::sequence::Sequence;
use crate::db::tenant::Tenant;
use crate::error::Result;
use crate::tables::client::{COUNTED, RowCount, Viewer, bind_viewer};
use serde::Serialize;
use tawzi_core::event::EventText;
use tawzi_core::id::{ApiKeyId, ClientEventId, ClientId, CompanyId, SweepId, UserId};
use tawzi_core::time::Timestamp;

record! {
    /// One line of a client's timeline.
    pub struct ClientEvent {
        /// Its id; later events have higher ones.
        pub id: ClientEventId,
        /// The client.
        pub client_id: ClientId,
        /// What happened; imported events may have kinds that are not written any more.
        pub event_type: String,
        /// The value before.
        pub old_value: Option<String>,
        /// The value after.
        pub new_value: Option<String>,
        /// A sentence about it.
        pub notes: Option<String>,
        /// Who did it; null for what happened by itself, or was done with a key.
        pub created_by: Option<UserId>,
        /// That person's user name.
        pub created_by_username: Option<String>,
        /// The name of the key with which it was done.
        pub api_key_name: Option<String>,
        /// When.
        pub created_at: Timestamp,
    }
}

/// A line to be written.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// The client's company.
    pub company: CompanyId,
    /// The client.
    pub client: ClientId,
    /// What it says.
    pub text: EventText,
    /// Who did it.
    pub created_by: Author,
    /// The sweep that did it.
    pub sweep: Option<SweepId>,
    /// When.
    pub at: Timestamp,
}

pub(crate) const SELECT: &str = "SELECT e.id, e.client_id, e.event_type, e.old_value, e.new_value,
             e.notes, e.created_by, u.username AS created_by_username, a.name AS api_key_name,
             e.created_at";
const COUNT: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one";
/// Whoever sees everything need not ask whose clients they are.
const FROM_ALL: &str = " FROM client_event e WHERE e.company_id = ";
pub(crate) const FROM: &str = "
         FROM client_event e
         JOIN client k ON k.company_id = e.company_id AND k.id = e.client_id
         LEFT JOIN user_account u ON u.id = e.created_by
         LEFT JOIN api_key a ON a.company_id = e.company_id AND a.id = e.api_key_id
         WHERE e.company_id = ";

statements! {
    READ_ONE = [
        "SELECT e.id, e.client_id, e.event_type, e.old_value, e.new_value, e.notes, e.created_by,
             u.username AS created_by_username, a.name AS api_key_name, e.created_at
         FROM client_event e
         JOIN client k ON k.company_id = e.company_id AND k.id = e.client_id
         LEFT JOIN user_account u ON u.id = e.created_by
         LEFT JOIN api_key a ON a.company_id = e.company_id AND a.id = e.api_key_id
         WHERE e.company_id = $1 AND e.id = $2 AND ($3 = 0 OR k.assigned_to = $3)"
    ];
    INSERT = [
        "INSERT INTO client_event (company_id, id, client_id, event_type, old_value, new_value,
             notes, created_by, api_key_id, sweep_id, created_at)
         SELECT r.company_id, r.id, r.client_id, r.event_type, r.old_value, r.new_value, r.notes,
             r.created_by, r.api_key_id, r.sweep_id, r.created_at
         FROM " (ROWS company_id BIGINT, id BIGINT, client_id BIGINT, event_type TEXT,
             old_value TEXT, new_value TEXT, notes TEXT, created_by BIGINT, api_key_id BIGINT,
             sweep_id BIGINT, created_at BIGINT)
    ];
}

pub(crate) const INSERT_EVENTS: crate::db::dialect::Sql = INSERT;

/// A row of `INSERT_EVENTS`.
#[derive(Serialize)]
pub(crate) struct EventRow<'a> {
    company_id: CompanyId,
    id: i64,
    client_id: ClientId,
    event_type: &'static str,
    old_value: &'a str,
    new_value: &'a str,
    notes: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key_id: Option<ApiKeyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sweep_id: Option<SweepId>,
    created_at: i64,
}

/// Adds everything behind the company. A condition that may be absent is left out: with one that
/// is merely true, `SQLite` would read all events of the company to find those of a client.
macro_rules! push_filter {
    ($query:expr, $viewer:expr, $client:expr) => {
        if let Some(client) = $client {
            $query.push(" AND e.client_id = ").push_bind(client.get());
        }
        if let Viewer::AssignedTo(user) = $viewer {
            $query.push(" AND k.assigned_to = ").push_bind(user.get());
        }
    };
}

impl Tenant<'_> {
    /// A page of the events of one client, or of all that the viewer may see, the newest first.
    pub async fn events(
        &mut self,
        viewer: Viewer,
        client: Option<ClientId>,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<ClientEvent>> {
        let company = self.company().get();
        Ok(on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(SELECT);
            query.push(FROM).push_bind(company);
            push_filter!(query, viewer, client);
            query.push(" ORDER BY e.id DESC LIMIT ").push_bind(limit);
            query.push(" OFFSET ").push_bind(offset);
            query.build_query_as().fetch_all(connection).await?
        }))
    }

    /// How many there are.
    pub async fn count_events(
        &mut self,
        viewer: Viewer,
        client: Option<ClientId>,
    ) -> Result<RowCount> {
        let company = self.company().get();
        let from = match viewer {
            Viewer::Everything => FROM_ALL,
            Viewer::AssignedTo(_) => FROM,
        };
        let rows = on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(COUNT);
            query.push(from).push_bind(company);
            push_filter!(query, viewer, client);
            query.push(" LIMIT ").push_bind(COUNTED + 1).push(") AS counted");
            query.build_query_scalar().fetch_one(connection).await?
        });
        Ok(RowCount::up_to_limit(rows))
    }

    /// The event with that id, if the viewer may see its client.
    pub async fn event(
        &mut self,
        id: ClientEventId,
        viewer: Viewer,
    ) -> Result<Option<ClientEvent>> {
        let company = self.company().get();
        fetch_optional!(
            self,
            ClientEvent,
            READ_ONE,
            company,
            id.get(),
            bind_viewer(viewer)
        )
    }
}

impl Tx {
    /// Writes the events, in that order, and gives their ids.
    pub async fn insert_events(&mut self, events: &[NewEvent]) -> Result<Vec<ClientEventId>> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let ids = self.take_ids(Sequence::ClientEvent, events.len()).await?;
        let rows = events.iter().zip(&ids);
        let rows: Vec<_> = rows.map(|(event, &id)| EventRow::of(event, id)).collect();
        execute!(self, INSERT, &serde_json::to_string(&rows)?)?;
        Ok(ids.into_iter().map(ClientEventId::new).collect())
    }
}

impl<'a> EventRow<'a> {
    pub(crate) fn new(
        id: i64,
        company_id: CompanyId,
        client_id: ClientId,
        text: &'a EventText,
        created_by: Author,
        at: Timestamp,
    ) -> Self {
        Self {
            company_id,
            id,
            client_id,
            event_type: text.event_type.as_str(),
            old_value: &text.old_value,
            new_value: &text.new_value,
            notes: &text.notes,
            created_by: created_by.person(),
            api_key_id: created_by.api_key(),
            sweep_id: None,
            created_at: at.microseconds(),
        }
    }

    fn of(event: &'a NewEvent, id: i64) -> Self {
        Self {
            sweep_id: event.sweep,
            ..Self::new(
                id,
                event.company,
                event.client,
                &event.text,
                event.created_by,
                event.at,
            )
        }
    }
}
