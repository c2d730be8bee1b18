//! The timeline of clients: what happened, never changed afterwards.

use crate::db::dialect::{Sql, in_ids, like_pattern};
use crate::db::keyset::{Order, OrderKey, Position, Start};
use crate::db::query::Query;
use crate::db::tenant::Tenant;
use crate::error::Result;
use crate::tables::client::{Counting, RowCount, SearchedWord, Viewer};
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
    const READ_OLDEST = [
        "SELECT id FROM client_event WHERE company_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2"
    ];

    impl Tenant<'_> {
        /// The event with that id, if the viewer may see its client.
        pub fn event(id: ClientEventId, viewer: Viewer) -> Option<ClientEvent> {
            (TEXT events) " AND e.id = $2 AND ($3 = 0 OR k.assigned_to = $3)"
        }
    }
}

/// A search looks through so many of the newest events of a company: they are not indexed by their texts, which
/// would cost each of the very many that are written more than the few searches are worth.
const SEARCHED: i64 = 50_000;

/// In the order of their ids, which is that in which they were written.
const NEWEST_FIRST: Order = Order {
    keys: Vec::new(),
    id: OrderKey::number("e.id", true),
};

impl ClientEvent {
    /// Where it stands in a list.
    pub fn position(&self) -> Position {
        Position {
            keys: Vec::new(),
            id: self.id.get(),
        }
    }
}

/// Which events to list: those of a client, or of all, in which every word occurs.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    client: Option<ClientId>,
    words: Vec<EventWord>,
    /// Older events are not looked through.
    oldest: Option<ClientEventId>,
}

impl From<Option<ClientId>> for EventFilter {
    fn from(client: Option<ClientId>) -> Self {
        Self {
            client,
            ..Self::default()
        }
    }
}

/// A word that occurs in what happened, in the sentence about it, or in the name of the client.
#[derive(Clone, Debug)]
struct EventWord {
    pattern: String,
    named: Named,
}

/// How the name of a client is looked into.
#[derive(Clone, Debug)]
enum Named {
    /// These clients have the word in their names, and no others; as JSON, and what stands around them.
    Few(String, (&'static str, &'static str)),
    /// By the text by which clients are found.
    Many(SearchedWord),
    /// Letter by letter: phone numbers may have the word as well.
    Digits,
}

impl Tenant<'_> {
    /// Finds out which clients have the words in their names.
    pub async fn select_events(
        &mut self,
        client: Option<ClientId>,
        words: &[String],
    ) -> Result<EventFilter> {
        let mut filter = EventFilter::from(client);
        for word in words {
            let named = match SearchedWord::in_names(word) {
                None => Named::Digits,
                // The text of one client is soon looked into.
                Some(searched) if client.is_some() => Named::Many(searched),
                Some(searched) => match self.few_clients_with(&searched).await? {
                    None => Named::Many(searched),
                    Some(ids) => {
                        let around = in_ids(self.connection().engine());
                        Named::Few(serde_json::to_string(&ids)?, around)
                    }
                },
            };
            let pattern = like_pattern(word);
            filter.words.push(EventWord { pattern, named });
        }
        if client.is_none() && !words.is_empty() {
            filter.oldest = fetch!(self, READ_OLDEST, self.company(), SEARCHED)?;
        }
        Ok(filter)
    }

    /// A page of the events that are looked for and that the viewer may see, the newest first.
    pub async fn events(
        &mut self,
        viewer: Viewer,
        filter: impl Into<EventFilter>,
        start: impl Into<Start>,
        limit: i64,
    ) -> Result<Vec<ClientEvent>> {
        let (filter, start) = (filter.into(), start.into());
        let mut query = self.query(SELECT).persistent(filter.words.is_empty());
        filter.push_to(&mut query, viewer);
        NEWEST_FIRST.push_part(&mut query, &start, limit);
        fetch!(self, query)
    }

    /// How many events of them there are.
    pub async fn count_events(
        &mut self,
        viewer: Viewer,
        filter: impl Into<EventFilter>,
    ) -> Result<RowCount> {
        self.count_events_so_far(viewer, filter, Counting::AsEver)
            .await
    }

    /// The same, counted so far.
    pub async fn count_events_so_far(
        &mut self,
        viewer: Viewer,
        filter: impl Into<EventFilter>,
        counting: Counting,
    ) -> Result<RowCount> {
        let filter = filter.into();
        let mut query = self.query(sql!(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM client_event e"
        ));
        query = query.persistent(filter.words.is_empty());
        // Whoever sees everything need not ask whose clients they are.
        let asks_for_names = filter
            .words
            .iter()
            .any(|w| !matches!(w.named, Named::Few(..)));
        if viewer != Viewer::Everything || asks_for_names {
            query.push(" JOIN client k ON k.company_id = e.company_id AND k.id = e.client_id");
        }
        query.push(" WHERE e.company_id = $1");
        filter.push_to(&mut query, viewer);
        counting.end(&mut query);
        let counted = fetch!(self, query).map(|rows| counting.of(rows))?;
        Ok(match (counted, filter.oldest) {
            // Older ones may be others.
            (RowCount::Exactly(rows), Some(_)) => RowCount::AtLeast(rows),
            (counted, _) => counted,
        })
    }
}

impl EventFilter {
    /// Adds everything behind the company. A condition that may be absent is left out: with one that is merely
    /// true, `SQLite` would read all events of the company to find those of a client.
    fn push_to<'q>(&'q self, query: &mut Query<'q>, viewer: Viewer) {
        if let Some(client) = self.client {
            query.push(" AND e.client_id = ").push_bind(client);
        }
        if let Some(oldest) = self.oldest {
            query.push(" AND e.id >= ").push_bind(oldest);
        }
        if let Viewer::AssignedTo(user) = viewer {
            query.push(" AND k.assigned_to = ").push_bind(user);
        }
        for word in &self.words {
            query
                .push(" AND (")
                .push_like("e.event_type", &word.pattern);
            query.push(" OR ").push_like("e.notes", &word.pattern);
            query.push(" OR ");
            match &word.named {
                Named::Few(ids, (before, after)) => {
                    query
                        .push("e.client_id")
                        .push(before)
                        .push_bind(ids)
                        .push(after);
                }
                Named::Many(searched) => searched.push_patterns(query),
                Named::Digits => query.push_like("k.name", &word.pattern),
            }
            query.push(")");
        }
    }
}
