//! Rows as typed records: a value that makes no sense is an error that names its column.

use crate::db::value::Stored;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Decode, Postgres, Row as _, Sqlite, Type};

/// A row of either engine.
pub(crate) enum Row {
    Postgres(PgRow),
    Sqlite(SqliteRow),
}

/// What is read from a row.
pub(crate) trait Record: Sized {
    /// The record, if every value makes sense.
    fn from_row(row: &Row) -> sqlx::Result<Self>;
}

/// What both engines have columns of.
pub(crate) trait Raw:
    for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>
{
}

impl<T> Raw for T where
    T: for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>
{
}

impl Row {
    /// What is in a column.
    pub(crate) fn raw<T: Raw>(
        &self,
        column: impl ColumnIndex<PgRow> + ColumnIndex<SqliteRow>,
    ) -> sqlx::Result<T> {
        match self {
            Self::Postgres(row) => row.try_get(column),
            Self::Sqlite(row) => row.try_get(column),
        }
    }

    /// The value in a column; `name` is what an error calls it.
    pub(crate) fn value<T: Stored<Raw: Raw>>(
        &self,
        column: impl ColumnIndex<PgRow> + ColumnIndex<SqliteRow>,
        name: &str,
    ) -> sqlx::Result<T> {
        T::from_raw(self.raw(column)?).map_err(|problem| sqlx::Error::ColumnDecode {
            index: name.to_owned(),
            source: problem.into(),
        })
    }
}

/// Of a statement with a single column.
impl<T: Stored<Raw: Raw>> Record for T {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        row.value(0, std::any::type_name::<T>())
    }
}

macro_rules! tuples {
    ($(($($type:ident $place:literal),+))+) => {$(
        impl<$($type: Stored<Raw: Raw>),+> Record for ($($type,)+) {
            fn from_row(row: &Row) -> sqlx::Result<Self> {
                Ok(($(row.value($place, std::any::type_name::<$type>())?,)+))
            }
        }

        answers! { ($($type,)+) where $($type),+; }
    )+};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}

/// Declares a struct whose fields are the columns of a row, on both engines.
macro_rules! row {
    (
        $(#[$doc:meta])+
        $visibility:vis struct $name:ident {
            $($(#[$field_doc:meta])* pub $field:ident: $type:ty,)+
        }
    ) => {
        $(#[$doc])+
        #[derive(Clone, Debug)]
        $visibility struct $name {
            $($(#[$field_doc])* pub $field: $type,)+
        }

        impl $crate::db::row::Record for $name {
            fn from_row(row: &$crate::db::row::Row) -> sqlx::Result<Self> {
                Ok(Self {
                    $($field: row.value(
                        stringify!($field),
                        concat!(stringify!($name), ".", stringify!($field)),
                    )?,)+
                })
            }
        }

        answers! { $name; }
    };
}
