//! `tawzi import clients` and `tawzi export clients`.

use crate::support::{Finished, Installation};
use std::os::unix::fs::PermissionsExt as _;

on_both_engines! {
    clients_are_spread_over_the_employees_once,
    a_dry_run_writes_nothing,
    every_wrong_line_is_named_by_its_number,
    lines_are_counted_as_an_editor_counts_them,
    a_file_that_is_no_list_of_clients_is_refused,
    files_of_spreadsheets_are_understood,
    a_file_may_come_from_standard_input,
    what_is_exported_can_be_imported_elsewhere,
    wrong_lines_are_left_out_and_reported,
    a_report_is_written_over_nothing,
    an_import_that_broke_off_leaves_no_report_in_its_own_way,
    what_a_file_does_not_say_is_said_on_the_command_line,
    a_company_that_is_not_there_is_refused,
}

const LIST: &str = "\
name,phone_number,priority,type,status,communication_way,budget,assigned_to
أحمد الأحمد,+963955000001,high,fresh,New,Website,1500.50,
\"Reed, James\",+963955000002,,,,,,
Sara,,low,cold,Lost,,,khaled
مريم,+963955000004,Medium,Cold,,,10,
";

/// Imports a file with that content into company 1.
fn import(tawzi: &Installation, content: impl AsRef<[u8]>) -> Finished {
    tawzi.write("list.csv", content);
    tawzi.run(&["import", "clients", "list.csv", "--company", "1"])
}

fn clients_are_spread_over_the_employees_once(tawzi: &Installation) {
    tawzi.with_a_company("a.example");

    let first = import(tawzi, LIST).succeeded();
    let again = import(tawzi, LIST).succeeded();

    assert_eq!(
        first,
        "Imported 4 clients, 4 of them assigned; 0 were there already.\n"
    );
    assert_eq!(
        again,
        "Imported 0 clients, 0 of them assigned; 4 were there already.\n"
    );
    let clients = "SELECT c.name || ' ' || c.priority || ' ' || c.client_type || ' ' || u.username
                   FROM client c JOIN user_account u ON u.id = c.assigned_to ORDER BY c.id";
    assert_eq!(
        tawzi.database.lines(clients),
        [
            "أحمد الأحمد high fresh khaled",
            "Reed, James medium fresh lina",
            "Sara low cold khaled",
            "مريم medium cold lina",
        ]
    );
    let budgets = "SELECT COUNT(*) FROM client WHERE budget_hundredths IN (150050, 1000)";
    assert_eq!(tawzi.database.number(budgets), 2);
    tawzi.run(&["doctor"]).succeeded();
}

fn a_dry_run_writes_nothing(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let before = tawzi.database.rows();
    tawzi.write("list.csv", LIST);

    let args = [
        "import",
        "clients",
        "list.csv",
        "--company",
        "1",
        "--dry-run",
    ];
    let said = tawzi.run(&args).succeeded();

    assert_eq!(
        said,
        "Would import 4 clients, 4 of them assigned; 0 were there already.\n"
    );
    assert!(tawzi.database.number("SELECT COUNT(*) FROM client") == 0);
    assert_eq!(tawzi.database.rows().len(), before.len());
}

fn every_wrong_line_is_named_by_its_number(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    let long = "x".repeat(256);

    let sentence = import(
        tawzi,
        format!(
            "name,priority,status,budget,assigned_to\n\
             Right,,,,\n\
             ,low,,,\n\
             B,urgent,,,\n\
             C,,Nowhere,,\n\
             D,,,1.234,\n\
             E,,,much,\n\
             F,,,,nobody\n\
             {long},,,,\n\
             H,,\n"
        ),
    )
    .refused();

    let expected = [
        "list.csv: nothing was imported",
        "line 3: name is empty",
        "line 4: priority is \"urgent\"; use one of low, medium, high",
        "line 5: status is \"Nowhere\", which the company does not have",
        "line 6: budget is \"1.234\", which has more than 2 decimals",
        "line 7: budget is \"much\", which is no number",
        "line 8: assigned_to is \"nobody\", which the company does not have",
        "line 9: name is longer than 255 characters",
        "line 10: has 3 fields, but the first line names 5 columns",
    ];
    for text in expected {
        assert!(sentence.contains(text), "{text} is missing in {sentence}");
    }
    assert!(!sentence.contains("line 2"), "{sentence}");
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM client"), 0);
}

