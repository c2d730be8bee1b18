//! Statements with their parameters, before any driver sees them.

use crate::db::dialect::{Sql, like_pattern};
use crate::db::engine::EngineKind;
use crate::db::value::{Bind, Value};
use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

/// A statement with its parameters, in the order of their numbers.
#[derive(Debug)]
pub(crate) struct Query<'q> {
    text: Text,
    pub(super) values: Vec<Value<'q>>,
    /// Whether the engine may keep its plan for the next time.
    pub(super) persistent: bool,
}

#[derive(Debug)]
enum Text {
    Fixed(Sql),
    Built(String),
}

impl From<Sql> for Query<'_> {
    fn from(sql: Sql) -> Self {
        Self::of(Text::Fixed(sql))
    }
}

impl<'q> From<QueryBuilder<'q>> for Query<'q> {
    fn from(builder: QueryBuilder<'q>) -> Self {
        Self {
            values: builder.values,
            ..Self::built(builder.text)
        }
    }
}

impl<'q> Query<'q> {
    const fn of(text: Text) -> Self {
        Self {
            text,
            values: Vec::new(),
            persistent: true,
        }
    }

    /// A statement whose text is put together while the program runs.
    pub(crate) const fn built(text: String) -> Self {
        Self::of(Text::Built(text))
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
    pub(super) fn take_text(&mut self, engine: EngineKind) -> SqlStr {
        match (&mut self.text, engine) {
            (Text::Fixed(sql), EngineKind::Postgres) => sql.postgres.into_sql_str(),
            (Text::Fixed(sql), EngineKind::Sqlite) => sql.sqlite.into_sql_str(),
            (Text::Built(text), _) => AssertSqlSafe(std::mem::take(text)).into_sql_str(),
        }
    }
}

/// A statement that is being put together from what was asked.
#[derive(Debug)]
pub(crate) struct QueryBuilder<'q> {
    text: String,
    values: Vec<Value<'q>>,
}

impl<'q> QueryBuilder<'q> {
    /// One that begins like that.
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            values: Vec::new(),
        }
    }

    /// Adds text.
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
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
