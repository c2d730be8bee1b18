//! The program that is measured: built, or found where it was said to be.

use crate::http::{self, Connection};
use crate::output;
use crate::postgres::repository;
use crate::process::{self, Finished, Process};
use crate::token::SECRET_KEY;
use anyhow::{Context, bail};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::process::Command;

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program `tawzi`.
#[derive(Clone, Debug)]
pub(crate) struct Tawzi {
    program: PathBuf,
}

/// Whether a server runs a worker inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worker {
    /// It does.
    Inside,
    /// It does not, so that nothing but requests is measured.
    None,
}

/// A running server.
pub(crate) struct Server {
    /// Its process.
    pub(crate) process: Process,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From its start to its first good answer.
    pub(crate) started_in: Duration,
}

impl Tawzi {
    /// The program at that path, or else one that is built now, as it is released.
    pub(crate) async fn find(path: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(path) = path {
            let program = std::path::absolute(path)?;
            if !program.is_file() {
                bail!(
                    "{} is no program; name the one to measure, or leave out --tawzi to build it",
                    path.display()
                );
            }
            return Ok(Self { program });
        }
        output::note("building tawzi");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build
            .args(["build", "--release", "--locked", "-p", "tawzi-cli"])
            .args(["--message-format", "json"])
            .current_dir(repository());
        let built = process::run(build)
            .await
            .context("tawzi could not be built; name a program with --tawzi PATH")?;
        let program = executable(&built.stdout)
            .context("cargo did not say where it put tawzi; name it with --tawzi PATH")?;
        Ok(Self { program })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.program
    }

    /// The command that runs it on a database.
    pub(crate) fn command(&self, database: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("TAWZI_SECRET_KEY", SECRET_KEY)
            .env("TAWZI_LOG", "warn")
            .args(["--database", database])
            .args(arguments);
        command
    }

    /// Runs one of its commands to the end.
    pub(crate) async fn run(&self, database: &str, arguments: &[&str]) -> anyhow::Result<Finished> {
        process::run(self.command(database, arguments)).await
    }

    /// Starts a server and waits for its first answer.
    pub(crate) async fn serve(
        &self,
        database: &str,
        folder: &Path,
        worker: Worker,
    ) -> anyhow::Result<Server> {
        let address = free_address()?;
        let listen = address.to_string();
        let mut arguments = vec!["serve", "--listen", &listen, "--sign-in-limits", "off"];
        if worker == Worker::None {
            arguments.push("--no-worker");
        }
        let begin = Instant::now();
        let command = self.command(database, &arguments);
        let name = format!("server-{}", address.port());
        let mut process = Process::start(command, folder, &name)?;
        let request = http::get("/api/health/", "");
        wait_for_answer(&mut process, address, &request).await?;
        Ok(Server {
            process,
            address,
            started_in: begin.elapsed(),
        })
    }
}

/// Asks again and again until there is an answer.
pub(crate) async fn wait_for_answer(
    process: &mut Process,
    address: SocketAddr,
    request: &[u8],
) -> anyhow::Result<()> {
    let begin = Instant::now();
    loop {
        process.require_running()?;
        if let Ok(mut connection) = Connection::open(address).await
            && let Ok((200..300, _)) = connection.ask(request).await
        {
            return Ok(());
        }
        if begin.elapsed() > PATIENCE {
            bail!(
                "a server did not answer within {PATIENCE:?}. It said:\n{}",
                process.said()
            );
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// An address on this machine that nobody listens on.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Where cargo says that it put the program.
fn executable(messages: &str) -> Option<PathBuf> {
    messages.lines().find_map(|message| {
        let message: serde_json::Value = serde_json::from_str(message).ok()?;
        let named = message["target"]["name"] == "tawzi";
        let path = message["executable"].as_str().filter(|_| named)?;
        Some(PathBuf::from(path))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_where_cargo_says() {
        let messages = "{\"target\":{\"name\":\"build-script\"},\"executable\":null}\n\
                        {\"target\":{\"name\":\"tawzi\"},\"executable\":\"/there/tawzi\"}\n\
                        {\"reason\":\"build-finished\",\"success\":true}\n";

        assert_eq!(executable(messages), Some(PathBuf::from("/there/tawzi")));
        assert_eq!(executable(""), None);
    }
}
