//! What stands behind the question mark of an address that is no list's.

use crate::wire::conditions::Conditions;
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::{FieldErrors, FieldValue as _, sentence};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde_json::Value;

/// The parameters, each of which the document names.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        let parameters = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let parameters = parameters.map_or(Vec::new(), |Query(parameters)| parameters);
        if let Some(conditions) = parts.extensions.get::<Conditions>() {
            conditions.require_exactly(parameters.iter().map(|(name, _)| name.as_str()))?;
        }
        Ok(Self(parameters))
    }
}

impl Parameters {
    /// The values of a parameter, as often as it is there.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The last value of a parameter, unless it is empty.
    pub(crate) fn last(&self, name: &str) -> Option<&str> {
        self.all(name).last().filter(|value| !value.is_empty())
    }

    /// Whether a parameter says yes or no.
    pub(crate) fn says(&self, name: &'static str) -> Answer<Option<bool>> {
        let Some(value) = self.last(name) else {
            return Ok(None);
        };
        bool::read(&Value::from(value)).map_err(|problems| {
            let mut errors = FieldErrors::default();
            for problem in problems {
                errors.add(name, sentence(name, &problem));
            }
            Failure::fields(errors)
        })
    }
}
