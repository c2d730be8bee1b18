//! How values are stored: each type says which kind of column holds it, how it is read from there, and what it
//! is as a parameter of a statement.

use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeSet;
use tawzi_core::client::{ClientType, PhoneType, Priority};
use tawzi_core::company::ReAssignHours;
use tawzi_core::event::EventType;
use tawzi_core::id::{
    ApiKeyId, AuditEntryId, ChannelId, ClientEventId, ClientId, ClientTaskId, CompanyId, JobId,
    PhoneNumberId, StageId, StatusId, SweepId, UserId,
};
use tawzi_core::login::LoginKey;
use tawzi_core::money::Budget;
use tawzi_core::phone::{PhoneKey, PhoneRegion};
use tawzi_core::photo::ImageType;
use tawzi_core::status::StatusCategory;
use tawzi_core::sweep::{KeptCounts, KeptReason};
use tawzi_core::time::Timestamp;

/// A parameter of a statement, or a value of a row that one is given as JSON.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Value<'q> {
    Number(Option<i64>),
    Text(Option<Cow<'q, str>>),
    Flag(Option<bool>),
    Bytes(Option<&'q [u8]>),
}

impl Value<'_> {
    const fn is_nothing(&self) -> bool {
        use Value::{Bytes, Flag, Number, Text};
        matches!(self, Number(None) | Text(None) | Flag(None) | Bytes(None))
    }
}

/// What can be a parameter of a statement.
pub(crate) trait Bind<'q> {
    /// The parameter.
    fn value(self) -> Value<'q>;
}

/// What may be absent as a parameter: the engines want to know of what type nothing is.
pub(crate) trait Nullable<'q>: Bind<'q> {
    /// What stands for nothing of that type.
    const NULL: Value<'q>;
}

/// A value and the type of the column it is stored in.
pub(crate) trait Stored: Sized {
    /// What the column holds.
    type Raw;

    /// The value, or a sentence about why it makes no sense.
    fn from_raw(raw: Self::Raw) -> Result<Self, String>;
}

macro_rules! bound {
    ($($type:ty as $kind:ident => |$value:ident| $written:expr;)+) => {$(
        impl<'q> Bind<'q> for $type {
            fn value(self) -> Value<'q> {
                let $value = self;
                Value::$kind(Some($written))
            }
        }

        impl<'q> Nullable<'q> for $type {
            const NULL: Value<'q> = Value::$kind(None);
        }
    )+};
}

bound! {
    i64 as Number => |number| number;
    Timestamp as Number => |time| time.microseconds();
    Budget as Number => |budget| budget.hundredths();
    ReAssignHours as Number => |hours| hours.get();
    &'q str as Text => |text| text.into();
    &'q String as Text => |text| text.into();
    String as Text => |text| text.into();
    &'q PhoneKey as Text => |key| key.as_str().into();
    &'q LoginKey as Text => |key| key.as_str().into();
    LoginKey as Text => |key| key.as_str().to_owned().into();
    PhoneRegion as Text => |region| region.as_str().to_owned().into();
    Priority as Text => |priority| priority.as_str().into();
    ClientType as Text => |client_type| client_type.as_str().into();
    PhoneType as Text => |phone_type| phone_type.as_str().into();
    EventType as Text => |event_type| event_type.as_str().into();
    ImageType as Text => |image_type| image_type.as_str().into();
    KeptReason as Text => |reason| reason.as_str().into();
    StatusCategory as Text => |category| category.as_str().into();
    bool as Flag => |flag| flag;
    &'q [u8] as Bytes => |bytes| bytes;
}

/// The id of a row.
pub(crate) trait Id: Copy {
    /// The table of the row.
    const TABLE: &'static str;

    /// The id with that number.
    fn of(number: i64) -> Self;

    /// Its number.
    fn number(self) -> i64;
}

fn json_array(ids: impl Iterator<Item = impl Id>) -> Value<'static> {
    let ids: Vec<_> = ids.map(|id| id.number().to_string()).collect();
    Value::Text(Some(format!("[{}]", ids.join(",")).into()))
}

