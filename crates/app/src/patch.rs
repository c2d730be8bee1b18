//! What is to change in a row.

use crate::error::{Error, Problem, Result};

/// The field becomes the value, if there is one.
pub(crate) fn set<T>(field: &mut T, value: Option<impl Into<T>>) {
    if let Some(value) = value {
        *field = value.into();
    }
}

/// The field becomes the value or nothing, if either was said.
#[expect(
    clippy::option_option,
    reason = "absent, null and a value are three things in a patch"
)]
pub(crate) fn set_or_clear<T>(field: &mut Option<T>, value: Option<Option<impl Into<T>>>) {
    if let Some(value) = value {
        *field = value.map(Into::into);
    }
}

/// The value of a field that a new row cannot be without.
pub(crate) fn needed<T>(field: &'static str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::of_field(field, Problem::Missing))
}
