//! Taking a JSON object apart field by field, as Django REST framework's serializers do: each field
//! knows absent from null from a value, everything that is wrong is collected, and keys that
//! nobody asks for are ignored.

mod errors;
mod read;
#[macro_use]
mod request;

pub(crate) use errors::{FieldErrors, refused, sentence};
pub(crate) use read::{
    FieldValue, Read, Whole, filled_text, key_or_zero, new_password, parsed, python_type, text,
};
pub(crate) use request::{request, wire_name};

use crate::wire::failure::{Answer, Failure};
use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use serde_json::{Map, Value};
use std::convert::Infallible;
use tawzi_app::{FieldProblem, Problem, Submitted};

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
    problems: Vec<FieldProblem>,
}

impl Fields {
    /// The object, of which nothing was read yet.
    pub(crate) const fn new(values: Map<String, Value>, demand: Demand) -> Self {
        Self {
            values,
            demand,
            problems: Vec::new(),
        }
    }

    /// A field that cannot be null; `None` when it is absent or wrong.
    pub(crate) fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Option<T> {
        if !self.values.contains_key(name) && self.demand == Demand::Required {
            self.problems.push(Problem::Missing.of(name));
        }
        self.optional(name, read)
    }

    /// A field that can be absent but not null; `None` when it is absent or wrong.
    pub(crate) fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Option<T> {
        let value = self.nullable(name, read)?;
        if value.is_none() {
            self.problems.push(Problem::Null.of(name));
        }
        value
    }

    /// A field that can be absent or null; `None` when it is either, or wrong.
    pub(crate) fn given<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&Value) -> Read<T>,
    ) -> Option<T> {
        self.nullable(name, read).flatten()
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
        if value.is_null() {
            return Some(None);
        }
        match read(&value) {
            Ok(value) => Some(value),
            Err(problems) => {
                let problems = problems.into_iter().map(|problem| problem.of(name));
                self.problems.extend(problems);
                None
            }
        }
    }

    /// The value that was made of the fields, with what was wrong with them.
    pub(crate) fn submitted<T>(self, value: T, order: &'static [&'static str]) -> Submitted<T> {
        Submitted {
            value,
            problems: self.problems,
            order,
        }
    }
}

/// What was submitted, if nothing is wrong with it.
pub(crate) fn valid<T>(submitted: Submitted<T>) -> Answer<T> {
    if submitted.problems.is_empty() {
        Ok(submitted.value)
    } else {
        Err(Failure::fields(submitted.problems))
    }
}

/// The text of a field that a valid request has.
pub(crate) fn said(text: Option<impl Into<String>>) -> String {
    text.map_or_else(String::new, Into::into)
}
