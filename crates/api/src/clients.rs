//! Clients (contract, sections 2.7 to 2.9).

pub(crate) mod assign_unassigned;
mod body;
pub(crate) mod bulk_assign;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod edit;
mod fields;
pub(crate) mod list;
mod phones;
pub(crate) mod read;
mod search;
pub(crate) mod status_counts;
