//! Databases whose address has a password in it are named without arguments.

use crate::support::{Database, Finished, Installation, Running, crm, process};
use std::time::Duration;

on_both_engines! {
    a_file_names_the_database,
    the_reference_is_named_by_a_variable_or_a_file,
    a_password_among_the_arguments_is_warned_of,
}

/// Runs the program without naming the database among its arguments.
fn run(tawzi: &Installation, settings: &[(&str, &str)], args: &[&str]) -> Finished {
    let mut command = process::tawzi(tawzi.folder());
    command.envs(settings.iter().copied()).args(args);
    let said = tempfile::TempDir::new().unwrap();
    Running::start(command, "", said.path()).finish(Duration::from_mins(1))
}

fn a_file_names_the_database(tawzi: &Installation) {
    let file = tawzi.write("address", format!(" {}\n", tawzi.database.url()));
    let named = [("TAWZI_DATABASE_URL_FILE", file.to_str().unwrap())];
    tawzi.write("empty", "\n");

    let made = run(tawzi, &named, &["migrate"]).succeeded();
    let listed = run(tawzi, &named, &["company", "list"]).succeeded();
    let missing = run(
        tawzi,
        &[("TAWZI_DATABASE_URL_FILE", "no.such")],
        &["migrate"],
    );
    let empty = run(tawzi, &[("TAWZI_DATABASE_URL_FILE", "empty")], &["migrate"]);

    assert!(made.contains("now has schema version"), "{made}");
    assert!(listed.contains("There are no companies yet"), "{listed}");
    assert!(missing.refused().starts_with("no.such cannot be read: "));
    assert_eq!(
        empty.refused(),
        "empty is empty; write the address of a database into it"
    );
}

fn the_reference_is_named_by_a_variable_or_a_file(tawzi: &Installation) {
    let source = crm::copy(tawzi);
    let source = source.to_str().unwrap();
    let file = tawzi.write("crm.address", format!("sqlite://{source}\n"));

    let by_file = ["import", "django", "--from-file", file.to_str().unwrap()];
    let taken = tawzi.run(&by_file).succeeded();
    let again = tawzi.run_in(&[("TAWZI_DJANGO_URL", source)], &["import", "django"]);
    let unnamed = tawzi.run(&["import", "django"]);

    assert!(taken.contains("Imported "), "{taken}");
    let again = again.succeeded();
    assert!(again.contains("Nothing changed"), "{again}");
    let sentence = unnamed.refused();
    assert!(sentence.contains("--from-file FILE"), "{sentence}");
}

fn a_password_among_the_arguments_is_warned_of(tawzi: &Installation) {
    let warning = "warning: other users of this machine can read the password";
    tawzi.run(&["migrate"]).succeeded();
    let nowhere = "postgres://crm:s3cret@127.0.0.1:1/crm";
    let database = format!("--database={nowhere}");

    for args in [
        &["import", "django", nowhere][..],
        &[&database, "company", "list"],
        &["company", "list", "--database", nowhere],
    ] {
        let told = run(tawzi, &[], args);

        assert!(told.stderr.starts_with(warning), "{}", told.stderr);
        assert!(told.stderr.contains("TAWZI_DATABASE_URL_FILE"));
        assert!(!told.stderr.contains("s3cret"), "{}", told.stderr);
    }
    let url = tawzi.database.url();
    let silent = [
        run(tawzi, &[("TAWZI_DATABASE_URL", &url)], &["company", "list"]),
        tawzi.run_in(&[("TAWZI_DJANGO_URL", nowhere)], &["import", "django"]),
    ];
    for told in silent {
        assert!(!told.stderr.contains("warning"), "{}", told.stderr);
    }
    assert!(Database::is_empty(&tawzi.database));
}
