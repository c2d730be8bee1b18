//! Searching among many clients: the index of their names and phone numbers cuts a filter down to
//! the few that can pass it, before anything else is looked at.

use super::{ClientFilter, Viewer};
use crate::db::dialect::{Indexed, clients_with, in_ids, like_pattern};
use crate::db::query::Query;
use crate::db::tenant::Tenant;
use crate::error::Result;
use tawzi_core::found::{SoughtWord, sought};
use tawzi_core::phone::PhoneRegion;
use tawzi_core::text::folded::folded;
use tawzi_core::time::Timestamp;

/// As many clients are looked up one by one. More than that are so frequent in any list that a page
/// of them is found sooner by reading on until it is full.
const FEW: usize = 2_000;

/// How far rows are counted: what a longer list says is how many it has at least.
const COUNTED: i64 = 10_000;

/// How far they are counted where the last page is wanted, which nobody knows without.
const COUNTED_FOR_LAST: i64 = 200_000;

/// How far the rows of a list are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// As far as it is said of every list.
    AsEver,
    /// To the end, unless that is very far away.
    ToTheEnd,
}

impl Counting {
    const fn limit(self) -> i64 {
        match self {
            Self::AsEver => COUNTED,
            Self::ToTheEnd => COUNTED_FOR_LAST,
        }
    }

    /// Ends a statement that counts rows, so that it counts no further.
    pub(crate) fn end(self, query: &mut Query<'_>) {
        let limit = self.limit() + 1;
        query.push(" LIMIT ").push_bind(limit).push(") AS counted");
    }

    /// What counting up to one more than the limit has come to.
    pub(crate) const fn of(self, rows: i64) -> RowCount {
        if rows > self.limit() {
            RowCount::AtLeast(self.limit())
        } else {
            RowCount::Exactly(rows)
        }
    }
}

/// The shortest word that the index of texts knows. Shorter ones are found by pairs of letters.
const INDEXED_LETTERS: usize = 3;

/// So many of the newest clients show how frequent words are.
const SAMPLE: i64 = 1_000;

/// If that many of them have the words, clients that have them are found everywhere, and counted, sooner by reading
/// clients than by an index.
const EVERYWHERE: i64 = SAMPLE / 4;

/// If that many of them have the words, so do more than [`FEW`] in any list that is long enough to matter.
const OFTEN: i64 = SAMPLE / 20;

/// How many rows a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowCount {
    /// That many.
    Exactly(i64),
    /// That many, or more: nobody has counted on.
    AtLeast(i64),
}

impl RowCount {
    /// Whether there may be any.
    pub fn is_any(self) -> bool {
        self != Self::Exactly(0)
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
    /// What the indexes are asked for how many clients pass, where they alone can tell.
    pub(super) told_by_index: Option<Indexed>,
}

/// A word, and whatever has it in its name; otherwise it occurs in what a client is found by.
#[derive(Clone, Debug, Default)]
pub(crate) struct SearchedWord {
    spellings: Vec<String>,
    /// The patterns of the spellings.
    patterns: Vec<String>,
    statuses: Vec<i64>,
    channels: Vec<i64>,
    types: Vec<String>,
    priorities: Vec<String>,
}

row! {
    /// Something that gives clients a word to be found by, or the country of the company's phone numbers.
    struct Named {
        /// `status`, `channel`, `type`, `priority` or `region`.
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
         FROM client_count WHERE company_id = $1 AND clients > 0
         UNION ALL
         SELECT DISTINCT 'priority', CAST(0 AS BIGINT), priority
         FROM client_count WHERE company_id = $1 AND clients > 0
         UNION ALL
         SELECT 'region', id, phone_region
         FROM company WHERE id = $1 AND phone_region IS NOT NULL"
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
    fn new(word: SoughtWord, named: &[Named]) -> Self {
        let mut searched = Self {
            patterns: word.spellings.iter().map(|s| like_pattern(s)).collect(),
            spellings: word.spellings,
            ..Self::default()
        };
        for other in named {
            if !folded(&other.name).contains(&word.folded) {
                continue;
            }
            match other.kind.as_str() {
                "status" => searched.statuses.push(other.id),
                "channel" => searched.channels.push(other.id),
                "type" => searched.types.push(other.name.clone()),
                "priority" => searched.priorities.push(other.name.clone()),
                _ => {}
            }
        }
        searched
    }

    /// Adds that the word occurs somewhere.
    pub(super) fn push_to<'q>(&'q self, query: &mut Query<'q>) {
        query.push(" AND (");
        self.push_patterns(query);
        query.push_choice(" OR ", "k.client_type", &self.types);
        query.push_choice(" OR ", "k.priority", &self.priorities);
        query.push_choice(" OR ", "k.status_id", self.statuses.iter().copied());
        query.push_choice(" OR ", "k.channel_id", self.channels.iter().copied());
        query.push(")");
    }

    /// A word that is looked for in the names of clients alone; `None` when their phone numbers may have it, too.
    pub(crate) fn in_names(word: &str) -> Option<Self> {
        let word = sought(std::slice::from_ref(&word.to_owned()), None).pop()?;
        (!word.may_be_of_number()).then(|| Self::new(word, &[]))
    }

    /// Adds that one of the spellings stands in what the client is found by.
    pub(crate) fn push_patterns<'q>(&'q self, query: &mut Query<'q>) {
        let mut start = "";
        for pattern in &self.patterns {
            query.push(start).push("k.found_by LIKE ");
            query.push_bind(pattern).push(" ESCAPE '\\'");
            start = " OR ";
        }
    }

