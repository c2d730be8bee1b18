//! Signing in and keeping signed in (contract, sections 2.2 and 2.4).

mod body;
pub(crate) mod code;
pub(crate) mod password;
pub(crate) mod tokens;

use crate::fields::{Demand, Fields, filled_text};
use crate::wire::failure::{Answer, Failure};
use serde_json::{Map, Value};

/// The text of the one field that a body must have.
fn only_field(body: Map<String, Value>, name: &'static str) -> Answer<String> {
    let mut fields = Fields::new(body, Demand::Required);
    let value = fields.required(name, filled_text);
    value.ok_or_else(|| Failure::Fields(fields.into_errors()))
}
