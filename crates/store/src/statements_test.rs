//! Every statement is one that both engines accept, and none reads the tables of a company without
//! saying which company.

use crate::database::TestDb;
use crate::db::dialect::Sql;
use crate::db::engine::{Connection, EngineKind};
use crate::db::{backup, indexes, migrate, sequence};
use crate::source_texts::{sources, words_of};
use crate::tables;
use sqlx::{Executor as _, SqlSafeStr as _};

macro_rules! statements_of {
    ($($table:ident$(::$part:ident)?)+) => {
        &[$((
            concat!("tables/", stringify!($table)$(, "/", stringify!($part))?),
            tables::$table$(::$part)?::STATEMENTS,
        )),+]
    };
}

/// The statements of every table, by file.
pub(crate) const TABLES: &[(&str, &[(&str, Sql)])] = statements_of! {
    api_key audit_entry channel client client::count client::create client::found_by client::neglect client::reassign client::search
    client::waiting client::write client_event client_phone client_task code_request company employee_load import_run job mail_code phone_key
    schedule stage status subscription sweep user_account user_account::directory
    user_account::login_key user_photo worker
};

/// Tables whose rows belong to one company.
const OF_A_COMPANY: [&str; 15] = [
    "api_key",
    "audit_entry",
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
    "sweep_kept",
];

/// Statements that read such a table across companies: the key itself says which company, its company is what is
/// asked for, the security log is pruned as a whole, and the others say only whether an id is taken.
const ACROSS_COMPANIES: [(&str, &str); 8] = [
    ("tables/api_key", "api_key_identity"),
    ("tables/api_key", "company_of_api_key"),
    ("tables/audit_entry", "count_counted_audit"),
    ("tables/audit_entry", "delete_audit_before"),
    ("tables/audit_entry", "delete_oldest_of_counted_audit"),
    ("tables/status", "status_id_given"),
    ("tables/stage", "stage_id_given"),
    ("tables/channel", "channel_id_given"),
];

#[test]
fn the_statements_of_every_file_are_listed() {
    let declares = |line: &str| matches!(line, "statements! {" | "named_table! {");
    let declaring: Vec<_> = sources()
        .into_iter()
        .filter(|(_, text)| text.lines().any(declares))
        .map(|(file, _)| file)
        .collect();

    let listed: Vec<_> = TABLES.iter().map(|(file, _)| *file).collect();
    assert_eq!(declaring, listed);
}

#[test]
fn a_statement_on_the_tables_of_a_company_names_the_company() {
    for (file, statements) in TABLES {
        for (name, sql) in *statements {
            let across = ACROSS_COMPANIES.contains(&(file, name));

            assert!(across || names_the_company(*sql), "{file} {name}: {sql:?}");
        }
    }
    for table in crate::django::TABLES {
        let sql = both(|engine| table.write(engine));

        assert!(names_the_company(sql), "{sql:?}");
    }
}

/// Whether the statement says which company, or needs not.
fn names_the_company(sql: Sql) -> bool {
    [sql.postgres, sql.sqlite].into_iter().all(|text| {
        let words = words_of(text);
        let of_a_company = words.iter().any(|word| OF_A_COMPANY.contains(word));
        !of_a_company || words.contains(&"company_id")
    })
}

#[tokio::test]
async fn every_statement_is_prepared_on_both_engines() {
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let store = TestDb::new(engine).await;
        for (file, statements) in TABLES {
            prepare(&store, file, statements).await;
        }
        let others = [
            ("sequence TAKE", sequence::TAKE),
            ("sequence RAISE", sequence::RAISE),
            ("migrate TABLES", migrate::TABLES),
            ("migrate APPLIED", migrate::APPLIED),
            ("migrate TAKE_TURN", migrate::TAKE_TURN),
            ("migrate END_TURN", migrate::END_TURN),
            ("indexes READ_INDEXES", indexes::READ_INDEXES),
            ("indexes ENLARGE_CACHE", indexes::ENLARGE_CACHE),
            ("indexes ANALYZE", indexes::ANALYZE),
            ("backup VACUUM_INTO", backup::VACUUM_INTO),
        ];
        prepare(&store, "db", &others).await;
        let source = TestDb::empty(engine).await;
        let reference = include_str!("../tests/conformance/reference.sql");
        source.run(reference).await;
        for table in crate::django::TABLES {
            let name = table.name;
            let written = (name, both(|engine| table.write(engine)));
            prepare(&store, "django", &[written]).await;
            let counted = (name, both(|_| table.count()));
            let read = (name, both(|_| table.read()));
            prepare(&source, "django", &[counted, read]).await;
        }
    }
}

async fn prepare(store: &TestDb, file: &str, statements: &[(&str, Sql)]) {
    let mut reader = store.read().await.unwrap();
    for (name, sql) in statements {
        let refused = match reader.connection() {
            Connection::Postgres(driver) => driver.prepare(sql.postgres.into_sql_str()).await.err(),
            Connection::Sqlite(driver) => driver.prepare(sql.sqlite.into_sql_str()).await.err(),
        };

        assert!(refused.is_none(), "{file} {name}: {refused:?}");
    }
}

/// A statement whose text is put together while the program runs.
fn both(text: impl Fn(EngineKind) -> String) -> Sql {
    Sql {
        postgres: text(EngineKind::Postgres).leak(),
        sqlite: text(EngineKind::Sqlite).leak(),
    }
}
