//! What every table needs: the engines, what they are told in different words, rows, companies and migrations.

#[macro_use]
pub(crate) mod dialect;
#[macro_use]
pub(crate) mod run;
#[macro_use]
pub(crate) mod row;
#[macro_use]
pub(crate) mod value;

pub(crate) mod backup;
pub(crate) mod engine;
pub(crate) mod indexes;
pub(crate) mod keyset;
pub(crate) mod migrate;
pub(crate) mod query;
pub(crate) mod sequence;
pub(crate) mod tenant;
pub(crate) mod url;
