//! The phone numbers that a request lists. The reference takes them as they come and fails in the
//! middle; here they are looked at first.

use super::fields::MAX_PHONE_NUMBER;
use crate::fields::{Demand, Fields, Read, any_text, choice, flag, key, python_type, short_text};
use serde_json::Value;
use std::collections::HashSet;
use tawzi_app::NewPhone;
use tawzi_core::client::PhoneType;
use tawzi_core::id::PhoneNumberId;
use utoipa::ToSchema;

/// How many numbers a client can have.
const MAX_PHONES: usize = 50;

/// A phone number of a client; each is listed once.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the fields for the document")]
pub(super) struct PhoneRequest {
    /// Which one it is, if it is there already.
    id: Option<PhoneNumberId>,
    #[schema(min_length = 1, max_length = 20)]
    phone_number: String,
    #[schema(required = false)]
    phone_type: PhoneType,
    #[schema(required = false, default = false)]
    is_primary: bool,
    notes: Option<String>,
}

/// The value of `phone_numbers`.
pub(super) fn read(value: &Value) -> Read<Vec<NewPhone>> {
    let entries = match value {
        Value::Array(entries) => entries,
        other => {
            return Err(vec![format!(
                "Expected a list of items but got type \"{}\".",
                python_type(other)
            )]);
        }
    };
    if entries.len() > MAX_PHONES {
        return Err(vec![format!(
            "A client can have at most {MAX_PHONES} phone numbers."
        )]);
    }
    let mut phones: Vec<NewPhone> = Vec::with_capacity(entries.len());
    let mut problems = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        match phone(entry) {
            Ok(phone) => phones.push(phone),
            Err(sentences) => problems.extend(
                sentences
                    .into_iter()
                    .map(|sentence| format!("Phone number {}: {sentence}", place + 1)),
            ),
        }
    }
    problems.extend(repeated(&phones));
    if problems.is_empty() {
        Ok(Some(phones))
    } else {
        Err(problems)
    }
}

fn phone(entry: &Value) -> Result<NewPhone, Vec<String>> {
    let entry = match entry {
        Value::Object(entry) => entry.clone(),
        other => {
            return Err(vec![format!(
                "Expected an object, but got {}.",
                python_type(other)
            )]);
        }
    };
    let mut fields = Fields::new(entry, Demand::Required);
    let id = fields.nullable("id", key).flatten();
    let phone_number = fields.required("phone_number", short_text(MAX_PHONE_NUMBER));
    let phone_type = fields.defaulted("phone_type", PhoneType::Mobile, choice(PhoneType::parse));
    let is_primary = fields.defaulted("is_primary", false, flag);
    let notes = fields.nullable("notes", any_text(usize::MAX)).flatten();
    let errors = fields.into_errors();
    match phone_number {
        Some(phone_number) if errors.is_empty() => Ok(NewPhone {
            id: id.map(PhoneNumberId::new),
            phone_number,
            phone_type,
            is_primary,
            notes,
        }),
        _ => Err(errors.into_sentences().collect()),
    }
}

/// A sentence for each number that is there again.
fn repeated(phones: &[NewPhone]) -> Vec<String> {
    let mut seen = HashSet::new();
    phones
        .iter()
        .map(|phone| phone.phone_number.as_str())
        .filter(|number| !seen.insert(*number))
        .map(|number| format!("Phone number \"{number}\" is listed twice."))
        .collect()
}
