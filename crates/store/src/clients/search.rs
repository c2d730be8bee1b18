//! Searching among many clients: the index of their names and phone numbers cuts a filter down to
//! the few that can pass it, before anything else is looked at.

use super::ClientFilter;
use crate::dialect::candidates_of;
use crate::error::Result;
use crate::tenant::Tenant;

/// As many clients are looked up one by one. More than that are so frequent in any list that a page
/// of them is found sooner by reading on until it is full.
const FEW: usize = 2_000;

/// How far rows are counted: what a longer list says is how many it has at least.
pub(crate) const COUNTED: i64 = 10_000;

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
    pub(super) filter: ClientFilter,
    /// Ids, as JSON: no other client can pass the filter.
    pub(super) candidates: Option<String>,
    /// How many clients pass, where the index alone can tell.
    pub(super) count: Option<RowCount>,
}

statements! {
    /// Everything a word may occur in besides what the index holds.
    READ_OTHER_TEXTS = [
        "SELECT name FROM status WHERE company_id = $1
         UNION SELECT name FROM channel WHERE company_id = $1
         UNION SELECT client_type FROM client_count WHERE company_id = $1
         UNION SELECT priority FROM client_count WHERE company_id = $1"
    ];
}

impl Tenant<'_> {
    /// Asks the index which clients can pass the filter.
    pub async fn select_clients(&mut self, filter: ClientFilter) -> Result<ClientSelection> {
        let words = self.indexed_words(&filter.words).await?;
        let mut selection = ClientSelection {
            filter,
            candidates: None,
            count: None,
        };
        if words.is_empty() {
            return Ok(selection);
        }
        let company = self.company().get();
        let (text, patterns) = candidates_of(self.reader().engine(), &words);
        let text = sqlx::AssertSqlSafe(text);
        let ids: Vec<i64> = on!(self, connection => {
            let mut query = sqlx::query_scalar(text).bind(company).bind(COUNTED + 1);
            for pattern in patterns {
                query = query.bind(pattern);
            }
            query.fetch_all(connection).await?
        });
        if ids.len() <= FEW {
            selection.candidates = Some(serde_json::to_string(&ids)?);
        } else if words.len() == selection.filter.words.len()
            && selection.filter.asks_for_words_alone()
        {
            let rows = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            selection.count = Some(RowCount::up_to_limit(rows));
        }
        Ok(selection)
    }

    /// Those words, in lower case, that can occur only in what the index holds.
    async fn indexed_words(&mut self, words: &[String]) -> Result<Vec<String>> {
        let known = |word: &String| {
            // The index separates its texts with a new line.
            word.chars().count() >= INDEXED_LETTERS && !word.contains('\n')
        };
        let mut words: Vec<_> = words.iter().filter(|word| known(word)).collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        words.sort();
        words.dedup();
        let company = self.company().get();
        let others = fetch_all!(self, (String,), READ_OTHER_TEXTS, company)?;
        let others: Vec<_> = others
            .into_iter()
            .map(|(text,)| text.to_ascii_lowercase())
            .collect();
        let words = words.into_iter().map(|word| word.to_ascii_lowercase());
        Ok(words
            .filter(|word| others.iter().all(|text| !text.contains(word)))
            .collect())
    }
}
