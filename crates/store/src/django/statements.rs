//! The statements about a table of the reference, as its columns say.

use super::columns::Column;
use super::tables::{SourceTable, Writing};
use crate::db::dialect::rows_of_table;
use crate::db::engine::EngineKind;

impl SourceTable {
    /// Counts the rows and finds the highest id that they bring with them.
    pub(crate) fn count(&self) -> String {
        let id = match self.writing {
            Writing::Insert => "id",
            Writing::Update => self.columns[0].source,
        };
        format!(
            "SELECT COUNT(*), CAST(COALESCE(MAX({id}), 0) AS BIGINT) FROM {}",
            self.name
        )
    }

    /// Reads the ids and columns of at most $2 rows from behind id $1. Rows of a client that is not
    /// there are left out.
    pub(crate) fn read(&self) -> String {
        let client = if self.columns.iter().any(|column| column.is_of_client) {
            "JOIN crm_client c ON c.id = t.client_id"
        } else {
            ""
        };
        format!(
            "SELECT CAST(t.id AS BIGINT), {}
             FROM {} t {client}
             WHERE t.id > $1
             ORDER BY t.id
             LIMIT $2",
            self.list(Column::read),
            self.name
        )
    }

    /// Writes the rows of parameter 1, a JSON array of objects.
    pub(crate) fn write(&self, engine: EngineKind) -> String {
        let target = self.target;
        let names: Vec<_> = self.columns.iter().map(|column| column.name).collect();
        let rows = rows_of_table(engine, target, &[&["id"], names.as_slice()].concat());
        match self.writing {
            Writing::Insert => format!(
                "INSERT INTO {target} (id, {}) SELECT r.id, {} FROM {rows}",
                names.join(", "),
                self.list(Column::written)
            ),
            Writing::Update => format!(
                "UPDATE {target} SET {} FROM {rows} WHERE {target}.id = r.id",
                self.list(|column| format!("{} = {}", column.name, column.written()))
            ),
        }
    }

    fn list(&self, text: impl Fn(&Column) -> String) -> String {
        let texts: Vec<_> = self.columns.iter().map(text).collect();
        texts.join(", ")
    }
}
