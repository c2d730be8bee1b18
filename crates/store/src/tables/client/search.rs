//! Searching among many clients: the index of their names and phone numbers cuts a filter down to
//! the few that can pass it, before anything else is looked at.

use super::{ClientFilter, Viewer};
use crate::db::dialect::{candidates_of, in_ids, like_pattern};
use crate::db::query::Query;
use crate::db::tenant::Tenant;
use crate::error::Result;
use tawzi_core::time::Timestamp;

/// As many clients are looked up one by one. More than that are so frequent in any list that a page
/// of them is found sooner by reading on until it is full.
const FEW: usize = 2_000;

/// How far rows are counted: what a longer list says is how many it has at least.
const COUNTED: i64 = 10_000;

/// Ends a statement that counts rows, so that it counts no further than it is to be said.
pub(crate) fn end_count(query: &mut Query<'_>) {
    query
        .push(" LIMIT ")
        .push_bind(COUNTED + 1)
        .push(") AS counted");
}

/// The shortest word that the index knows.
const INDEXED_LETTERS: usize = 3;

/// How many rows a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowCount {
    /// That many.
    Exactly(i64),
    /// That many, or more: nobody has counted on.
    AtLeast(i64),
}

impl RowCount {
    /// What counting up to one more than [`COUNTED`] rows has come to.
    pub(crate) const fn up_to_limit(rows: i64) -> Self {
        if rows > COUNTED {
            Self::AtLeast(COUNTED)
        } else {
            Self::Exactly(rows)
        }
    }
}

/// A filter, and what the index says about the words in it.
#[derive(Clone, Debug)]
pub struct ClientSelection {
    /// Whose eyes.
    pub(super) viewer: Viewer,
    pub(super) filter: ClientFilter,
    /// The moment at which it is asked what is stale.
    pub(super) now: Timestamp,
    /// Where each of its words can occur.
    pub(super) words: Vec<SearchedWord>,
    /// Ids, as JSON, and what stands around them: no other client can pass the filter.
    pub(super) candidates: Option<(String, (&'static str, &'static str))>,
    /// How many clients pass, where the index alone can tell.
    pub(super) count: Option<RowCount>,
}

/// A word, and whatever has it in its name; otherwise it occurs in a client's own name or number.
#[derive(Clone, Debug, Default)]
pub(super) struct SearchedWord {
    pub(super) pattern: String,
    pub(super) statuses: Vec<i64>,
    pub(super) channels: Vec<i64>,
    pub(super) types: Vec<String>,
    pub(super) priorities: Vec<String>,
}

row! {
    /// Something that gives clients a word to be found by.
    struct Named {
        /// `status`, `channel`, `type` or `priority`.
        pub kind: String,
        /// Which status or channel.
        pub id: i64,
        /// The name.
        pub name: String,
    }
}

statements! {
    const READ_NAMED = [
        "SELECT 'status' AS kind, id, name FROM status WHERE company_id = $1
         UNION ALL
         SELECT 'channel', id, name FROM channel WHERE company_id = $1
         UNION ALL
         SELECT DISTINCT 'type', CAST(0 AS BIGINT), client_type
         FROM client_count WHERE company_id = $1
         UNION ALL
         SELECT DISTINCT 'priority', CAST(0 AS BIGINT), priority
         FROM client_count WHERE company_id = $1"
    ];
}

impl ClientSelection {
    /// Whether the engine may keep its plan for the next time. Which plan is good for a search depends
    /// on how frequent its words are.
    pub(super) const fn keeps_its_plan(&self) -> bool {
        self.words.is_empty()
    }
}

impl SearchedWord {
    fn new(word: &str, named: &[Named]) -> Self {
        let lower = word.to_ascii_lowercase();
        let mut searched = Self {
            pattern: like_pattern(word),
            ..Self::default()
        };
        for other in named {
            if !other.name.to_ascii_lowercase().contains(&lower) {
                continue;
            }
            match other.kind.as_str() {
                "status" => searched.statuses.push(other.id),
                "channel" => searched.channels.push(other.id),
                "type" => searched.types.push(other.name.clone()),
                _ => searched.priorities.push(other.name.clone()),
            }
        }
        searched
    }

    /// Adds that the word occurs somewhere.
    pub(super) fn push_to<'q>(&'q self, query: &mut Query<'q>) {
        query.push(" AND (").push_like("k.name", &self.pattern);
        query
            .push(" OR ")
            .push_like("k.phone_number", &self.pattern);
        query.push_choice(" OR ", "k.client_type", &self.types);
        query.push_choice(" OR ", "k.priority", &self.priorities);
        query.push_choice(" OR ", "k.status_id", self.statuses.iter().copied());
        query.push_choice(" OR ", "k.channel_id", self.channels.iter().copied());
        query.push(")");
    }

    /// Whether it can occur only in what the index holds.
    const fn is_of_clients_alone(&self) -> bool {
        self.statuses.is_empty()
            && self.channels.is_empty()
            && self.types.is_empty()
            && self.priorities.is_empty()
    }
}

impl Tenant<'_> {
    /// Finds out where the words of the filter can occur, and asks the index which clients can pass.
    pub async fn select_clients(
        &mut self,
        viewer: Viewer,
        filter: ClientFilter,
        now: Timestamp,
    ) -> Result<ClientSelection> {
        let mut selection = ClientSelection {
            viewer,
            filter,
            now,
            words: Vec::new(),
            candidates: None,
            count: None,
        };
        if selection.filter.words.is_empty() {
            return Ok(selection);
        }
        let named: Vec<Named> = fetch!(self, READ_NAMED, self.company())?;
        let mut indexed = Vec::new();
        for word in &selection.filter.words {
            let searched = SearchedWord::new(word, &named);
            if searched.is_of_clients_alone() && is_indexed(word) {
                indexed.push(word.to_ascii_lowercase());
            }
            selection.words.push(searched);
        }
        if indexed.is_empty() {
            return Ok(selection);
        }
        let ids = self.candidates(&indexed).await?;
        if ids.len() <= FEW {
            let around = in_ids(self.connection().engine());
            selection.candidates = Some((serde_json::to_string(&ids)?, around));
        } else if indexed.len() == selection.words.len() && selection.asks_for_words_alone() {
            let rows = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            selection.count = Some(RowCount::up_to_limit(rows));
        }
        Ok(selection)
    }

    /// The clients in whose name and number all of the words occur, unless there are too many.
    async fn candidates(&mut self, words: &[String]) -> Result<Vec<i64>> {
        let (text, parameters) = candidates_of(self.connection().engine(), words);
        let query = Query::built(text).persistent(false);
        let query = query.with(self.company()).with(COUNTED + 1);
        fetch!(self, parameters.into_iter().fold(query, Query::with))
    }
}

/// Whether the index, which separates its texts with a new line, knows the word.
fn is_indexed(word: &str) -> bool {
    word.chars().count() >= INDEXED_LETTERS && !word.contains('\n')
}
