//! The timeline of clients: what happened, never changed afterwards.

use crate::db::author::Author;
use crate::db::run;
use crate::db::tenant::Tenant;
use crate::error::Result;
use crate::tables::client::{COUNTED, RowCount, Viewer, bind_viewer};
use serde::Serialize;
use tawzi_core::event::EventText;
use tawzi_core::id::{ApiKeyId, ClientEventId, ClientId, CompanyId, SweepId, UserId};
use tawzi_core::time::Timestamp;

row! {
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
}

/// A row of the events that [`Tx::write`](crate::Tx::write) writes: of a client that is there, or of the new
/// one with that number.
#[derive(Serialize)]
pub(crate) struct EventRow<'a> {
    number: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<usize>,
    company_id: CompanyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<ClientId>,
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
            run::fetch_all(connection, query.build()).await?
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
        let (rows,) = on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(COUNT);
            query.push(from).push_bind(company);
            push_filter!(query, viewer, client);
            query.push(" LIMIT ").push_bind(COUNTED + 1).push(") AS counted");
            run::fetch_one(connection, query.build()).await?
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

impl<'a> EventRow<'a> {
    /// The beginning of the timeline of a new client.
    pub(crate) fn of_new_client(
        number: usize,
        client: usize,
        company_id: CompanyId,
        text: &'a EventText,
        author: Author,
        at: Timestamp,
    ) -> Self {
        Self {
            number,
            client: Some(client),
            company_id,
            client_id: None,
            event_type: text.event_type.as_str(),
            old_value: &text.old_value,
            new_value: &text.new_value,
            notes: &text.notes,
            created_by: author.user(),
            api_key_id: author.api_key(),
            sweep_id: None,
            created_at: at.microseconds(),
        }
    }

    /// A line in the timeline of a client that is there.
    pub(crate) fn of(event: &'a NewEvent, number: usize) -> Self {
        let (company, text, author) = (event.company, &event.text, event.created_by);
        Self {
            client: None,
            client_id: Some(event.client),
            sweep_id: event.sweep,
            ..Self::of_new_client(number, 0, company, text, author, event.at)
        }
    }
}
