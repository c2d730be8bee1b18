//! Commands on a database that is not there: a mistyped name says what to do, and makes no file.

use crate::support::{Engine, Installation};
use std::time::Duration;

/// Every command that needs something to be there already.
const COMMANDS: [&[&str]; 15] = [
    &["schedule"],
    &["jobs"],
    &["reassign"],
    &["reassign", "--dry-run"],
    &["assign-unassigned"],
    &["import", "clients", "x.csv", "--company", "1"],
    &["export", "clients", "--company", "1"],
    &["company", "list"],
    &["company", "set", "1", "--hours", "5"],
    &["user", "list"],
    &[
        "user",
        "create",
        "x",
        "--company",
        "1",
        "--email",
        "x@x.example",
    ],
    &["user", "set-password", "x"],
    &["doctor"],
    &["doctor", "--repair"],
    &["backup", "copy.db"],
];

#[test]
fn a_missing_file_is_named_and_not_made() {
    let tawzi = Installation::new(Engine::Sqlite);

    for command in COMMANDS {
        let sentence = tawzi.run(command).refused();

        assert!(
            sentence.starts_with("there is no database sqlite://"),
            "{command:?}: {sentence}"
        );
        assert!(
            sentence.contains("or name another with --database"),
            "{sentence}"
        );
        assert!(
            tawzi.files().is_empty(),
            "{command:?} made {:?}",
            tawzi.files()
        );
    }
}

#[test]
fn an_empty_database_is_to_be_migrated() {
    for tawzi in [Engine::Sqlite, Engine::Postgres].map(Installation::new) {
        if let Some(file) = tawzi.database.file() {
            std::fs::write(file, "").unwrap();
        }
        for command in COMMANDS {
            let sentence = tawzi.run(command).refused();

            assert!(
                sentence.ends_with("is empty; run `tawzi migrate` first"),
                "{sentence}"
            );
        }
    }
}

#[test]
fn a_server_that_is_not_there_is_named_at_once() {
    let tawzi = Installation::new(Engine::Sqlite);
    let url = "postgres://tawzi:secret@127.0.0.1:1/tawzi";

    for command in [&["migrate"][..], &["schedule"], &["worker", "--once"]] {
        let mut running = tawzi.start(&[command, &["--database", url]].concat());
        let sentence = running.finish(Duration::from_secs(10)).refused();

        let named = "cannot open the database postgres://tawzi@127.0.0.1:1/tawzi: ";
        assert!(sentence.starts_with(named), "{sentence}");
        assert!(sentence.contains("refused"), "{sentence}");
    }
}

#[test]
fn a_missing_folder_is_not_made() {
    let tawzi = Installation::new(Engine::Sqlite);
    let url = format!("sqlite://{}/no/such/tawzi.db", tawzi.folder().display());

    for command in [&["migrate"][..], &["setup-schedule"], &["worker", "--once"]] {
        let args = [command, &["--database", &url]].concat();
        let sentence = tawzi.run(&args).refused();

        assert!(sentence.contains("/no/such; create it first"), "{sentence}");
        assert!(tawzi.files().is_empty(), "{:?}", tawzi.files());
    }
}
