//! The phone numbers that a request lists. The reference takes them as they come and fails in the
//! middle; here they are looked at first.

use crate::wire::fields::{Demand, Read, python_type, request, text};
use serde_json::Value;
use std::collections::HashSet;
use tawzi_app::{NewPhone, Problem};
use tawzi_core::client::PhoneType;
use tawzi_core::id::PhoneNumberId;
use tawzi_core::text::{ListedPhone, Notes};

/// How many numbers a client can have.
const MAX_PHONES: usize = 50;

request! {
    /// A phone number of a client; each is listed once.
    pub(super) struct PhoneRequest for SentPhone {
        /// Which one it is, if it is there already.
        given id: Option<PhoneNumberId>;
        #[schema(min_length = 1, max_length = 20)]
        required phone_number: String, by text(ListedPhone::parse);
        #[schema(required = false)]
        optional phone_type: PhoneType;
        #[schema(required = false, default = false)]
        optional is_primary: bool;
        #[schema(max_length = 10_000)]
        given notes: Option<String>, by text(Notes::parse);
    }
}

/// What a request says about a phone number.
#[derive(Debug, Default)]
pub(super) struct SentPhone {
    id: Option<PhoneNumberId>,
    phone_number: Option<String>,
    phone_type: Option<PhoneType>,
    is_primary: Option<bool>,
    notes: Option<String>,
}

/// The value of `phone_numbers`.
pub(super) fn read(value: &Value) -> Read<Vec<NewPhone>> {
    let entries = match value {
        Value::Array(entries) => entries,
        other => return Err(vec![Problem::NotAList(python_type(other))]),
    };
    if entries.len() > MAX_PHONES {
        return Err(vec![Problem::TooMany { most: MAX_PHONES }]);
    }
    let mut phones = Vec::with_capacity(entries.len());
    let mut problems = Vec::new();
    for (place, entry) in (1..).zip(entries) {
        match phone(place, entry) {
            Ok(phone) => phones.push(phone),
            Err(wrong) => problems.extend(wrong),
        }
    }
    problems.extend(repeated(&phones));
    if problems.is_empty() {
        Ok(Some(phones))
    } else {
        Err(problems)
    }
}

fn phone(place: usize, entry: &Value) -> Result<NewPhone, Vec<Problem>> {
    let Value::Object(object) = entry else {
        let given = python_type(entry);
        return Err(vec![Problem::NotAnObject { place, given }]);
    };
    let sent = PhoneRequest::read(object.clone(), Demand::Required);
    let in_entry = |problem| Problem::InEntry {
        place,
        problem: Box::new(problem),
    };
    let phone = sent.value;
    match phone.phone_number {
        Some(phone_number) if sent.problems.is_empty() => Ok(NewPhone {
            id: phone.id,
            phone_number,
            phone_type: phone.phone_type.unwrap_or(PhoneType::Mobile),
            is_primary: phone.is_primary.unwrap_or(false),
            notes: phone.notes,
        }),
        _ => Err(sent.problems.into_iter().map(in_entry).collect()),
    }
}

/// The numbers that are there again.
fn repeated(phones: &[NewPhone]) -> Vec<Problem> {
    let mut seen = HashSet::new();
    phones
        .iter()
        .map(|phone| phone.phone_number.as_str())
        .filter(|number| !seen.insert(*number))
        .map(|number| Problem::Twice(number.to_owned()))
        .collect()
}
