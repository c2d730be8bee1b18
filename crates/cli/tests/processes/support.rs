//! What the tests run on: an installation of its own for each, with its processes and database.

pub(crate) mod crm;
pub(crate) mod crowd;
pub(crate) mod database;
pub(crate) mod neglect;
pub(crate) mod process;
pub(crate) mod server;

pub(crate) use database::{Database, Engine};
pub(crate) use process::{Finished, Running};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Runs every test of a module on both engines.
macro_rules! on_both_engines {
    ($($test:ident,)+) => {
        mod sqlite {
            $(
                #[test]
                fn $test() {
                    super::$test(&crate::support::Installation::new(crate::support::Engine::Sqlite));
                }
            )+
        }

        mod postgres {
            $(
                #[test]
                fn $test() {
                    super::$test(&crate::support::Installation::new(crate::support::Engine::Postgres));
                }
            )+
        }
    };
}

/// A working directory and a database in which nothing is yet.
pub(crate) struct Installation {
    pub(crate) database: Database,
    folder: TempDir,
    /// What the processes say goes here, so that the working directory holds what they leave behind.
    said: TempDir,
}

impl Installation {
    pub(crate) fn new(engine: Engine) -> Self {
        let folder = TempDir::new().unwrap();
        Self {
            database: Database::new(engine, &folder.path().join("tawzi.db")),
            folder,
            said: TempDir::new().unwrap(),
        }
    }

    /// The working directory.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The names of all files in the working directory.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Writes a file into the working directory.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Runs the program on the database, to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Finished {
        self.run_with_input("", args)
    }

    /// The same, with something on standard input.
    pub(crate) fn run_with_input(&self, input: &str, args: &[&str]) -> Finished {
        let mut running = self.start_with_input(input, args);
        running.finish(Duration::from_mins(1))
    }

    /// The same, with settings in the environment.
    pub(crate) fn run_in(&self, settings: &[(&str, &str)], args: &[&str]) -> Finished {
        let mut running = self.start_in(settings, "", args);
        running.finish(Duration::from_mins(1))
    }

    /// Starts the program on the database.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        self.start_with_input("", args)
    }

    fn start_with_input(&self, input: &str, args: &[&str]) -> Running {
        self.start_in(&[], input, args)
    }

    /// Starts the program on the database with settings in the environment, and something on
    /// standard input.
    pub(crate) fn start_in(
        &self,
        settings: &[(&str, &str)],
        input: &str,
        args: &[&str],
    ) -> Running {
        let mut command = self.command(args);
        command.envs(settings.iter().copied());
        Running::start(command, input, self.said.path())
    }

    /// Starts the program on the database under limits of descriptors, as options of the shell's `ulimit`.
    pub(crate) fn start_limited(&self, limits: &str, args: &[&str]) -> Running {
        let command = process::limited(&self.command(args), limits);
        Running::start(command, "", self.said.path())
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = process::tawzi(self.folder());
        command
            .arg("--database")
            .arg(self.database.url())
            .args(args);
        command
    }

    /// A company with the employees `khaled` and `lina`, all made by commands; its id is 1.
    pub(crate) fn with_a_company(&self, domain: &str) -> &Self {
        self.run(&["company", "create", "Example", "--domain", domain])
            .succeeded();
        for name in ["khaled", "lina"] {
            let email = format!("{name}@{domain}");
            let args = ["user", "create", name, "--company", "1", "--email", &email];
            self.run_with_input("a long password\n", &args).succeeded();
        }
        self
    }
}

/// Asks again and again until it holds; fails when it takes longer than that.
pub(crate) fn wait_until(what: &str, longest: Duration, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(
            begin.elapsed() < longest,
            "after {longest:?}, not yet: {what}"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}
