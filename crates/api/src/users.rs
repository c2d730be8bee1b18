//! People (contract, section 2.5).

mod body;
pub(crate) mod change_password;
pub(crate) mod create;
pub(crate) mod deactivate;
pub(crate) mod delete;
pub(crate) mod edit;
mod fields;
mod form;
pub(crate) mod list;
pub(crate) mod me;
pub(crate) mod reactivate;
pub(crate) mod read;

pub(crate) use form::MAX_FORM_BYTES;
