//! Statements with their parameters, before any driver sees them.

use crate::db::dialect::{Sql, like_pattern};
use crate::db::engine::EngineKind;
use crate::db::value::{Bind, Value};
use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

/// A statement with its parameters, in the order of their numbers.
#[derive(Debug)]
pub(crate) struct Query<'q> {
    /// What it begins with, in the words of each engine.
    start: Sql,
    /// What is put together behind it while the program runs, in words that both engines know.
    rest: String,
    pub(super) values: Vec<Value<'q>>,
    /// Whether the engine may keep its plan for the next time.
    pub(super) persistent: bool,
}

impl From<Sql> for Query<'_> {
    fn from(start: Sql) -> Self {
        Self {
            start,
            rest: String::new(),
            values: Vec::new(),
            persistent: true,
        }
    }
}

impl<'q> Query<'q> {
    /// A statement whose whole text is put together while the program runs.
    pub(crate) fn built(text: String) -> Self {
        Self {
            rest: text,
            ..Self::from(sql!(""))
        }
    }

    /// With the next parameter.
    pub(crate) fn with(mut self, value: impl Bind<'q>) -> Self {
        self.values.push(value.value());
        self
    }

    /// With a plan that the engine may keep, or not.
    pub(crate) const fn persistent(mut self, persistent: bool) -> Self {
        self.persistent = persistent;
        self
    }

    /// Its text in the words of that engine.
    pub(crate) fn text(&self, engine: EngineKind) -> SqlStr {
        let start = match engine {
            EngineKind::Postgres => self.start.postgres,
            EngineKind::Sqlite => self.start.sqlite,
        };
        if self.rest.is_empty() {
            start.into_sql_str()
        } else {
            AssertSqlSafe(format!("{start}{}", self.rest)).into_sql_str()
        }
    }

    /// Adds text.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.rest.push_str(text);
        self
    }

    /// Adds a parameter.
    pub(crate) fn push_bind(&mut self, value: impl Bind<'q>) -> &mut Self {
        self.values.push(value.value());
        let number = self.values.len();
        self.push(&format!("${number}"))
    }

    /// Adds, behind `start`, that a column is one of the values, unless there are none.
    pub(crate) fn push_choice<T: Bind<'q>>(
        &mut self,
        start: &str,
        column: &str,
        values: impl IntoIterator<Item = T>,
    ) {
        let mut before = "";
        for value in values {
            if before.is_empty() {
                self.push(start).push(column).push(" IN (");
            }
            self.push(before).push_bind(value);
            before = ", ";
        }
        if !before.is_empty() {
            self.push(")");
        }
    }

    /// Adds that each of the words occurs in one of the columns.
    pub(crate) fn push_words(&mut self, words: &[String], columns: &[&str]) {
        for word in words {
            let pattern = like_pattern(word);
            for (place, column) in columns.iter().enumerate() {
                let start = if place == 0 { " AND (" } else { " OR " };
                self.push(start).push_like(column, pattern.clone());
            }
            self.push(")");
        }
    }

    /// Adds that a column is like the pattern.
    pub(crate) fn push_like(&mut self, column: &str, pattern: impl Bind<'q>) {
        self.push("LOWER(").push(column).push(") LIKE ");
        self.push_bind(pattern).push(" ESCAPE '\\'");
    }

    /// Adds which part of the rows is wanted.
    pub(crate) fn push_page(&mut self, offset: i64, limit: i64) -> &mut Self {
        self.push(" LIMIT ").push_bind(limit);
        self.push(" OFFSET ").push_bind(offset)
    }
}

/// A key of an order that may be absent: the engines disagree about where nothing belongs.
pub(crate) const fn nullable_key(descending: bool) -> &'static str {
    if descending {
        " DESC NULLS LAST, "
    } else {
        " NULLS FIRST, "
    }
}
