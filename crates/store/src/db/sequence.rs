//! Giving out ids: rising, never used twice, one count per table for all companies.

use crate::db::dialect::Sql;
use crate::db::engine::{EngineKind, Writer};
use crate::db::value::Id;
use crate::error::Result;

/// `PostgreSQL` counts in sequences, which never wait for each other, and answers with every id;
/// `SQLite` has one writer and a row per table, and answers with the last id.
pub(crate) const TAKE: Sql = Sql {
    postgres: "SELECT nextval(CAST($1 AS regclass)) FROM generate_series(1, $2)",
    sqlite: "UPDATE id_sequence SET last = last + $2 WHERE name = $1 RETURNING last",
};

/// Raises a count to at least the highest id in the table, after rows with ids were copied in.
pub(crate) const RAISE: Sql = Sql {
    postgres: "SELECT setval(CAST($1 AS regclass), $2)
               WHERE $2 > COALESCE(pg_sequence_last_value(CAST($1 AS regclass)), 0)",
    sqlite: "UPDATE id_sequence SET last = MAX(last, $2) WHERE name = $1 RETURNING last",
};

impl Writer<'_> {
    /// The next `count` ids of their table, rising.
    pub(crate) async fn take_ids<I: Id>(&mut self, count: usize) -> Result<Vec<I>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let numbers = self.take_numbers(I::TABLE, count).await?;
        Ok(numbers.into_iter().map(I::of).collect())
    }

    /// The next id of its table.
    pub(crate) async fn take_id<I: Id>(&mut self) -> Result<I> {
        self.take_number(I::TABLE).await.map(I::of)
    }

    /// The next id of that table.
    pub(crate) async fn take_number(&mut self, table: &str) -> Result<i64> {
        let numbers = self.take_numbers(table, 1).await?;
        Ok(numbers.first().copied().unwrap_or_default())
    }

    async fn take_numbers(&mut self, table: &str, count: i64) -> Result<Vec<i64>> {
        let taken: Vec<i64> = fetch!(self, TAKE, name(table), count)?;
        Ok(match self.connection().engine() {
            EngineKind::Postgres => taken,
            EngineKind::Sqlite => {
                let ranges = taken.into_iter().map(|last| last - count + 1..=last);
                ranges.flatten().collect()
            }
        })
    }

    /// Ids of that table up to and including `highest` are never given out again.
    pub(crate) async fn raise_ids(&mut self, table: &str, highest: i64) -> Result<()> {
        let _raised: Vec<i64> = fetch!(self, RAISE, name(table), highest)?;
        Ok(())
    }
}

fn name(table: &str) -> String {
    format!("{table}_ids")
}
