//! Copies of the reference CRM's database: the recorded one, changed, cut off, or on `PostgreSQL`.

use super::{Database, Engine, Installation};
use std::path::PathBuf;

/// The recorded database: three companies, ten people, eleven clients.
const RECORDED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../testdata/django-crm.sqlite3"
);

/// The tables that Tawzi takes over, those first that others refer to.
const TABLES: [&str; 11] = [
    "companies",
    "users",
    "plans",
    "subscriptions",
    "settings_lead_status",
    "settings_lead_stage",
    "settings_channel",
    "crm_client",
    "client_phone_numbers",
    "crm_client_task",
    "crm_client_event",
];

/// The recorded file's bytes.
pub(crate) fn bytes() -> Vec<u8> {
    std::fs::read(RECORDED).unwrap()
}

/// A copy in the working directory.
pub(crate) fn copy(tawzi: &Installation) -> PathBuf {
    tawzi.write("crm.sqlite3", bytes())
}

/// A copy in the working directory that was changed.
pub(crate) fn changed_copy(tawzi: &Installation, name: &str, changes: &str) -> PathBuf {
    let file = tawzi.write(name, bytes());
    Database::in_file(&file).execute(changes);
    file
}

/// The same tables and rows on `PostgreSQL`, with the types that Django uses there.
pub(crate) fn on_postgres() -> Database {
    let source = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(source.path(), bytes()).unwrap();
    let source = Database::in_file(source.path());
    let target = Database::new(Engine::Postgres, "unused".as_ref());
    for table in TABLES {
        let columns = source.pairs(&format!(
            "SELECT name, type FROM pragma_table_info('{table}')"
        ));
        let declared: Vec<_> = columns
            .iter()
            .map(|(name, kind)| format!("\"{name}\" {}", postgres_type(kind.as_deref().unwrap())))
            .collect();
        target.execute(&format!("CREATE TABLE {table} ({})", declared.join(", ")));
        let literals: Vec<_> = columns.iter().map(|(name, _)| literal(name)).collect();
        let rows = format!(
            "SELECT {} FROM {table} ORDER BY id",
            literals.join(" || ', ' || ")
        );
        for row in source.lines(&rows) {
            target.execute(&format!(
                "SET TIME ZONE 'UTC'; INSERT INTO {table} VALUES ({row})"
            ));
        }
    }
    target
}

fn postgres_type(sqlite: &str) -> &str {
    match sqlite {
        "datetime" => "TIMESTAMPTZ",
        "bool" => "BOOLEAN",
        "decimal" => "NUMERIC(12, 2)",
        "bigint" => "BIGINT",
        other => other,
    }
}

/// An expression for the value as `PostgreSQL` reads it for any type.
fn literal(column: &str) -> String {
    format!("CASE WHEN \"{column}\" IS NULL THEN 'NULL' ELSE quote(CAST(\"{column}\" AS TEXT)) END")
}
