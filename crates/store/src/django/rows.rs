//! The reference's rows as they are read, and how each becomes one of ours.

use super::columns::Kind;
use super::tables::SourceTable;
use crate::db::row::{Raw, Row};
use serde_json::Value;
use std::collections::BTreeMap;
use tawzi_core::company::ReAssignHours;
use tawzi_core::login::LoginKey;
use tawzi_core::money::Budget;
use tawzi_core::password_hash::check_cost;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;

/// The columns of a row of ours.
pub(super) type OurRow = BTreeMap<&'static str, Value>;

/// The row in our columns; `Err` tells what makes no sense.
pub(super) fn convert(table: &SourceTable, id: i64, row: &Row) -> Result<OurRow, String> {
    let largest = table.largest_id();
    if id > largest {
        return Err(format!("its id is larger than {largest}"));
    }
    let mut ours = OurRow::from([("id", id.into())]);
    for (column, place) in table.columns.iter().zip(1..) {
        let value = match column.kind {
            Kind::Integer => get::<i64>(row, place).map(Value::from),
            Kind::Flag => get::<bool>(row, place).map(Value::from),
            Kind::Hours => get(row, place).map(hours),
            _ => get(row, place).and_then(|text| parse(column.kind, text)),
        };
        let value = match value {
            Ok(Value::Null) if !column.may_be_null => Err("is missing".to_owned()),
            value => value,
        };
        let value = value.map_err(|problem| format!("{} {problem}", column.source))?;
        ours.insert(column.name, value);
    }
    Ok(ours)
}

fn get<T>(row: &Row, place: usize) -> Result<Option<T>, String>
where
    Option<T>: Raw,
{
    row.raw(place)
        .map_err(|error| format!("cannot be read: {error}"))
}

fn hours(stored: Option<i64>) -> Value {
    ReAssignHours::from_reference(stored).get().into()
}

fn parse(kind: Kind, text: Option<String>) -> Result<Value, String> {
    let Some(text) = text else {
        return Ok(Value::Null);
    };
    if text.contains('\0') {
        return Err("holds a null character".to_owned());
    }
    let (parsed, refusal) = match kind {
        Kind::Time => {
            let time = Timestamp::parse(&text).ok();
            (time.map(|time| time.microseconds().into()), "is no time")
        }
        Kind::Budget => {
            let budget = Budget::parse(&text).ok();
            let budget = budget.map(|budget| budget.hundredths().into());
            (budget, "does not fit 12 digits with 2 decimals")
        }
        Kind::Category => {
            let category = StatusCategory::parse(&text);
            let category = category.filter(|category| *category != StatusCategory::None);
            (category.map(|_| text.as_str().into()), "is no category")
        }
        Kind::PasswordHash => {
            check_cost(&text).map_err(|costly| costly.to_string())?;
            return Ok(text.into());
        }
        Kind::LoginKey => return Ok(LoginKey::of(&text).as_str().into()),
        _ => return Ok(text.into()),
    };
    parsed.ok_or_else(|| format!("is {text:?}, which {refusal}"))
}
