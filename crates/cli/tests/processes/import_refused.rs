//! `tawzi import django` of what is no intact database of the reference: one sentence, and nothing
//! is left behind.

use crate::support::{Database, Installation, crm};
use std::path::Path;

on_both_engines! {
    what_is_no_database_is_refused,
    a_database_of_something_else_is_refused,
    a_database_that_is_cut_off_anywhere_is_refused,
    a_damaged_database_is_refused,
    a_locked_database_is_refused,
    values_that_make_no_sense_are_named,
    rows_that_the_database_refuses_are_named,
    a_server_that_is_not_there_is_refused,
}

/// One sentence, nothing written: neither rows nor files.
#[track_caller]
fn refusal(tawzi: &Installation, source: &Path) -> String {
    let files = tawzi.files();
    let sentence = tawzi
        .run(&["import", "django", source.to_str().unwrap()])
        .refused();
    assert!(!sentence.contains('\n'), "{sentence}");
    assert_eq!(tawzi.files(), files, "{sentence}");
    assert!(tawzi.database.is_empty(), "{sentence}");
    sentence
}

fn what_is_no_database_is_refused(tawzi: &Installation) {
    std::fs::create_dir(tawzi.folder().join("folder")).unwrap();
    tawzi.write("empty", "");
    tawzi.write("text", "This is no database. ".repeat(500));

    let missing = refusal(tawzi, &tawzi.folder().join("missing"));
    let others = ["folder", "empty", "text"].map(|name| refusal(tawzi, &tawzi.folder().join(name)));

    assert!(
        missing.contains("missing: No such file or directory"),
        "{missing}"
    );
    for sentence in others {
        assert!(
            sentence.ends_with("is not an SQLite database"),
            "{sentence}"
        );
    }
}

fn a_database_of_something_else_is_refused(tawzi: &Installation) {
    let recipes = tawzi.write("recipes.db", "");
    Database::in_file(&recipes).execute("CREATE TABLE recipes (name TEXT)");
    let without_a_table = crm::changed_copy(tawzi, "a.db", "DROP TABLE crm_client_event");
    let without_a_column = crm::changed_copy(
        tawzi,
        "b.db",
        "ALTER TABLE crm_client DROP COLUMN last_contacted_at",
    );

    for (source, missing) in [
        (recipes, "companies"),
        (without_a_table, "crm_client_event"),
        (without_a_column, "last_contacted_at"),
    ] {
        let sentence = refusal(tawzi, &source);
        assert!(
            sentence.contains("is not a database of the CRM"),
            "{sentence}"
        );
        assert!(sentence.contains(missing), "{sentence}");
    }
}

fn a_database_that_is_cut_off_anywhere_is_refused(tawzi: &Installation) {
    let whole = crm::bytes();
    let page = 4096;
    let end = whole.len();
    for length in [
        10,
        99,
        100,
        1000,
        page,
        page + 1,
        10 * page,
        end / 2,
        end - page,
        end - 1,
    ] {
        let source = tawzi.write("cut.sqlite3", &whole[..length]);

        let sentence = refusal(tawzi, &source);

        let understood = sentence.ends_with("is damaged or cut off; import an intact copy")
            || sentence.ends_with("is not an SQLite database");
        assert!(understood, "{length} bytes: {sentence}");
    }
}

fn a_damaged_database_is_refused(tawzi: &Installation) {
    let mut bytes = crm::bytes();
    let half = bytes.len() / 2;
    bytes[half..half + 40_000].fill(0xAA);
    let source = tawzi.write("damaged.sqlite3", bytes);

    let sentence = refusal(tawzi, &source);

    assert!(
        sentence.ends_with("is damaged or cut off; import an intact copy"),
        "{sentence}"
    );
}

fn a_locked_database_is_refused(tawzi: &Installation) {
    let source = crm::copy(tawzi);
    let locked = Database::in_file(&source);

    locked.while_locked(|| {
        let sentence = tawzi
            .run(&["import", "django", source.to_str().unwrap()])
            .refused();

        assert!(
            sentence.contains("is locked by another program; stop the CRM"),
            "{sentence}"
        );
    });
    assert!(tawzi.database.is_empty());
    assert!(
        !tawzi.files().contains(&"tawzi.db".to_owned()),
        "{:?}",
        tawzi.files()
    );
}

