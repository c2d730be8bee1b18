//! `tawzi backup`.

use crate::support::{Database, Engine, Installation, crm, process};
use std::process::Command;

on_both_engines! {
    a_backup_holds_the_same_rows,
    a_backup_never_replaces_a_file,
    a_backup_that_cannot_be_written_is_refused,
}

fn a_backup_holds_the_same_rows(tawzi: &Installation) {
    let source = crm::copy(tawzi);
    tawzi
        .run(&["import", "django", source.to_str().unwrap()])
        .succeeded();
    let file = tawzi.folder().join("نسخة 1.backup");

    let said = tawzi.run(&["backup", file.to_str().unwrap()]).succeeded();

    assert!(said.starts_with("Copied "), "{said}");
    let restored = match tawzi.database.engine() {
        Engine::Sqlite => Database::in_file(&file),
        Engine::Postgres => restore(&file),
    };
    assert_eq!(restored.rows(), tawzi.database.rows());
}

fn restore(file: &std::path::Path) -> Database {
    let target = Database::new(Engine::Postgres, "unused".as_ref());
    // With the same path to PostgreSQL's programs that the program has.
    let path = process::tawzi(".".as_ref());
    let path = path
        .get_envs()
        .find(|(name, _)| *name == "PATH")
        .and_then(|(_, path)| path);
    let mut restore = Command::new("pg_restore");
    if let Some(path) = path {
        restore.env("PATH", path);
    }
    let restored = restore
        .args(["--exit-on-error", "--dbname", &target.url()])
        .arg(file)
        .output()
        .unwrap();
    assert!(restored.status.success(), "{restored:?}");
    target
}

fn a_backup_never_replaces_a_file(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();
    let file = tawzi.write("precious", "mine");

    let sentence = tawzi.run(&["backup", "precious"]).refused();

    assert_eq!(sentence, "precious is already there; name a new file");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "mine");
}

fn a_backup_that_cannot_be_written_is_refused(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();

    let sentence = tawzi.run(&["backup", "no/such/folder"]).refused();

    assert!(sentence.contains("no/such/folder"), "{sentence}");
}
