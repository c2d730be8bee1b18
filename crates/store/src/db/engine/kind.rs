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

/// What is wrong with the address of a `PostgreSQL` database, as far as can be seen from it.
pub(crate) fn check_postgres_url(url: &str) -> std::result::Result<(), String> {
    postgres_options(url)
        .map(drop)
        .map_err(|error| error.to_string())
}

/// How to connect to a `PostgreSQL` database.
pub(super) fn postgres_options(url: &str) -> std::result::Result<PgConnectOptions, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?;
    Ok(options
        .application_name("tawzi")
        // Compiling a statement takes longer than any of ours.
        .options([("timezone", "UTC"), ("jit", "off")]))
}
