//! Writing very many rows at a time: indexes are set aside meanwhile, and the planner is told.

use crate::db::dialect::Sql;
use crate::db::engine::Tx;
use crate::db::query::Query;
use crate::error::Result;

/// The indexes that only make reading fast, of the tables that get many rows; not those that keys
/// stand for.
pub(crate) const READ_INDEXES: Sql = Sql {
    postgres: "SELECT i.indexname, i.indexdef
               FROM pg_indexes i
               WHERE i.schemaname = current_schema()
                 AND i.tablename IN ('client', 'client_phone', 'client_search', 'client_task', 'client_event')
                 AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
    sqlite: "SELECT name, sql
             FROM sqlite_master
             WHERE type = 'index'
               AND tbl_name IN ('client', 'client_phone', 'client_task', 'client_event')
               AND sql IS NOT NULL",
};

/// Lets `SQLite` keep the pages in memory that rows of many companies are added to in turn: 64 MiB.
pub(crate) const ENLARGE_CACHE: Sql = Sql {
    postgres: "SELECT 1",
    sqlite: "PRAGMA cache_size = -65536",
};

/// Tells the planner how full the tables are now; otherwise it would plan for empty ones. `SQLite`
/// never looks again, so there it keeps to what its migration expects of a database that has grown.
pub(crate) const ANALYZE: Sql = Sql {
    postgres: "ANALYZE",
    sqlite: "ANALYZE sqlite_schema",
};

/// Indexes that were set aside, with their definitions.
#[derive(Debug)]
#[must_use = "indexes that are not restored are missing"]
pub struct IndexesAside(Vec<(String, String)>);

impl Tx {
    /// Takes away, until [`Tx::restore_indexes`], the indexes that many new rows would have to be
    /// sorted into one by one. It is part of the transaction: if that fails, they are there again.
    pub async fn set_indexes_aside(&mut self) -> Result<IndexesAside> {
        execute!(self, ENLARGE_CACHE)?;
        let indexes: Vec<(String, String)> = fetch!(self, READ_INDEXES)?;
        for (name, _) in &indexes {
            execute!(self, Query::built(format!("DROP INDEX {name}")))?;
        }
        Ok(IndexesAside(indexes))
    }

    /// Builds the indexes anew, and writes by what the new clients are found.
    pub async fn restore_indexes(&mut self, aside: IndexesAside) -> Result<()> {
        let of_searches = |(name, _): &(String, String)| name.starts_with("client_search");
        let (of_searches, others): (Vec<_>, Vec<_>) = aside.0.into_iter().partition(of_searches);
        for (_, definition) in others {
            execute!(self, Query::built(definition))?;
        }
        self.fold_all_clients().await?;
        for (_, definition) in of_searches {
            execute!(self, Query::built(definition))?;
        }
        Ok(())
    }

    /// Tells the planner how full the tables are; after many rows were written.
    pub async fn analyze(&mut self) -> Result<()> {
        execute!(self, ANALYZE)
    }
}
