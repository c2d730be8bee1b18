//! Taking a JSON object apart field by field, as Django REST framework's serializers do: each field
//! knows absent from null from a value, everything that is wrong is collected, and keys that
//! nobody asks for are ignored.

mod errors;
mod read;

pub(crate) use errors::FieldErrors;
pub(crate) use read::{
    Read, Whole, any_text, choice, decimal, filled_text, flag, key, key_or_zero, moment,
    python_type, short_text, small_integer,
};

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use serde_json::{Map, Value};
use std::convert::Infallible;

const REQUIRED: &str = "This field is required.";
const NULL: &str = "This field may not be null.";

/// Which fields a request must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// All that are required: a POST or PUT.
    Required,
    /// None; what is absent stays as it is: a PATCH.
    Nothing,
}

impl<S: Send + Sync> FromRequestParts<S> for Demand {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(if parts.method == Method::PATCH {
            Self::Nothing
        } else {
            Self::Required
        })
    }
}

/// An object that is being taken apart.
#[derive(Debug)]
pub(crate) struct Fields {
    values: Map<String, Value>,
    demand: Demand,
    errors: FieldErrors,
}

impl Fields {
    /// The object, of which nothing was read yet.
    pub(crate) fn new(values: Map<String, Value>, demand: Demand) -> Self {
        Self {
            values,
            demand,
            errors: FieldErrors::default(),
        }
    }

    /// A field that cannot be null; `None` when it is absent or wrong.
    pub(crate) fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Option<T> {
        let Some(value) = self.values.remove(name) else {
            if self.demand == Demand::Required {
                self.errors.add(name, REQUIRED);
            }
            return None;
        };
        let value = self.value(name, &value, read)?;
        if value.is_none() {
            self.errors.add(name, NULL);
        }
        value
    }

    /// A field that can be null; `None` when it is absent or wrong.
    #[expect(
        clippy::option_option,
        reason = "absent, null and a value are three things, also to the verbs"
    )]
    pub(crate) fn nullable<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Option<Option<T>> {
        let value = self.values.remove(name)?;
        self.value(name, &value, read)
    }

    /// A field that can be absent but not null; `None` when it is absent or wrong.
    pub(crate) fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Option<T> {
        let value = self.nullable(name, read)?;
        if value.is_none() {
            self.errors.add(name, NULL);
        }
        value
    }

    /// A field that has a value also when it is absent, but cannot be null.
    pub(crate) fn defaulted<T>(
        &mut self,
        name: &'static str,
        default: T,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> T {
        self.optional(name, read).unwrap_or(default)
    }

    /// What was wrong.
    pub(crate) fn into_errors(self) -> FieldErrors {
        self.errors
    }

    #[expect(
        clippy::option_option,
        reason = "absent, null and a value are three things, also to the verbs"
    )]
    fn value<T>(
        &mut self,
        name: &'static str,
        value: &Value,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Option<Option<T>> {
        if value.is_null() {
            return Some(None);
        }
        match read(value) {
            Ok(value) => Some(value),
            Err(sentences) => {
                for sentence in sentences {
                    self.errors.add(name, sentence);
                }
                None
            }
        }
    }
}
