//! What the program prints, and where: into pipes, to readers that go away, as help.

use crate::support::neglect::Neglect;
use crate::support::{Engine, Installation, crm, process, wait_until};
use crate::workers::{ONCE_A_YEAR, make_due};
use std::io::{BufRead, BufReader};
use std::process::{ChildStderr, Stdio};
use std::time::Duration;

on_both_engines! {
    no_escape_characters_go_into_a_pipe,
    names_that_would_steer_the_terminal_are_written_out,
    a_reader_that_goes_away_is_no_error,
    a_worker_outlives_the_reader_of_its_log,
}

/// Every command there is.
const COMMANDS: [&[&str]; 22] = [
    &[],
    &["serve"],
    &["worker"],
    &["migrate"],
    &["setup-schedule"],
    &["schedule"],
    &["jobs"],
    &["reassign"],
    &["assign-unassigned"],
    &["import"],
    &["import", "django"],
    &["import", "clients"],
    &["export"],
    &["export", "clients"],
    &["company"],
    &["company", "list"],
    &["company", "create"],
    &["company", "set"],
    &["user"],
    &["user", "list"],
    &["user", "create"],
    &["user", "set-password"],
];

#[test]
fn the_document_of_the_api_is_printed_as_it_is_committed() {
    let tawzi = Installation::new(Engine::Sqlite);

    let printed = tawzi.run(&["openapi"]).succeeded();

    assert_eq!(printed, include_str!("../../../../docs/openapi.json"));
    assert!(tawzi.files().is_empty());
}

#[test]
fn every_command_has_help_that_says_what_it_is_for() {
    let tawzi = Installation::new(Engine::Sqlite);
    let others: [&[&str]; 3] = [&["doctor"], &["backup"], &["openapi"]];

    for command in COMMANDS.iter().chain(&others) {
        let help = tawzi.run(&[*command, &["--help"]].concat()).succeeded();

        let purpose = help.lines().next().unwrap();
        assert!(
            purpose.len() > 10 && !purpose.starts_with("Usage"),
            "{command:?}: {help}"
        );
        assert!(help.contains("Usage: tawzi"), "{help}");
        assert!(help.contains("--database"), "{help}");
        assert!(!help.contains('\u{1b}'), "{help}");
    }
    assert!(tawzi.files().is_empty());
}

fn no_escape_characters_go_into_a_pipe(tawzi: &Installation) {
    let source = crm::copy(tawzi);
    tawzi.write("list.csv", "name\nA\n");
    let run = |args: &[&str]| {
        let finished = tawzi.run(args);
        let said = format!("{}{}", finished.stdout, finished.stderr);
        let strange = said.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(strange, None, "{args:?}: {said:?}");
        finished.succeeded()
    };

    run(&["import", "django", source.to_str().unwrap()]);
    run(&[
        "company",
        "set",
        "1",
        "--re-assign",
        "on",
        "--auto-assign",
        "on",
    ]);
    run(&["import", "clients", "list.csv", "--company", "1"]);
    run(&["setup-schedule"]);
    make_due(tawzi, 1);
    run(&["worker", "--once"]);
    for table in [
        "schedule",
        "jobs",
        "doctor",
        "reassign",
        "assign-unassigned",
    ] {
        run(&[table]);
    }
    run(&["company", "list"]);
    run(&["user", "list"]);
    run(&["export", "clients", "--company", "1"]);
    let error = tawzi
        .run(&["company", "set", "99", "--hours", "1"])
        .refused();
    assert!(!error.contains('\u{1b}'), "{error:?}");
}

fn names_that_would_steer_the_terminal_are_written_out(tawzi: &Installation) {
    tawzi.with_a_company("a.example");
    // As an import from elsewhere may have brought them.
    tawzi.database.execute(
        "UPDATE user_account SET first_name = 'Ed\u{1b}]0;x\u{7}', last_name = 'One\n99  root', role = 'a\u{202e}b';
         UPDATE company SET name = 'Co\u{9b}2J\nCompany 9', auto_assign_enabled = TRUE;
         UPDATE schedule SET cron = 'x'",
    );

    let people = tawzi.run(&["user", "list"]).succeeded();
    let companies = tawzi.run(&["company", "list"]).succeeded();
    let set = tawzi.run(&["company", "set", "1", "--hours", "5"]);
    let set = set.succeeded();

    assert_eq!(people.lines().count(), 3, "{people:?}");
    assert!(people.contains("Ed ]0;x  One 99  root"), "{people:?}");
    assert!(people.contains("a\\u{202e}b"), "{people:?}");
    assert_eq!(companies.lines().count(), 2, "{companies:?}");
    assert!(
        companies.contains("Co\\u{9b}2J\\nCompany 9"),
        "{companies:?}"
    );
    assert!(
        set.starts_with("Company 1 (Co\\u{9b}2J\\nCompany 9):"),
        "{set:?}"
    );
    for said in [people, companies, set] {
        let strange = said
            .chars()
            .find(|&c| c != '\n' && (c.is_control() || c == '\u{202e}'));
        assert_eq!(strange, None, "{said:?}");
    }
}

fn a_reader_that_goes_away_is_no_error(tawzi: &Installation) {
    Neglect {
        companies: 4,
        clients_each: 1000,
    }
    .fill(tawzi);

    for args in [
        &["company", "list"][..],
        &["export", "clients", "--company", "1"],
        &["reassign", "--dry-run"],
        &["reassign", "--dry-run", "--format", "json"],
        &["reassign", "--help"],
    ] {
        let mut child = process::tawzi(tawzi.folder())
            .args(["--database", &tawzi.database.url()])
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();

        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(said, "", "{args:?}");
        assert!(output.status.success(), "{args:?}: {}", output.status);
    }
}

fn a_worker_outlives_the_reader_of_its_log(tawzi: &Installation) {
    tawzi.run(&ONCE_A_YEAR).succeeded();
    let mut command = process::tawzi(tawzi.folder());
    command.args(["--database", &tawzi.database.url(), "worker"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut worker = Killed(command.spawn().unwrap());
    let mut log: BufReader<ChildStderr> = BufReader::new(worker.0.stderr.take().unwrap());
    log.read_line(&mut String::new()).unwrap();
    drop(log);

    for tick in 1..=2 {
        make_due(tawzi, tick);
        let done = || {
            tawzi
                .database
                .number("SELECT COUNT(*) FROM job WHERE state = 'done'")
        };
        wait_until("the tick is done", Duration::from_secs(20), || {
            done() == tick
        });
    }

    assert!(
        worker.0.try_wait().unwrap().is_none(),
        "the worker has ended"
    );
}

/// Ends with its test.
struct Killed(std::process::Child);

impl Drop for Killed {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