fn lines_are_counted_as_an_editor_counts_them(tawzi: &Installation) {
    tawzi.with_a_company("a.example");

    for end in ["\n", "\r\n"] {
        let lines = [
            "name,priority",
            "A,low",
            "B,wrong",
            "",
            "C,\"low",
            "\"",
            "D,wrong",
            "E,low,6",
            "",
        ];
        let sentence = import(tawzi, lines.join(end)).refused();

        let named: Vec<_> = sentence
            .lines()
            .filter_map(|line| line.split_once("line ")?.1.split(':').next())
            .collect();
        assert_eq!(named, ["3", "7", "8"], "{sentence}");
    }
}

fn a_file_that_is_no_list_of_clients_is_refused(tawzi: &Installation) {
    tawzi.with_a_company("a.example");

    for (content, expected) in [
        (&b""[..], "the first line must name the columns"),
        (b"phone_number\n+963\n", "at least `name`"),
        (
            b"name,shoe_size\nA,42\n",
            "a column \"shoe_size\", which clients do not have",
        ),
        (b"name,name\nA,B\n", "names the column name twice"),
        (
            b"name\n\xd8\xb3\xd8\xb3\nB \xff\n",
            "line 3 is not UTF-8 text; save the file as UTF-8",
        ),
    ] {
        let sentence = import(tawzi, content).refused();
        assert!(sentence.contains(expected), "{sentence}");
    }
    let missing = tawzi
        .run(&["import", "clients", "missing.csv", "--company", "1"])
        .refused();
    assert!(
        missing.contains("missing.csv cannot be opened"),
        "{missing}"
    );
    let folder = tawzi
        .run(&["import", "clients", ".", "--company", "1"])
        .refused();
    assert!(folder.contains("nothing was imported"), "{folder}");
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM client"), 0);
}

fn files_of_spreadsheets_are_understood(tawzi: &Installation) {
    tawzi.with_a_company("a.example");

    let said = import(
        tawzi,
        "\u{feff}Name,Phone_Number\r\n ليلى ,+963955000009\r\n",
    )
    .succeeded();

    assert!(
        said.starts_with("Imported 1 clients, 1 of them assigned"),
        "{said}"
    );
    assert_eq!(tawzi.database.lines("SELECT name FROM client"), ["ليلى"]);
}

fn a_file_may_come_from_standard_input(tawzi: &Installation) {
    tawzi.with_a_company("a.example");

    let said = tawzi.run_with_input(LIST, &["import", "clients", "-", "--company", "1"]);

    assert!(said.succeeded().starts_with("Imported 4 clients"));
}

fn what_is_exported_can_be_imported_elsewhere(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    import(tawzi, LIST).succeeded();
    let other = Installation::new(tawzi.database.engine());
    other.with_a_company("b.example");

    let exported = tawzi
        .run(&["export", "clients", "--company", "1"])
        .succeeded();
    let said = import(&other, &exported).succeeded();

    assert_eq!(
        said,
        "Imported 4 clients, 4 of them assigned; 0 were there already.\n"
    );
    let clients = "SELECT name || '|' || COALESCE(phone_number, '') || '|' || priority || '|'
                       || client_type || '|' || COALESCE(status_id, 0) || '|'
                       || COALESCE(channel_id, 0) || '|' || COALESCE(budget_hundredths, 0) || '|'
                       || assigned_to
                   FROM client ORDER BY id";
    assert_eq!(other.database.lines(clients), tawzi.database.lines(clients));
    assert_eq!(exported.lines().count(), 5);
}

fn a_company_that_is_not_there_is_refused(tawzi: &Installation) {
    tawzi.with_a_company("a.example").write("list.csv", LIST);

    for command in [
        &["import", "clients", "list.csv", "--company", "9"][..],
        &[
            "import",
            "clients",
            "list.csv",
            "--company",
            "9",
            "--dry-run",
        ],
        &["export", "clients", "--company", "9"],
    ] {
        let sentence = tawzi.run(command).refused();

        assert_eq!(sentence, "there is no company 9; see `tawzi company list`");
    }
}

/// The lines of a file with two wrong ones.
const HALF_WRONG: &str =
    "name,phone_number\nSara,0501234567\nOmar,9.66501E+11\nLina,\nNour,#REF!\n";

