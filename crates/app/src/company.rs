//! Companies, and what each sets up for itself.

#[macro_use]
mod named;

pub(crate) mod channels;
pub(crate) mod owner;
mod phones_turn;
pub(crate) mod register;
pub(crate) mod settings;
pub(crate) mod stages;
pub(crate) mod statuses;
pub(crate) mod unique_phones;
