//! `tawzi import django`: everything is taken over as it is, once.

use crate::support::{Database, Installation, crm};
use std::time::Duration;

on_both_engines! {
    the_recorded_database_is_taken_over,
    taking_over_again_changes_nothing_and_says_so,
    odd_values_survive,
    rows_of_clients_that_are_not_there_are_counted,
    a_database_that_holds_other_companies_stays_as_it_is,
    of_two_imports_at_the_same_moment_one_takes_place,
}

fn the_recorded_database_is_taken_over(tawzi: &Installation) {
    let source = crm::copy(tawzi);

    let said = tawzi
        .run(&["import", "django", source.to_str().unwrap()])
        .succeeded();

    let counts = [
        ("companies", "company", 3),
        ("users", "user_account", 10),
        ("plans", "plan", 1),
        ("subscriptions", "subscription", 3),
        ("settings_lead_status", "status", 5),
        ("settings_lead_stage", "stage", 3),
        ("settings_channel", "channel", 2),
        ("crm_client", "client", 11),
        ("client_phone_numbers", "client_phone", 11),
        ("crm_client_task", "client_task", 1),
        ("crm_client_event", "client_event", 1),
    ];
    for (theirs, ours, rows) in counts {
        let words = |line: &str| {
            line.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let told = said
            .lines()
            .map(words)
            .any(|line| line == [theirs, &rows.to_string()]);
        assert!(told, "{theirs} {rows} is missing in:\n{said}");
        assert_eq!(
            tawzi
                .database
                .number(&format!("SELECT COUNT(*) FROM {ours}")),
            rows,
            "{ours}"
        );
    }
    assert_eq!(std::fs::read(&source).unwrap(), crm::bytes());
    let hashes =
        "SELECT password_hash FROM user_account WHERE password_hash LIKE 'pbkdf2_sha256$%'";
    assert_eq!(tawzi.database.lines(hashes).len(), 10);
    let doctor = tawzi.run(&["doctor"]).succeeded();
    assert!(
        doctor.contains("The load counters of 3 companies are right."),
        "{doctor}"
    );
    // New rows get ids behind those that were taken over.
    let created = tawzi
        .run(&["company", "create", "New", "--domain", "new.example"])
        .succeeded();
    assert!(created.starts_with("Created company 4."), "{created}");
}

fn taking_over_again_changes_nothing_and_says_so(tawzi: &Installation) {
    let source = crm::copy(tawzi);
    let source = source.to_str().unwrap();
    tawzi.run(&["import", "django", source]).succeeded();
    let before = tawzi.database.rows();

    let said = tawzi
        .run(&["import", "django", &format!("sqlite://{source}")])
        .succeeded();

    assert!(
        said.starts_with("Nothing changed: ") && said.contains("was already imported"),
        "{said}"
    );
    assert_eq!(tawzi.database.rows(), before);
}

fn rows_of_clients_that_are_not_there_are_counted(tawzi: &Installation) {
    let source = crm::changed_copy(
        tawzi,
        "orphans.sqlite3",
        "PRAGMA foreign_keys = OFF;
         UPDATE client_phone_numbers SET client_id = 999 WHERE id IN (1, 2);",
    );

    let said = tawzi
        .run(&["import", "django", source.to_str().unwrap()])
        .succeeded();

    let sentence = "client_phone_numbers: 2 more rows were left out, since they belong to a client";
    assert!(said.contains(sentence), "{said}");
    assert_eq!(said.matches("left out").count(), 1, "{said}");
    let kept = tawzi.database.number("SELECT COUNT(*) FROM client_phone");
    assert_eq!(kept, 9);
}

fn odd_values_survive(tawzi: &Installation) {
    let (phone, value) = ("٠٩".repeat(40), "قيمة ".repeat(200));
    let source = crm::changed_copy(
        tawzi,
        "odd.sqlite3",
        &format!(
            "UPDATE client_phone_numbers SET phone_number = '{phone}' WHERE id = 1;
             UPDATE crm_client SET phone_number = '{phone}', name = '«مريم» ''O''Neil'' \\ \"\n😀' WHERE id = 1;
             UPDATE crm_client SET assigned_at = NULL, last_contacted_at = NULL WHERE id = 2;
             UPDATE crm_client SET budget = 9999999999.99, created_at = '2025-12-01 09:00:01.123456' WHERE id = 3;
             UPDATE crm_client SET budget = 0.1 WHERE id = 4;
             UPDATE crm_client_event SET old_value = '{value}', new_value = NULL, notes = '' WHERE id = 1;
             UPDATE crm_client_task SET notes = NULL, stage_id = NULL, created_by_id = NULL;"
        ),
    );

    tawzi
        .run(&["import", "django", source.to_str().unwrap()])
        .succeeded();

    let one = |sql: &str| tawzi.database.lines(sql).remove(0);
    assert_eq!(
        one("SELECT phone_number FROM client_phone WHERE id = 1"),
        phone
    );
    assert_eq!(one("SELECT phone_number FROM client WHERE id = 1"), phone);
    assert_eq!(
        one("SELECT name FROM client WHERE id = 1"),
        "«مريم» 'O'Neil' \\ \"\n😀"
    );
    assert_eq!(
        one("SELECT old_value FROM client_event WHERE id = 1"),
        value
    );
    let count = |of: &str| tawzi.database.number(&format!("SELECT COUNT(*) FROM {of}"));
    assert_eq!(
        count("client_event WHERE new_value IS NULL AND notes = ''"),
        1
    );
    assert_eq!(
        count(
            "client WHERE id = 2 AND assigned_at IS NULL AND touched_at IS NULL AND assigned_to = 2"
        ),
        1
    );
    assert_eq!(
        count(
            "client WHERE id = 3 AND budget_hundredths = 999999999999 AND created_at = 1764579601123456"
        ),
        1
    );
    assert_eq!(count("client WHERE id = 4 AND budget_hundredths = 10"), 1);
    assert_eq!(
        count("client_task WHERE notes IS NULL AND stage_id IS NULL AND created_by IS NULL"),
        1
    );
}

fn a_database_that_holds_other_companies_stays_as_it_is(tawzi: &Installation) {
    tawzi.with_a_company("other.example");
    let before = tawzi.database.rows();
    let source = crm::copy(tawzi);

    let sentence = tawzi
        .run(&["import", "django", source.to_str().unwrap()])
        .refused();

    assert!(
        sentence.contains("already holds 1 companies and 2 users"),
        "{sentence}"
    );
    assert!(
        sentence.contains("import into a new database"),
        "{sentence}"
    );
    assert_eq!(tawzi.database.rows(), before);
}

fn of_two_imports_at_the_same_moment_one_takes_place(tawzi: &Installation) {
    let first = crm::copy(tawzi);
    let second = crm::changed_copy(
        tawzi,
        "other.sqlite3",
        "UPDATE companies SET domain = 'other.example' WHERE id = 1",
    );

    let imports = [&first, &second]
        .map(|source| tawzi.start(&["import", "django", source.to_str().unwrap()]));
    let finished = imports.map(|mut import| import.finish(Duration::from_mins(1)));

    let domains = tawzi
        .database
        .lines("SELECT domain FROM company WHERE id = 1");
    let done = finished.map(|import| import.status.success());
    match done {
        [true, false] => assert_eq!(domains, ["acme.example"]),
        [false, true] => assert_eq!(domains, ["other.example"]),
        _ => panic!("{done:?}"),
    }
}

/// A table of the reference whose rows contradict each other is named, and nothing is kept.
#[test]
fn a_row_that_refers_to_nothing_is_named() {
    let tawzi = Installation::new(crate::support::Engine::Sqlite);
    let source = crm::changed_copy(
        &tawzi,
        "broken.sqlite3",
        "PRAGMA foreign_keys = OFF; UPDATE crm_client SET assigned_to_id = 999 WHERE id = 3",
    );

    let sentence = tawzi
        .run(&["import", "django", source.to_str().unwrap()])
        .refused();

    assert!(
        sentence.contains("crm_client 3: this row repeats another one, refers to one"),
        "{sentence}"
    );
    assert_eq!(tawzi.files(), ["broken.sqlite3"]);
    assert!(Database::in_file(&source).number("SELECT COUNT(*) FROM crm_client") > 0);
}
