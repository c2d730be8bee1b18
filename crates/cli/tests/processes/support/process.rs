//! Processes of the program, ended when their test ends.

use super::wait_until;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The program, with nothing from the environment that could lead it elsewhere.
pub(crate) fn tawzi(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tawzi"));
    command.current_dir(folder);
    for name in [
        "TAWZI_DATABASE_URL",
        "TAWZI_DATABASE_URL_FILE",
        "TAWZI_DJANGO_URL",
        "TAWZI_LOG",
        "TAWZI_SECRET_KEY",
        "TAWZI_SMTP_URL",
        "TAWZI_MAIL_FROM",
        "TAWZI_TRUST_PROXY",
        "TAWZI_SIGN_IN_LIMITS",
        "TAWZI_THREADS",
    ] {
        command.env_remove(name);
    }
    // The PostgreSQL that runs for the tests may have its programs off the path.
    if let Some(programs) = std::env::var_os("TAWZI_TEST_POSTGRES_BIN") {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let places = std::iter::once(programs.into()).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(places).unwrap());
    }
    command
}

/// The command under limits of descriptors, as options of the shell's `ulimit`.
pub(crate) fn limited(command: &Command, limits: &str) -> Command {
    let mut shell = Command::new("sh");
    let script = format!("ulimit {limits}; exec \"$@\"");
    shell.args(["-c", &script, "sh"]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.current_dir(command.get_current_dir().unwrap());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

/// A process that runs; killed at the end of its test.
pub(crate) struct Running {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
}

/// What a process left.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Running {
    /// Starts the command with that on its standard input; what it says goes to files of `said`.
    pub(crate) fn start(mut command: Command, input: &str, said: &Path) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let [stdin, stdout, stderr] =
            ["in", "out", "err"].map(|name| said.join(format!("{number}.{name}")));
        std::fs::write(&stdin, input).unwrap();
        command
            .stdin(File::open(&stdin).unwrap())
            .stdout(File::create(&stdout).unwrap())
            .stderr(File::create(&stderr).unwrap());
        Self {
            child: command.spawn().unwrap(),
            stdout,
            stderr,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed so far.
    pub(crate) fn said(&self) -> String {
        read(&self.stdout)
    }

    /// What it has written to its log so far.
    pub(crate) fn logged(&self) -> String {
        read(&self.stderr)
    }

    /// Asks it to end, as an operator or a service manager does.
    pub(crate) fn terminate(&self) {
        let id = self.id().to_string();
        let sent = Command::new("sh")
            .args(["-c", "kill -TERM \"$1\"", "sh", &id])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Cuts it off in the middle of whatever it does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    pub(crate) fn finish(&mut self, longest: Duration) -> Finished {
        let mut status = None;
        wait_until("the process has ended", longest, || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        Finished {
            status: status.unwrap(),
            stdout: read(&self.stdout),
            stderr: read(&self.stderr),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Finished {
    /// What it printed, after it did what it was asked for.
    #[track_caller]
    pub(crate) fn succeeded(self) -> String {
        assert!(self.status.success(), "{self:#?}");
        self.stdout
    }

    /// The sentence with which it refused: exit status 1, and nothing else was said but a warning.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert_eq!(self.status.code(), Some(1), "{self:#?}");
        assert_eq!(self.stdout, "", "{self:#?}");
        let warned = self.stderr.starts_with("warning: ");
        let said = self.stderr.split_once('\n').filter(|_| warned);
        let said = said.map_or(&*self.stderr, |(_, rest)| rest);
        let sentence = said.strip_prefix("error: ");
        let sentence = sentence.unwrap_or_else(|| panic!("{self:#?}")).trim_end();
        assert!(!sentence.contains("panicked"), "{sentence}");
        sentence.to_owned()
    }
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}
