//! The timeline of clients: what happened, never changed afterwards.

use crate::db::dialect::Sql;
use crate::db::query::Query;
use crate::db::tenant::Tenant;
use crate::error::Result;
use crate::tables::client::{RowCount, Viewer, end_count};
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

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// It happened by itself.
    Nobody,
    /// A user.
    User(UserId),
    /// A program, with that key of the company.
    ApiKey(ApiKeyId),
}

impl Author {
    /// The user, if it was one.
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::Nobody | Self::ApiKey(_) => None,
        }
    }

    /// The key, if it was a program.
    pub const fn api_key(self) -> Option<ApiKeyId> {
        match self {
            Self::ApiKey(id) => Some(id),
            Self::Nobody | Self::User(_) => None,
        }
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

/// The beginning of a statement that reads events.
macro_rules! events {
    () => {
        "SELECT e.id, e.client_id, e.event_type, e.old_value, e.new_value, e.notes, e.created_by,
             u.username AS created_by_username, a.name AS api_key_name, e.created_at
         FROM client_event e
         JOIN client k ON k.company_id = e.company_id AND k.id = e.client_id
         LEFT JOIN user_account u ON u.id = e.created_by
         LEFT JOIN api_key a ON a.company_id = e.company_id AND a.id = e.api_key_id
         WHERE e.company_id = $1"
    };
}

pub(crate) const SELECT: Sql = sql!((TEXT events));

statements! {
    impl Tenant<'_> {
        /// The event with that id, if the viewer may see its client.
        pub fn event(id: ClientEventId, viewer: Viewer) -> Option<ClientEvent> {
            (TEXT events) " AND e.id = $2 AND ($3 = 0 OR k.assigned_to = $3)"
        }
    }
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
        let mut query = self.query(SELECT);
        push_filter(&mut query, viewer, client);
        query.push(" ORDER BY e.id DESC").push_page(offset, limit);
        fetch!(self, query)
    }

    /// How many there are.
    pub async fn count_events(
        &mut self,
        viewer: Viewer,
        client: Option<ClientId>,
    ) -> Result<RowCount> {
        let mut query = self.query(sql!(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM client_event e"
        ));
        // Whoever sees everything need not ask whose clients they are.
        if viewer != Viewer::Everything {
            query.push(" JOIN client k ON k.company_id = e.company_id AND k.id = e.client_id");
        }
        query.push(" WHERE e.company_id = $1");
        push_filter(&mut query, viewer, client);
        end_count(&mut query);
        fetch!(self, query).map(RowCount::up_to_limit)
    }
}

/// Adds everything behind the company. A condition that may be absent is left out: with one that
/// is merely true, `SQLite` would read all events of the company to find those of a client.
fn push_filter(query: &mut Query<'_>, viewer: Viewer, client: Option<ClientId>) {
    if let Some(client) = client {
        query.push(" AND e.client_id = ").push_bind(client);
    }
    if let Viewer::AssignedTo(user) = viewer {
        query.push(" AND k.assigned_to = ").push_bind(user);
    }
}
