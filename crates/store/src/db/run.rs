//! Running statements on a driver's connection, and waiting for one.
//!
//! What waits for a driver is behind a pointer. A future is compiled where it is waited for: without the
//! pointer, every crate that calls a function of this one would compile both drivers once more.

use crate::error::{Error, Result};
use sqlx::query::Query;
use sqlx::{Connection, Database, Executor as _, FromRow, PgConnection, SqliteConnection};
use std::pin::Pin;

/// What becomes an answer, behind a pointer.
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

type Row<C> = <<C as Connection>::Database as Database>::Row;
type Statement<'c, C> =
    Query<'c, <C as Connection>::Database, <<C as Connection>::Database as Database>::Arguments>;

/// A driver's connection, as far as statements need it.
pub(crate) trait Driver: Connection {
    /// Runs a statement and tells how many rows it changed.
    fn run<'c>(&'c mut self, statement: Statement<'c, Self>) -> Waiting<'c, sqlx::Result<u64>>;

    /// All rows of a statement.
    fn rows<'c>(
        &'c mut self,
        statement: Statement<'c, Self>,
    ) -> Waiting<'c, sqlx::Result<Vec<Row<Self>>>>;

    /// The first row of a statement, if it has one.
    fn first_row<'c>(
        &'c mut self,
        statement: Statement<'c, Self>,
    ) -> Waiting<'c, sqlx::Result<Option<Row<Self>>>>;
}

macro_rules! driver {
    ($connection:ty) => {
        impl Driver for $connection {
            fn run<'c>(
                &'c mut self,
                statement: Statement<'c, Self>,
            ) -> Waiting<'c, sqlx::Result<u64>> {
                Box::pin(async move { Ok(self.execute(statement).await?.rows_affected()) })
            }

            fn rows<'c>(
                &'c mut self,
                statement: Statement<'c, Self>,
            ) -> Waiting<'c, sqlx::Result<Vec<Row<Self>>>> {
                self.fetch_all(statement)
            }

            fn first_row<'c>(
                &'c mut self,
                statement: Statement<'c, Self>,
            ) -> Waiting<'c, sqlx::Result<Option<Row<Self>>>> {
                self.fetch_optional(statement)
            }
        }
    };
}

driver!(PgConnection);
driver!(SqliteConnection);

/// Runs a statement and tells how many rows it changed.
pub(crate) async fn execute<C: Driver>(
    connection: &mut C,
    statement: Statement<'_, C>,
) -> Result<u64> {
    Ok(connection.run(statement).await?)
}

/// All rows of a statement, as records.
pub(crate) async fn fetch_all<R, C: Driver>(
    connection: &mut C,
    statement: Statement<'_, C>,
) -> Result<Vec<R>>
where
    R: for<'r> FromRow<'r, Row<C>>,
{
    let rows = connection.rows(statement).await?;
    let records = rows.iter().map(|row| Ok(R::from_row(row)?));
    records.collect()
}

/// The record of a statement that gives one row or none.
pub(crate) async fn fetch_optional<R, C: Driver>(
    connection: &mut C,
    statement: Statement<'_, C>,
) -> Result<Option<R>>
where
    R: for<'r> FromRow<'r, Row<C>>,
{
    let row = connection.first_row(statement).await?;
    Ok(row.as_ref().map(R::from_row).transpose()?)
}

/// The record of a statement that gives exactly one row.
pub(crate) async fn fetch_one<R, C: Driver>(
    connection: &mut C,
    statement: Statement<'_, C>,
) -> Result<R>
where
    R: for<'r> FromRow<'r, Row<C>>,
{
    let record = fetch_optional(connection, statement).await?;
    record.ok_or_else(|| Error::from(sqlx::Error::RowNotFound))
}
