//! The first contact with a database: its schema is made, found up to date, or refused.

use crate::support::{Engine, Installation};
use std::time::Duration;

on_both_engines! {
    a_schema_is_checked_made_and_found_up_to_date,
    programs_that_start_together_on_an_empty_database_all_find_it_ready,
    a_database_of_something_else_is_refused_and_stays_as_it_is,
    a_schema_of_a_newer_program_is_refused,
}

fn a_schema_is_checked_made_and_found_up_to_date(tawzi: &Installation) {
    let before = tawzi.run(&["migrate", "--check"]);
    let left = tawzi.files();
    let made = tawzi.run(&["migrate"]).succeeded();
    let again = tawzi.run(&["migrate"]).succeeded();
    let after = tawzi.run(&["migrate", "--check"]).succeeded();

    assert_eq!(before.status.code(), Some(1));
    assert!(
        before
            .stderr
            .contains("has no schema yet; run `tawzi migrate`"),
        "{}",
        before.stderr
    );
    assert!(left.is_empty(), "{left:?}");
    assert!(made.contains("now has schema version"), "{made}");
    assert!(again.contains("is up to date (schema version"), "{again}");
    assert!(after.contains("is up to date (schema version"), "{after}");
    if tawzi.database.engine() == Engine::Sqlite {
        assert_eq!(tawzi.files(), ["tawzi.db"]);
    }
}

fn programs_that_start_together_on_an_empty_database_all_find_it_ready(tawzi: &Installation) {
    let starting = [(); 6].map(|()| tawzi.start(&["setup-schedule"]));

    let said = starting.map(|mut program| program.finish(Duration::from_secs(30)).succeeded());

    let created = said
        .iter()
        .filter(|text| text.starts_with("The sweep is scheduled"))
        .count();
    let unchanged = said
        .iter()
        .filter(|text| text.starts_with("Nothing changed"))
        .count();
    assert_eq!((created, unchanged), (1, 5), "{said:?}");
}

fn a_database_of_something_else_is_refused_and_stays_as_it_is(tawzi: &Installation) {
    if let Some(file) = tawzi.database.file() {
        // Made before: the test's own connection does not make files.
        std::fs::write(file, "").unwrap();
    }
    tawzi.database.execute("CREATE TABLE recipes (name TEXT)");
    let before = tawzi
        .database
        .file()
        .map(|file| std::fs::read(file).unwrap());

    for command in [
        &["migrate"][..],
        &["schedule"],
        &["worker", "--once"],
        &["company", "create", "X", "--domain", "x.example"],
    ] {
        let sentence = tawzi.run(command).refused();

        assert!(
            sentence.contains("holds tables that are not Tawzi's; name another database"),
            "{sentence}"
        );
    }
    let check = tawzi.run(&["migrate", "--check"]);

    assert_eq!(check.status.code(), Some(1));
    assert_eq!(tawzi.database.rows(), Vec::<String>::new());
    assert_eq!(
        tawzi
            .database
            .file()
            .map(|file| std::fs::read(file).unwrap()),
        before
    );
}

fn a_schema_of_a_newer_program_is_refused(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();
    tawzi
        .database
        .execute("UPDATE _sqlx_migrations SET version = version + 9998");

    for command in [&["migrate"][..], &["schedule"], &["worker", "--once"]] {
        let sentence = tawzi.run(command).refused();

        assert!(sentence.contains("use a newer tawzi"), "{sentence}");
    }
}
