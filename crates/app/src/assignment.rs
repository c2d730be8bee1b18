//! Which employee has which client, and how that changes.

pub(crate) mod bulk;
pub(crate) mod load_changes;
pub(crate) mod sweep;