fn wrong_lines_are_left_out_and_reported(tawzi: &Installation) {
    tawzi
        .with_a_company("a.example")
        .write("list.csv", HALF_WRONG);
    let skip = [
        "import",
        "clients",
        "list.csv",
        "--company",
        "1",
        "--skip-bad",
    ];

    let dry = tawzi.run(&[&skip[..], &["--dry-run"]].concat());
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM client"), 0);
    assert!(!tawzi.folder().join("list.bad.csv").exists());
    let done = tawzi.run(&skip);

    for (finished, imported) in [(&dry, "Would import"), (&done, "Imported")] {
        let said = &finished.stdout;
        assert!(
            said.starts_with(&format!("{imported} 2 clients, 2 of them assigned")),
            "{said}"
        );
        assert!(
            said.contains("2 lines are wrong and were left out:\nline 3: phone_number"),
            "{said}"
        );
    }
    assert!(
        done.stdout
            .ends_with("Mend them in list.bad.csv and import that.\n")
    );
    let names = tawzi.database.lines("SELECT name FROM client ORDER BY id");
    assert_eq!(names, ["Sara", "Lina"]);
    let report = tawzi.folder().join("list.bad.csv");
    let mode = std::fs::metadata(&report).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mended = std::fs::read_to_string(&report).unwrap();
    import(
        tawzi,
        mended
            .replace("9.66501E+11", "966501234568")
            .replace("#REF!", ""),
    )
    .succeeded();
    let names = tawzi.database.lines("SELECT name FROM client ORDER BY id");
    assert_eq!(names, ["Sara", "Lina", "Omar", "Nour"]);
}

fn a_report_is_written_over_nothing(tawzi: &Installation) {
    tawzi
        .with_a_company("a.example")
        .write("list.csv", HALF_WRONG);
    tawzi.write("there.csv", "mine");

    let skip = [
        "import",
        "clients",
        "list.csv",
        "--company",
        "1",
        "--skip-bad",
        "--report",
        "there.csv",
    ];
    let sentence = tawzi.run(&skip).refused();

    assert!(
        sentence.contains("there.csv is there already"),
        "{sentence}"
    );
    assert_eq!(tawzi.database.number("SELECT COUNT(*) FROM client"), 0);
    let there = std::fs::read_to_string(tawzi.folder().join("there.csv")).unwrap();
    assert_eq!(there, "mine");
}

fn an_import_that_broke_off_leaves_no_report_in_its_own_way(tawzi: &Installation) {
    tawzi
        .with_a_company("a.example")
        .write("list.csv", HALF_WRONG);
    let skip = [
        "import",
        "clients",
        "list.csv",
        "--company",
        "1",
        "--skip-bad",
    ];
    let database = &tawzi.database;
    database.execute("ALTER TABLE client_phone RENAME TO client_phone_elsewhere");
    let sentence = tawzi.run(&skip).refused();
    database.execute("ALTER TABLE client_phone_elsewhere RENAME TO client_phone");
    let left = tawzi.files();
    let done = tawzi.run(&skip).stdout;

    assert!(sentence.contains("broken off"), "{sentence}");
    let report = |name: &String| name.starts_with(".tawzi-") || name.contains(".bad.");
    assert!(!left.iter().any(report), "{left:?}");
    assert!(done.starts_with("Imported 2 clients"), "{done}");
    assert!(tawzi.folder().join("list.bad.csv").exists());
}

fn what_a_file_does_not_say_is_said_on_the_command_line(tawzi: &Installation) {
    tawzi
        .with_a_company("a.example")
        .write("list.csv", "name~E-Mail\nReed, James~a@b.c\n");
    let import = ["import", "clients", "list.csv", "--company", "1"];

    let unknown = tawzi
        .run(&[&import[..], &["--separator", "~"]].concat())
        .refused();
    let ignoring = [
        "--separator",
        "~",
        "--ignore",
        "e_mail",
        "--ignore",
        "other",
    ];
    let done = tawzi.run(&[&import[..], &ignoring].concat());

    assert!(
        unknown.contains("a column \"E-Mail\", which clients do not have"),
        "{unknown}"
    );
    assert_eq!(done.stderr, "list.csv: UTF-8 text, separated by '~'.\n");
    assert!(done.succeeded().starts_with("Imported 1 clients"));
    assert_eq!(
        tawzi.database.lines("SELECT name FROM client"),
        ["Reed, James"]
    );
}
