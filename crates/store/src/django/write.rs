//! Writing rows of the reference. When the database refuses some of them, the first one is looked for, so that it can be
//! named.

use super::SourceRows;
use super::rows::OurRow;
use super::tables::SourceTable;
use crate::db::engine::Tx;
use crate::db::query::Query;
use crate::error::Error;

/// Why rows were not written.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The database does not take a row: it breaks a rule of the schema, or is more than a table or an index can hold.
    #[error("{table} {id}: the database does not take this row")]
    Row {
        /// The reference's table.
        table: &'static str,
        /// The row's id.
        id: i64,
        /// What the database says.
        #[source]
        source: Error,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Error),
}

impl Tx {
    /// Writes rows of the reference with the ids they have. After an error the transaction is of no use any more.
    pub async fn import_rows(&mut self, page: &SourceRows) -> Result<(), ImportError> {
        self.run("SAVEPOINT before_rows").await?;
        if let Err(error) = self.write_rows(page.table, &page.rows).await {
            let named = is_about_rows(&error);
            return Err(if named {
                self.first_refused(page, error).await?
            } else {
                error.into()
            });
        }
        self.run("RELEASE SAVEPOINT before_rows").await?;
        if page.table.adds_rows() {
            let mut writer = self.writer();
            writer.raise_ids(page.table.target, page.last_id).await?;
        }
        Ok(())
    }

    /// Which row is refused first, when all of them together were: half of what is left is tried at a time.
    async fn first_refused(&mut self, page: &SourceRows, all: Error) -> Result<ImportError, Error> {
        self.run("ROLLBACK TO SAVEPOINT before_rows").await?;
        let mut rows = page.rows.as_slice();
        while rows.len() > 1 {
            let (first, second) = rows.split_at(rows.len() / 2);
            if self.write_rows(page.table, first).await.is_ok() {
                self.run("SAVEPOINT before_rows").await?;
                rows = second;
            } else {
                self.run("ROLLBACK TO SAVEPOINT before_rows").await?;
                rows = first;
            }
        }
        let id = rows.first().and_then(|row| row.get("id")?.as_i64());
        let refused = self.write_rows(page.table, rows).await;
        Ok(match (id, refused) {
            (Some(id), Err(source)) => ImportError::Row {
                table: page.table.name,
                id,
                source,
            },
            // Somebody has mended it meanwhile.
            _ => all.into(),
        })
    }

    async fn write_rows(&mut self, table: &SourceTable, rows: &[OurRow]) -> Result<(), Error> {
        let query = Query::built(table.write(self.connection().engine()));
        execute!(self, query.with(serde_json::to_string(rows)?))
    }

    async fn run(&mut self, statement: &str) -> Result<(), Error> {
        execute!(self, Query::built(statement.to_owned()))
    }
}

/// Whether the database found fault with what was to be written, and not with itself.
fn is_about_rows(error: &Error) -> bool {
    let Error::Database(error) = error else {
        return matches!(error, Error::Conflict(_));
    };
    let database = error.as_database_error();
    let code = database.and_then(sqlx::error::DatabaseError::code);
    let code = code.unwrap_or_default();
    // PostgreSQL's classes of data, of constraints and of limits; SQLite's constraints (19 and its variants, which end
    // in that byte), what is too big, and the wrong type.
    let by_postgres = code.len() == 5
        && ["22", "23", "54"]
            .iter()
            .any(|class| code.starts_with(class));
    let by_sqlite = code
        .parse::<u32>()
        .is_ok_and(|code| matches!(code & 0xff, 18..=20));
    by_postgres || (code.len() < 5 && by_sqlite)
}
