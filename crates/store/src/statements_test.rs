//! Every statement is one that both engines accept, and none reads the tables of a company without
//! saying which company.

use crate::database::TestDb;
use crate::dialect::Sql;
use crate::engine::{Connection, EngineKind};
use sqlx::{Executor, SqlSafeStr, SqlStr};
use std::path::{Path, PathBuf};

/// The statements of every table, by file.
const TABLES: [(&str, &[(&str, Sql)]); 27] = [
    ("api_keys", crate::api_keys::STATEMENTS),
    ("channels", crate::channels::STATEMENTS),
    ("clients", crate::clients::STATEMENTS),
    ("clients/count", crate::clients::COUNT_STATEMENTS),
    ("clients/neglect", crate::clients::NEGLECT_STATEMENTS),
    ("clients/search", crate::clients::SEARCH_STATEMENTS),
    ("companies", crate::companies::STATEMENTS),
    ("companies/registry", crate::companies::REGISTRY_STATEMENTS),
    ("events", crate::events::STATEMENTS),
    ("import", crate::import::STATEMENTS),
    ("intake", crate::intake::STATEMENTS),
    ("jobs", crate::jobs::STATEMENTS),
    ("loads", crate::loads::STATEMENTS),
    ("phone_keys", crate::phone_keys::STATEMENTS),
    ("phones", crate::phones::STATEMENTS),
    ("photos", crate::photos::STATEMENTS),
    ("schedule", crate::schedule::STATEMENTS),
    ("sign_in_codes", crate::sign_in_codes::STATEMENTS),
    ("stages", crate::stages::STATEMENTS),
    ("statuses", crate::statuses::STATEMENTS),
    ("subscriptions", crate::subscriptions::STATEMENTS),
    ("sweeps", crate::sweeps::STATEMENTS),
    ("tasks", crate::tasks::STATEMENTS),
    ("tokens", crate::tokens::STATEMENTS),
    ("users", crate::users::STATEMENTS),
    ("users/directory", crate::users::DIRECTORY_STATEMENTS),
    ("workers", crate::workers::STATEMENTS),
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
        ("TAKE", crate::sequence::TAKE),
        ("RAISE", crate::sequence::RAISE),
    ];
    prepare(&store, "sequence", &others).await;
    let migrate = [
        ("TABLES", crate::migrate::TABLES),
        ("APPLIED", crate::migrate::APPLIED),
        ("TAKE_TURN", crate::migrate::TAKE_TURN),
        ("END_TURN", crate::migrate::END_TURN),
    ];
    prepare(&store, "migrate", &migrate).await;
    prepare(&store, "import", &[("ANALYZE", crate::import::ANALYZE)]).await;
    let backup = [("VACUUM_INTO", crate::backup::VACUUM_INTO)];
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
