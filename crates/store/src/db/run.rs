//! Running statements on a driver's connection.

use crate::db::engine::{Connection, EngineKind, Waiting, Writer};
use crate::db::query::Query;
use crate::db::row::{Record, Row};
use crate::db::value::Value;
use crate::error::Result;
use sqlx::Executor as _;
use tawzi_core::time::Timestamp;

/// Runs an expression with the driver's connection, the statement as that driver has it, and its kind of row.
macro_rules! on {
    ($connection:expr, $query:expr, |$driver:ident, $statement:ident, $row:ident| $body:expr) => {
        match $connection {
            Connection::Postgres($driver) => {
                on!(Postgres, $query, $driver, $statement, $row, $body)
            }
            Connection::Sqlite($driver) => on!(Sqlite, $query, $driver, $statement, $row, $body),
        }
    };
    ($engine:ident, $query:expr, $driver:ident, $statement:ident, $row:ident, $body:expr) => {{
        let query = $query;
        let text = query.text(EngineKind::$engine);
        let mut $statement = sqlx::query::<sqlx::$engine>(text).persistent(query.persistent);
        for value in query.values {
            $statement = match value {
                Value::Number(number) => $statement.bind(number),
                Value::Text(text) => $statement.bind(text),
                Value::Flag(flag) => $statement.bind(flag),
                Value::Bytes(bytes) => $statement.bind(bytes),
            };
        }
        let $row = Row::$engine;
        Box::pin(async move { $body })
    }};
}

impl<'c> Connection<'c> {
    /// Runs a statement and tells how many rows it changed.
    fn execute(self, query: Query<'_>) -> Waiting<'c, sqlx::Result<u64>> {
        on!(self, query, |driver, statement, _row| {
            Ok(driver.execute(statement).await?.rows_affected())
        })
    }

    /// All rows of a statement.
    pub(crate) fn rows(self, query: Query<'_>) -> Waiting<'c, sqlx::Result<Vec<Row>>> {
        on!(self, query, |driver, statement, row| {
            let rows = driver.fetch_all(statement).await?;
            Ok(rows.into_iter().map(row).collect())
        })
    }

    /// The first row of a statement, if it has one.
    pub(crate) fn first_row(self, query: Query<'_>) -> Waiting<'c, sqlx::Result<Option<Row>>> {
        on!(self, query, |driver, statement, row| {
            Ok(driver.fetch_optional(statement).await?.map(row))
        })
    }
}

/// The answer of a statement.
pub(crate) async fn fetch<A: Answer>(connection: Connection<'_>, query: Query<'_>) -> Result<A> {
    A::fetch(connection, query).await
}

/// What becomes of a statement that writes.
pub(crate) async fn write<W: Written>(writer: Writer<'_>, query: Query<'_>) -> Result<W> {
    W::write(writer, query).await
}

/// What a statement can answer: all rows, the row of one that gives one or none, or what is in the row of one
/// that gives exactly one.
pub(crate) trait Answer: Sized {
    /// The answer of that statement.
    fn fetch(
        connection: Connection<'_>,
        query: Query<'_>,
    ) -> impl Future<Output = Result<Self>> + Send;
}

impl<R: Record> Answer for Vec<R> {
    async fn fetch(connection: Connection<'_>, query: Query<'_>) -> Result<Self> {
        let rows = connection.rows(query).await?;
        rows.iter().map(|row| Ok(R::from_row(row)?)).collect()
    }
}

impl<R: Record> Answer for Option<R> {
    async fn fetch(connection: Connection<'_>, query: Query<'_>) -> Result<Self> {
        let row = connection.first_row(query).await?;
        Ok(row.as_ref().map(R::from_row).transpose()?)
    }
}

/// The answers of statements that give exactly one row.
macro_rules! answers {
    ($($record:ty $(where $($parameter:ident),+)?;)+) => {$(
        impl$(<$($parameter),+>)? $crate::db::run::Answer for $record
        where
            Self: $crate::db::row::Record,
        {
            async fn fetch(
                connection: $crate::db::engine::Connection<'_>,
                query: $crate::db::query::Query<'_>,
            ) -> $crate::Result<Self> {
                let record = Option::fetch(connection, query).await?;
                record.ok_or_else(|| sqlx::Error::RowNotFound.into())
            }
        }
    )+};
}

answers! {
    i64;
    bool;
    String;
    Timestamp;
}

/// What becomes of a statement that writes: nothing that anybody asks for, how many rows it changed, or whether
/// it changed any; or else what it answers.
pub(crate) trait Written: Sized {
    /// What becomes of that statement.
    fn write(writer: Writer<'_>, query: Query<'_>) -> impl Future<Output = Result<Self>> + Send;
}

impl Written for () {
    async fn write(writer: Writer<'_>, query: Query<'_>) -> Result<Self> {
        u64::write(writer, query).await.map(drop)
    }
}

impl Written for u64 {
    async fn write(mut writer: Writer<'_>, query: Query<'_>) -> Result<Self> {
        Ok(writer.connection().execute(query).await?)
    }
}

impl Written for bool {
    async fn write(writer: Writer<'_>, query: Query<'_>) -> Result<Self> {
        Ok(u64::write(writer, query).await? > 0)
    }
}

impl<R: Record> Written for Vec<R> {
    async fn write(mut writer: Writer<'_>, query: Query<'_>) -> Result<Self> {
        Self::fetch(writer.connection(), query).await
    }
}

impl<R: Record> Written for Option<R> {
    async fn write(mut writer: Writer<'_>, query: Query<'_>) -> Result<Self> {
        Self::fetch(writer.connection(), query).await
    }
}