fn values_that_make_no_sense_are_named(tawzi: &Installation) {
    for (change, expected) in [
        (
            "UPDATE crm_client SET created_at = 'yesterday' WHERE id = 5",
            "crm_client 5: created_at is \"yesterday\"",
        ),
        (
            "UPDATE crm_client SET budget = 'a lot' WHERE id = 6",
            "crm_client 6: budget is \"a lot\"",
        ),
        (
            "UPDATE settings_lead_status SET category = 'odd' WHERE id = 2",
            "settings_lead_status 2: category is \"odd\"",
        ),
        (
            "UPDATE crm_client SET name = 'Sa' || char(0) || 'ra' WHERE id = 7",
            "crm_client 7: name holds a null character; mend this row in the CRM",
        ),
        (
            "UPDATE crm_client_event SET notes = char(0) WHERE id = 1",
            "crm_client_event 1: notes holds a null character; mend this row in the CRM",
        ),
        (
            "UPDATE users SET is_active = 'perhaps' WHERE id = 4",
            "users 4: is_active cannot be read",
        ),
        (
            "PRAGMA foreign_keys = OFF; UPDATE companies SET id = 8388608 WHERE id = 3",
            "companies 8388608: its id is larger than 8388607",
        ),
        (
            "UPDATE crm_client_event SET id = 9007199254740992",
            "crm_client_event 9007199254740992: its id is larger than",
        ),
    ] {
        let source = crm::changed_copy(tawzi, "changed.sqlite3", change);

        let sentence = refusal(tawzi, &source);

        assert!(sentence.contains(expected), "{sentence}");
    }
}

/// The changes are made where nothing watches over them, as in a CRM that was mended by hand.
fn rows_that_the_database_refuses_are_named(tawzi: &Installation) {
    for (change, row) in [
        (
            "UPDATE crm_client SET assigned_to_id = 999 WHERE id IN (7, 9)",
            "crm_client 7",
        ),
        ("UPDATE users SET company_id = 999 WHERE id = 5", "users 5"),
        (
            "DROP INDEX settings_leadstatus_name_company_id_46153e3b_uniq;
             UPDATE settings_lead_status SET name = 'twice' WHERE id IN (2, 4)",
            "settings_lead_status 4",
        ),
        (
            "DROP INDEX crm_clientphonenumber_client_id_phone_number_00a2e46e_uniq;
             UPDATE client_phone_numbers SET client_id = 1, phone_number = '+1' WHERE id IN (1, 6)",
            "client_phone_numbers 6",
        ),
        (
            "UPDATE companies SET owner_id = 999 WHERE id = 2",
            "companies 2",
        ),
    ] {
        let unchecked = format!("PRAGMA foreign_keys = OFF; {change}");
        let source = crm::changed_copy(tawzi, "changed.sqlite3", &unchecked);

        let sentence = refusal(tawzi, &source);

        assert!(sentence.contains(&format!("{row}: ")), "{sentence}");
        assert!(sentence.contains("nothing was imported. "), "{sentence}");
        assert!(
            sentence.contains("in the CRM, then import again"),
            "{sentence}"
        );
    }
}

fn a_server_that_is_not_there_is_refused(tawzi: &Installation) {
    let sentence = tawzi
        .run(&["import", "django", "postgres://crm:secret@127.0.0.1:1/crm"])
        .refused();

    assert!(
        sentence.starts_with("postgres://crm@127.0.0.1:1/crm cannot be read: ")
            && sentence.contains("refused"),
        "{sentence}"
    );
    assert!(tawzi.files().is_empty());
    let nonsense = tawzi
        .run(&["import", "django", "mysql://crm/crm"])
        .refused();
    assert!(
        nonsense.contains("postgres://USER:PASSWORD@HOST:PORT/NAME"),
        "{nonsense}"
    );
}
