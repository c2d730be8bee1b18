//! Rows as typed records: each field says how it is stored, and a value that makes no sense is an
//! error that names its column.

use serde::Deserialize as _;
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{
    ApiKeyId, ChannelId, ClientEventId, ClientId, ClientTaskId, CompanyId, JobId, PhoneNumberId,
    StageId, StatusId, SweepId, UserId,
};
use tawzi_core::money::Budget;
use tawzi_core::phone::{PhoneKey, PhoneRegion};
use tawzi_core::photo::ImageType;
use tawzi_core::status::StatusCategory;
use tawzi_core::sweep::{KeptCounts, KeptReason};
use tawzi_core::time::Timestamp;

/// A value and the type of the column it is stored in.
pub(crate) trait Stored: Sized {
    /// What the column holds.
    type Raw;

    /// The value, or a sentence about why it makes no sense.
    fn from_raw(raw: Self::Raw) -> Result<Self, String>;
}

macro_rules! stored {
    ($($type:ty as $raw:ty => |$value:ident| $parse:expr;)+) => {$(
        impl Stored for $type {
            type Raw = $raw;

            fn from_raw($value: $raw) -> Result<Self, String> {
                $parse
            }
        }
    )+};
}

stored! {
    i64 as i64 => |raw| Ok(raw);
    bool as bool => |raw| Ok(raw);
    String as String => |raw| Ok(raw);
    Vec<u8> as Vec<u8> => |raw| Ok(raw);
    CompanyId as i64 => |raw| Ok(Self::new(raw));
    UserId as i64 => |raw| Ok(Self::new(raw));
    ClientId as i64 => |raw| Ok(Self::new(raw));
    PhoneNumberId as i64 => |raw| Ok(Self::new(raw));
    StatusId as i64 => |raw| Ok(Self::new(raw));
    StageId as i64 => |raw| Ok(Self::new(raw));
    ChannelId as i64 => |raw| Ok(Self::new(raw));
    ClientTaskId as i64 => |raw| Ok(Self::new(raw));
    ClientEventId as i64 => |raw| Ok(Self::new(raw));
    SweepId as i64 => |raw| Ok(Self::new(raw));
    JobId as i64 => |raw| Ok(Self::new(raw));
    ApiKeyId as i64 => |raw| Ok(Self::new(raw));
    Timestamp as i64 => |raw| Ok(Self::from_microseconds(raw));
    Budget as i64 => |raw| Ok(Self::from_hundredths(raw));
    ReAssignHours as i64 => |raw| Self::parse(raw).map_err(|bad| bad.to_string());
    PhoneKey as String => |raw| Ok(Self::from_kept(raw));
    PhoneRegion as String => |raw| Self::parse(&raw).map_err(|bad| bad.to_string());
    StatusCategory as String => |raw| Self::parse(&raw)
        .ok_or_else(|| format!("{raw:?} is no category of statuses"));
    KeptCounts as String => |raw| kept_counts(&raw);
    ImageType as String => |raw| Self::parse(&raw)
        .ok_or_else(|| format!("{raw:?} is no type of images"));
}

/// Counts by reason, from rows of the two: a JSON array of arrays.
fn kept_counts(rows: &str) -> Result<KeptCounts, String> {
    let rows: Vec<(String, i64)> = serde_json::from_str(rows).map_err(|error| error.to_string())?;
    let known = |(word, count): (String, i64)| match KeptReason::parse(&word) {
        Some(reason) => Ok((reason, count)),
        None => Err(format!("{word:?} is no reason for which a client stays")),
    };
    rows.into_iter().map(known).collect()
}

/// A moment in a packed row.
pub(crate) fn microseconds<'de, D>(deserializer: D) -> Result<Timestamp, D::Error>
where
    D: serde::Deserializer<'de>,
{
    i64::deserialize(deserializer).map(Timestamp::from_microseconds)
}

impl<T: Stored> Stored for Option<T> {
    type Raw = Option<T::Raw>;

    fn from_raw(raw: Self::Raw) -> Result<Self, String> {
        raw.map(T::from_raw).transpose()
    }
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

        row!(impl sqlx::postgres::PgRow, $name, $($field: $type),+);
        row!(impl sqlx::sqlite::SqliteRow, $name, $($field: $type),+);
    };

    // Twice rather than for any row: what is generic is compiled in every crate that reads one.
    (impl $row:ty, $name:ident, $($field:ident: $type:ty),+) => {
        impl<'r> sqlx::FromRow<'r, $row> for $name {
            fn from_row(row: &'r $row) -> std::result::Result<Self, sqlx::Error> {
                use sqlx::Row as _;
                Ok(Self {
                    $($field: <$type as $crate::db::row::Stored>::from_raw(
                        row.try_get(stringify!($field))?,
                    )
                    .map_err(|problem| sqlx::Error::ColumnDecode {
                        index: concat!(stringify!($name), ".", stringify!($field)).to_owned(),
                        source: problem.into(),
                    })?,)+
                })
            }
        }
    };
}
