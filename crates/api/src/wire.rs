//! What all operations have in common: how a request is taken apart, who may come in, how failures are
//! answered, and what the document says about it.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod caller;
pub(crate) mod conditions;
pub(crate) mod cors;
pub(crate) mod endpoint;
pub(crate) mod failure;
pub(crate) mod fields;
pub(crate) mod idempotency;
pub(crate) mod list;
pub(crate) mod openapi;
pub(crate) mod operations;
pub(crate) mod parameters;
pub(crate) mod under_way;
