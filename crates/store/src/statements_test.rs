//! Every statement is one that both engines accept, and none reads the tables of a company without
//! saying which company.

use crate::database::TestDb;
use crate::db::dialect::Sql;
use crate::db::engine::{Connection, EngineKind};
use sqlx::{Executor, SqlSafeStr, SqlStr};
use std::path::{Path, PathBuf};

/// The statements of every table, by file.
const TABLES: [(&str, &[(&str, Sql)]); 27] = [
    ("api_keys", crate::tables::api_key::STATEMENTS),
    ("channels", crate::tables::channel::STATEMENTS),
    ("clients", crate::tables::client::STATEMENTS),
    ("clients/count", crate::tables::client::COUNT_STATEMENTS),
    ("clients/neglect", crate::tables::client::NEGLECT_STATEMENTS),
    ("clients/search", crate::tables::client::SEARCH_STATEMENTS),
    ("companies", crate::tables::company::STATEMENTS),
    (
        "companies/registry",
        crate::tables::company::REGISTRY_STATEMENTS,
    ),
    ("events", crate::tables::client_event::STATEMENTS),
    ("import", crate::import::STATEMENTS),
    ("intake", crate::tables::client::insert::STATEMENTS),
    ("jobs", crate::tables::job::STATEMENTS),
    ("loads", crate::tables::employee_load::STATEMENTS),
    ("phone_keys", crate::tables::phone_key::STATEMENTS),
    ("phones", crate::tables::client_phone::STATEMENTS),
    ("photos", crate::tables::user_photo::STATEMENTS),
    ("schedule", crate::tables::schedule::STATEMENTS),
    ("sign_in_codes", crate::tables::sign_in_code::STATEMENTS),
    ("stages", crate::tables::stage::STATEMENTS),
    ("statuses", crate::tables::status::STATEMENTS),
    ("subscriptions", crate::tables::subscription::STATEMENTS),
    ("sweeps", crate::tables::sweep::STATEMENTS),
    ("tasks", crate::tables::client_task::STATEMENTS),
    ("tokens", crate::tables::user_account::tokens::STATEMENTS),
    ("users", crate::tables::user_account::STATEMENTS),
    (
        "users/directory",
        crate::tables::user_account::DIRECTORY_STATEMENTS,
    ),
    ("workers", crate::tables::worker::STATEMENTS),
];

/// Tables whose rows belong to one company.
const OF_A_COMPANY: [&str; 13] = [
    "api_key",
    "client",
    "client_count",
    "client_search",
    "client_phone",
    "client_phone_key",
    "client_task",
    "client_event",
    "status",
    "stage",
    "channel",
    "employee_load",
    "sweep_company",
];

/// Statements that read such a table across companies, and why they may.
const ACROSS_COMPANIES: [(&str, &str, &str); 7] = [
    ("api_keys", "FIND", "the key itself says which company"),
    ("api_keys", "FIND_COMPANY", "says only which company"),
    ("api_keys", "READ_ALL", "a list for the operator"),
    (
        "statuses",
        "EXISTS_ANYWHERE",
        "says only whether the id is taken",
    ),
    (
        "stages",
        "EXISTS_ANYWHERE",
        "says only whether the id is taken",
    ),
    (
        "channels",
        "EXISTS_ANYWHERE",
        "says only whether the id is taken",
    ),
    (
        "sweeps",
        "READ_NEWEST",
        "sums for the operator, no row of a company",
    ),
];

#[test]
fn the_statements_of_every_file_are_listed() {
    let source = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let mut declaring: Vec<_> = files_below(source)
        .into_iter()
        .filter(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            text.lines().any(|line| line == "statements! {")
        })
        .map(|path| {
            let file = path.strip_prefix(source).unwrap().with_extension("");
            file.to_string_lossy().into_owned()
        })
        .filter(|file| file != "django")
        .collect();

    declaring.sort();

    assert_eq!(declaring, TABLES.map(|(file, _)| file));
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn a_statement_on_the_tables_of_a_company_names_the_company() {
    for (file, statements) in TABLES {
        for (name, sql) in statements {
            let across = ACROSS_COMPANIES
                .iter()
                .any(|(f, n, _)| (f, n) == (&file, name));
            for text in [sql.postgres, sql.sqlite] {
                let words: Vec<_> = text
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .collect();
                let of_a_company = words.iter().any(|word| OF_A_COMPANY.contains(word));
                let says_which = words.contains(&"company_id");

                assert!(
                    !of_a_company || says_which || across,
                    "{file} {name} names no company: {text}"
                );
            }
        }
    }
}

#[tokio::test]
async fn every_statement_is_prepared_on_sqlite() {
    every_statement_is_prepared(EngineKind::Sqlite).await;
}

#[tokio::test]
async fn every_statement_is_prepared_on_postgres() {
    every_statement_is_prepared(EngineKind::Postgres).await;
}

async fn every_statement_is_prepared(engine: EngineKind) {
    let store = TestDb::new(engine).await;

    for (file, statements) in TABLES {
        prepare(&store, file, statements).await;
    }
    let others = [
        ("TAKE", crate::db::sequence::TAKE),
        ("RAISE", crate::db::sequence::RAISE),
    ];
    prepare(&store, "sequence", &others).await;
    let migrate = [
        ("TABLES", crate::db::migrate::TABLES),
        ("APPLIED", crate::db::migrate::APPLIED),
        ("TAKE_TURN", crate::db::migrate::TAKE_TURN),
        ("END_TURN", crate::db::migrate::END_TURN),
    ];
    prepare(&store, "migrate", &migrate).await;
    prepare(&store, "import", &[("ANALYZE", crate::import::ANALYZE)]).await;
    let backup = [("VACUUM_INTO", crate::db::backup::VACUUM_INTO)];
    prepare(&store, "backup", &backup).await;
}

#[tokio::test]
async fn every_statement_on_the_reference_is_prepared_on_sqlite() {
    every_statement_on_the_reference_is_prepared(EngineKind::Sqlite).await;
}

#[tokio::test]
async fn every_statement_on_the_reference_is_prepared_on_postgres() {
    every_statement_on_the_reference_is_prepared(EngineKind::Postgres).await;
}

async fn every_statement_on_the_reference_is_prepared(engine: EngineKind) {
    let source = TestDb::empty(engine).await;
    source
        .run(include_str!("../tests/conformance/reference.sql"))
        .await;

    prepare(&source, "django", crate::django::STATEMENTS).await;
    for (table, count) in crate::django::COUNTS {
        prepare(&source, "django", &[(table.name(), count)]).await;
    }
    prepare(&source, "django", &[("CHECK", crate::django::CHECK)]).await;
}

async fn prepare(store: &TestDb, file: &str, statements: &[(&str, Sql)]) {
    let mut reader = store.read().await.unwrap();
    for (name, sql) in statements {
        let refused = match reader.connection() {
            Connection::Postgres(connection) => connection.prepare(text(sql.postgres)).await.err(),
            Connection::Sqlite(connection) => connection.prepare(text(sql.sqlite)).await.err(),
        };

        assert!(refused.is_none(), "{file} {name}: {refused:?}");
    }
}

fn text(statement: &'static str) -> SqlStr {
    statement.into_sql_str()
}