    /// Whether it can occur only in what clients are found by.
    const fn is_of_clients_alone(&self) -> bool {
        self.statuses.is_empty()
            && self.channels.is_empty()
            && self.types.is_empty()
            && self.priorities.is_empty()
    }

    /// Whether the index of texts knows each of its spellings.
    fn is_indexed(&self) -> bool {
        let is_long = |spelling: &String| spelling.chars().count() >= INDEXED_LETTERS;
        self.spellings.iter().all(is_long)
    }

    /// Whether the pairs of letters say not only who may have it, but who has it.
    fn is_a_pair(&self) -> bool {
        let is_short = |spelling: &String| spelling.chars().count() < INDEXED_LETTERS;
        self.spellings.iter().all(is_short)
    }
}

impl Tenant<'_> {
    /// Finds out where the words of the filter can occur, and asks the indexes which clients can pass.
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
            told_by_index: None,
        };
        if selection.filter.words.is_empty() {
            return Ok(selection);
        }
        let named: Vec<Named> = fetch!(self, READ_NAMED, self.company())?;
        let region = named.iter().find(|other| other.kind == "region");
        let region = region.and_then(|region| PhoneRegion::parse(&region.name).ok());
        let words = sought(&selection.filter.words, region);
        let searched = words
            .into_iter()
            .map(|word| SearchedWord::new(word, &named));
        selection.words = searched.collect();
        let own = selection.words.iter().filter(|w| w.is_of_clients_alone());
        let own: Vec<_> = own.collect();
        if own.is_empty() {
            return Ok(selection);
        }
        let have_all = self.how_many_newest_have(&own).await?;
        if have_all < EVERYWHERE {
            let indexed = self.indexed(&own);
            if have_all < OFTEN {
                let ids = self.candidates(&indexed).await?;
                if ids.len() <= FEW {
                    let around = in_ids(self.connection().engine());
                    selection.candidates = Some((serde_json::to_string(&ids)?, around));
                    return Ok(selection);
                }
            }
            let is_told_by_index = own.len() == selection.words.len()
                && own.iter().all(|word| word.is_indexed() || word.is_a_pair())
                && selection.asks_for_words_alone();
            if is_told_by_index {
                selection.told_by_index = Some(indexed);
            }
        }
        Ok(selection)
    }

    /// The clients who have the word, unless there are many.
    pub(crate) async fn few_clients_with(
        &mut self,
        word: &SearchedWord,
    ) -> Result<Option<Vec<i64>>> {
        if self.how_many_newest_have(&[word]).await? >= OFTEN {
            return Ok(None);
        }
        let indexed = self.indexed(&[word]);
        let ids = self.candidates(&indexed).await?;
        Ok((ids.len() <= FEW).then_some(ids))
    }

    /// How many of the newest clients have all of the words.
    async fn how_many_newest_have(&mut self, words: &[&SearchedWord]) -> Result<i64> {
        // Its text depends on how many words there are.
        let mut query = self.query(sql!(
            "SELECT COUNT(*)
             FROM (
                 SELECT n.found_by
                 FROM client n
                 WHERE n.company_id = $1
                 ORDER BY n.created_at DESC, n.id DESC
                 LIMIT $2
             ) AS k
             WHERE TRUE"
        ));
        query = query.with(SAMPLE).persistent(false);
        for word in words {
            query.push(" AND (");
            word.push_patterns(&mut query);
            query.push(")");
        }
        fetch!(self, query)
    }

    /// What the indexes are asked about the words.
    fn indexed(&mut self, words: &[&SearchedWord]) -> Indexed {
        let (long, short): (Vec<&SearchedWord>, Vec<_>) =
            words.iter().copied().partition(|word| word.is_indexed());
        let engine = self.connection().engine();
        clients_with(engine, &spellings_of(&long), &spellings_of(&short))
    }

    /// Who has the words by the indexes, or more than [`FEW`] of them.
    async fn candidates(&mut self, indexed: &Indexed) -> Result<Vec<i64>> {
        let text = format!("SELECT {} {} LIMIT $2", indexed.id, indexed.rows);
        let most = i64::try_from(FEW).unwrap_or(i64::MAX).saturating_add(1);
        let query = Query::built(text).with(self.company()).with(most);
        fetch!(self, with_all_of(query, indexed))
    }

    /// How many have the words by the indexes, counted so far.
    pub(super) async fn count_indexed(
        &mut self,
        indexed: &Indexed,
        counting: Counting,
    ) -> Result<RowCount> {
        let rows = &indexed.rows;
        let text = format!("SELECT COUNT(*) FROM (SELECT 1 AS one {rows} LIMIT $2) AS counted");
        let query = Query::built(text)
            .with(self.company())
            .with(counting.limit() + 1);
        fetch!(self, with_all_of(query, indexed)).map(|rows| counting.of(rows))
    }
}

fn spellings_of<'w>(words: &[&'w SearchedWord]) -> Vec<&'w [String]> {
    words.iter().map(|word| &*word.spellings).collect()
}

/// The statement with the words, whose plan depends on how frequent they are.
fn with_all_of<'q>(query: Query<'q>, indexed: &'q Indexed) -> Query<'q> {
    let parameters = indexed.parameters.iter();
    parameters.fold(query.persistent(false), Query::with)
}
