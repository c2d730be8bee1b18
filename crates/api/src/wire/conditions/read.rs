//! Reading the conditions in a list's address. Several values stand behind one name, separated by commas.

use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::{FieldErrors, FieldValue as _, Read, Whole, sentence};
use crate::wire::list::ListQuery;
use serde_json::Value;
use tawzi_core::time::Timestamp;

/// How many values one condition can have.
const MAX_VALUES: usize = 100;

/// The conditions that are read, and what is wrong with them.
pub(crate) struct ConditionReader<'q> {
    query: &'q ListQuery,
    errors: FieldErrors,
}

impl<'q> ConditionReader<'q> {
    /// None of that list's is read yet.
    pub(crate) fn of(query: &'q ListQuery) -> Self {
        let errors = FieldErrors::default();
        Self { query, errors }
    }

    /// `Err` when something is wrong with those that were read.
    pub(crate) fn require_good(self) -> Answer<()> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Failure::fields(self.errors))
        }
    }

    /// The values of a condition; none when it is not there.
    pub(crate) fn values<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let text = self.query.parameter(name).unwrap_or_default();
        let texts = text.split(',').map(str::trim);
        let texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
        if texts.len() > MAX_VALUES {
            let sentence = format!("Name at most {MAX_VALUES} values.");
            self.errors.add(name, sentence);
            return Vec::new();
        }
        let mut values = Vec::with_capacity(texts.len());
        for text in texts {
            let checked = if text.contains('\0') {
                Err("Null characters are not allowed.".to_owned())
            } else {
                read(text)
            };
            match checked {
                Ok(value) => values.push(value),
                Err(sentence) => self.errors.add(name, sentence),
            }
        }
        values
    }

    /// The value of a condition that has one at most.
    pub(crate) fn value<T>(
        &mut self,
        name: &'static str,
        read: fn(&Value) -> Read<T>,
    ) -> Option<T> {
        let text = self.query.parameter(name)?.trim();
        if text.is_empty() {
            return None;
        }
        // A plus sign in an address means a space, also the one before a time zone.
        let text = text.replace(' ', "+");
        match read(&Value::String(text)) {
            Ok(value) => value,
            Err(problems) => {
                for problem in problems {
                    self.errors.add(name, sentence(name, &problem));
                }
                None
            }
        }
    }
}

/// A day stands for its first moment, in UTC.
pub(crate) fn day_or_moment(value: &Value) -> Read<Timestamp> {
    match value.as_str() {
        Some(day) if day.len() == "2025-12-31".len() => {
            Timestamp::read(&Value::String(format!("{day}T00:00")))
        }
        _ => Timestamp::read(value),
    }
}

/// A number that may be an id.
pub(crate) fn id(text: &str) -> Result<i64, String> {
    match Whole::parse(text) {
        Some(Whole::Fits(id)) => Ok(id),
        _ => Err(format!("\"{text}\" is no id.")),
    }
}
