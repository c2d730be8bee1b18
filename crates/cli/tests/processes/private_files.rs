//! What is kept in files is nobody else's business, whatever the umask says.

use crate::support::server::Server;
use crate::support::{Engine, Installation, Running, process, wait_until};
use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

on_both_engines! {
    files_are_made_for_nobody_else,
    a_key_that_somebody_else_may_know_is_refused,
    a_key_that_is_easy_to_guess_is_refused,
    a_key_is_not_written_through_files_that_are_there,
}

fn mode(file: &Path) -> u32 {
    std::fs::metadata(file).unwrap().mode() & 0o777
}

/// Runs the program where files are made for everybody.
fn run_openly(tawzi: &Installation, args: &[&str]) -> Output {
    in_a_shell(tawzi, "umask 0; ", args).output().unwrap()
}

/// The program after something that a shell does in the same process.
fn in_a_shell(tawzi: &Installation, before: &str, args: &[&str]) -> Command {
    let program = process::tawzi(tawzi.folder());
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{before}exec \"$0\" \"$@\"")])
        .arg(program.get_program())
        .args(["--database", &tawzi.database.url()])
        .args(args)
        .current_dir(tawzi.folder());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

fn files_are_made_for_nobody_else(tawzi: &Installation) {
    assert!(run_openly(tawzi, &["migrate"]).status.success());
    let worked = run_openly(tawzi, &["worker", "--once"]);
    assert!(worked.status.success(), "{worked:?}");
    let copied = run_openly(tawzi, &["backup", "copy"]);
    assert!(copied.status.success(), "{copied:?}");
    let server = Server::start(tawzi);

    let kept: Vec<_> = tawzi.files();
    let expected: &[&str] = match tawzi.database.engine() {
        Engine::Sqlite => &[
            "copy",
            "tawzi.db",
            "tawzi.db-shm",
            "tawzi.db-wal",
            "tawzi.secret",
        ],
        Engine::Postgres => &["copy", "tawzi.secret"],
    };
    assert_eq!(kept, expected);
    for name in kept {
        assert_eq!(mode(&tawzi.folder().join(&name)), 0o600, "{name}");
    }
    drop(server);
}

#[test]
fn a_database_that_others_can_read_is_named_with_what_to_type() {
    let tawzi = Installation::new(Engine::Sqlite);
    tawzi.run(&["migrate"]).succeeded();
    let file = tawzi.database.file().unwrap();
    std::fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();

    let doctor = tawzi.run(&["doctor"]).succeeded();
    let worker = tawzi.run(&["worker", "--once"]);
    std::fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
    let after = tawzi.run(&["doctor"]).succeeded();

    let remedy = format!("chmod 600 {}", file.display());
    assert!(
        doctor.contains("Other users of this machine may read"),
        "{doctor}"
    );
    assert!(doctor.contains(&remedy), "{doctor}");
    assert!(worker.stderr.contains(&remedy), "{}", worker.stderr);
    assert!(!after.contains("Other users"), "{after}");
}

fn a_key_that_somebody_else_may_know_is_refused(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();
    let file = tawzi.write("tawzi.secret", "9b1d0f6c2e7a4853b6f1c0d2e3a49587\n");

    for mode in [0o644, 0o640, 0o620, 0o602, 0o666] {
        std::fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let sentence = tawzi.run(&["serve", "--listen", "127.0.0.1:0"]).refused();

        assert!(sentence.contains("delete the file"), "{sentence}");
        assert!(sentence.contains("chmod 600 "), "{sentence}");
    }
    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    drop(Server::start(tawzi));
}

fn a_key_that_is_easy_to_guess_is_refused(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();
    for weak in [
        "aaaaaaaaaaaaaaaa",
        "tiny-key",
        "abcabcabcabcabcabcabc",
        "12345678901234567890",
    ] {
        let settings = [("TAWZI_SECRET_KEY", weak)];
        let refused = tawzi.run_in(&settings, &["serve", "--listen", "127.0.0.1:0"]);

        let sentence = refused.refused();
        assert!(sentence.contains("openssl rand -base64 48"), "{sentence}");
        assert!(!sentence.contains(weak), "{sentence}");
    }
    let file = tawzi.write("tawzi.secret", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let sentence = tawzi.run(&["serve", "--listen", "127.0.0.1:0"]).refused();
    assert!(sentence.contains("easy to guess; delete it"), "{sentence}");
}

/// Whoever may write in the folder lays out a file under the name that only this process would use.
fn a_key_is_not_written_through_files_that_are_there(tawzi: &Installation) {
    tawzi.run(&["migrate"]).succeeded();
    let laid_out =
        "for name in tawzi.secret.$$ tawzi.secret.tmp; do : >$name; chmod 666 $name; done; ";
    let command = in_a_shell(tawzi, laid_out, &["serve", "--listen", "127.0.0.1:0"]);
    let said = tempfile::TempDir::new().unwrap();

    let server = Running::start(command, "", said.path());
    wait_until("the server listens", Duration::from_secs(30), || {
        server.said().contains("Listening")
    });

    assert_eq!(mode(&tawzi.folder().join("tawzi.secret")), 0o600);
    for name in [
        format!("tawzi.secret.{}", server.id()),
        "tawzi.secret.tmp".to_owned(),
    ] {
        assert_eq!(
            std::fs::read(tawzi.folder().join(&name)).unwrap(),
            b"",
            "{name}"
        );
    }
}