impl<'q, I: Id> Bind<'q> for &[I] {
    fn value(self) -> Value<'q> {
        json_array(self.iter().copied())
    }
}

impl<'q, I: Id> Bind<'q> for &BTreeSet<I> {
    fn value(self) -> Value<'q> {
        json_array(self.iter().copied())
    }
}

/// The ids alone: `PostgreSQL` would read the whole table to find pairs of company and id, so whoever asks leaves
/// out those of other companies than wanted.
impl<'q, I: Id> Bind<'q> for &BTreeSet<(CompanyId, I)> {
    fn value(self) -> Value<'q> {
        json_array(self.iter().map(|&(_, id)| id))
    }
}

impl<'q, T: Nullable<'q>> Bind<'q> for Option<T> {
    fn value(self) -> Value<'q> {
        self.map_or(T::NULL, T::value)
    }
}

macro_rules! stored {
    ($($type:ty as $raw:ty => |$value:ident| $read:expr;)+) => {$(
        impl Stored for $type {
            type Raw = $raw;

            fn from_raw($value: $raw) -> Result<Self, String> {
                $read
            }
        }
    )+};
}

stored! {
    i64 as i64 => |raw| Ok(raw);
    bool as bool => |raw| Ok(raw);
    String as String => |raw| Ok(raw);
    Vec<u8> as Vec<u8> => |raw| Ok(raw);
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

impl<T: Stored> Stored for Option<T> {
    type Raw = Option<T::Raw>;

    fn from_raw(raw: Self::Raw) -> Result<Self, String> {
        raw.map(T::from_raw).transpose()
    }
}

macro_rules! ids {
    ($($id:ident of $table:literal,)+) => {
        stored! { $($id as i64 => |raw| Ok(Self::new(raw));)+ }
        bound! { $($id as Number => |id| id.get();)+ }
        $(impl Id for $id {
            const TABLE: &'static str = $table;

            fn of(number: i64) -> Self {
                Self::new(number)
            }

            fn number(self) -> i64 {
                self.get()
            }
        })+
    };
}

ids!(
    ApiKeyId of "api_key",
    AuditEntryId of "audit_entry",
    ChannelId of "channel",
    ClientEventId of "client_event",
    ClientId of "client",
    ClientTaskId of "client_task",
    CompanyId of "company",
    JobId of "job",
    PhoneNumberId of "client_phone",
    StageId of "stage",
    StatusId of "status",
    SweepId of "sweep",
    UserId of "user_account",
);

/// Counts by reason, from rows of the two: a JSON array of arrays.
fn kept_counts(rows: &str) -> Result<KeptCounts, String> {
    let rows: Vec<(String, i64)> = serde_json::from_str(rows).map_err(|error| error.to_string())?;
    let known = |(word, count): (String, i64)| match KeptReason::parse(&word) {
        Some(reason) => Ok((reason, count)),
        None => Err(format!("{word:?} is no reason for which a client stays")),
    };
    rows.into_iter().map(known).collect()
}

/// A row that a statement is given as JSON; what there is none of is left out.
pub(crate) struct JsonRow<'v, const N: usize>(pub(crate) [(&'static str, Value<'v>); N]);

impl<const N: usize> Serialize for JsonRow<'_, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let present = self.0.iter().filter(|(_, value)| !value.is_nothing());
        serializer.collect_map(present.map(|(column, value)| (column, value)))
    }
}

/// The rows of a statement's `ROWS`, a JSON array: what each column is for a row.
macro_rules! json_rows {
    ($rows:expr, $row:pat => { $($column:ident: $value:expr),+ $(,)? }) => {{
        let rows = IntoIterator::into_iter($rows).map(|$row| {
            $crate::db::value::JsonRow([
                $((stringify!($column), $crate::db::value::Bind::value($value))),+
            ])
        });
        serde_json::to_string(&rows.collect::<Vec<_>>())
    }};
}
