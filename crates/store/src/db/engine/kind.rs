//! Which engines there are, and what can be seen from the address of a database.

use sqlx::postgres::PgConnectOptions;
use std::str::FromStr as _;

/// Which engine a database runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// The built-in engine: one file.
    Sqlite,
    /// A server.
    Postgres,
}

/// How to connect to a `PostgreSQL` database; `Err` when its address is none.
pub(crate) fn postgres_options(url: &str) -> sqlx::Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)?;
    Ok(options
        .application_name("tawzi")
        // Compiling a statement takes longer than any of ours.
        .options([("timezone", "UTC"), ("jit", "off")]))
}
