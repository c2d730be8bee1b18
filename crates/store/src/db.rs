//! What every table needs: the engines, what they are told in different words, rows, companies and migrations.

#[macro_use]
pub(crate) mod dialect;
#[macro_use]
pub(crate) mod row;

pub(crate) mod author;
pub(crate) mod backup;
pub(crate) mod engine;
pub(crate) mod indexes;
pub(crate) mod migrate;
pub(crate) mod run;
pub(crate) mod sequence;
pub(crate) mod tenant;
pub(crate) mod url;
