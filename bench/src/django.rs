//! The peer: the specification written the plain Django way, in `bench/django`.

use crate::database::{Database, Engine};
use crate::fill::Contents;
use crate::http;
use crate::load::Load;
use crate::output;
use crate::postgres::repository;
use crate::proc::{self, Pid};
use crate::process::{self, Finished, Process};
use crate::sample::Sample;
use crate::site::Site;
use crate::tawzi::{free_address, wait_for_answer};
use anyhow::Context;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::process::Command;

/// Its database.
const DATABASE: &str = "peer";

/// The peer, if it could be installed.
pub(crate) enum Peer {
    /// It can be started.
    Ready(Installation),
    /// It cannot; the sentence says why, and is empty when nobody asked for it.
    Missing(String),
}

/// Where its programs are.
pub(crate) struct Installation {
    programs: PathBuf,
}

/// A running peer with a database of its own.
pub(crate) struct Running {
    process: Process,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Its database, to look into.
    pub(crate) database: Database,
}

impl Peer {
    /// Installs what it needs into an environment of its own, beside what cargo builds.
    pub(crate) async fn prepare(site: &Site, unwanted: bool) -> Self {
        if unwanted || !site.engines.contains(&Engine::Postgres) {
            return Self::Missing("The peer was left out, as asked.".to_owned());
        }
        match install().await {
            Ok(installation) => Self::Ready(installation),
            Err(error) => {
                let sentence = format!(
                    "The peer is missing: {}. It needs Python 3.10 or newer with venv, and a \
                     network to install from.",
                    format!("{error:#}").trim().replace('\n', " ")
                );
                output::note(&sentence);
                Self::Missing(sentence)
            }
        }
    }

    /// Why there is none, as a note below a table.
    pub(crate) fn missing(&self) -> Option<String> {
        match self {
            Self::Missing(sentence) if !sentence.is_empty() => Some(sentence.clone()),
            _ => None,
        }
    }

    /// Starts it on a new database with those contents; `None` when it is missing.
    pub(crate) async fn running(
        &self,
        site: &Site,
        contents: &Contents,
    ) -> anyhow::Result<Option<Running>> {
        let Self::Ready(installation) = self else {
            return Ok(None);
        };
        installation.fill(site, contents).await?;
        let running = installation.start(site, contents).await;
        running.context("the peer").map(Some)
    }

    /// Runs its hourly task once on a new database with those contents. Gives what the task used,
    /// and the processor time with that of the database; `None` when it is missing.
    pub(crate) async fn sweep(
        &self,
        site: &Site,
        contents: &Contents,
    ) -> anyhow::Result<Option<(Finished, Duration)>> {
        let Self::Ready(installation) = self else {
            return Ok(None);
        };
        installation.fill(site, contents).await?;
        let before = proc::cpu_of_tree(site.cluster.postmaster)?;
        let swept = process::run(installation.manage(site, &["reassign"])).await?;
        let database = proc::cpu_of_tree(site.cluster.postmaster)?.saturating_sub(before);
        site.remove(Engine::Postgres, DATABASE).await?;
        let cpu = swept.cpu + database;
        Ok(Some((swept, cpu)))
    }
}

impl Installation {
    async fn fill(&self, site: &Site, contents: &Contents) -> anyhow::Result<()> {
        output::note(format!(
            "  making {} clients for the peer",
            contents.clients
        ));
        site.cluster.create(DATABASE, None).await?;
        process::run(self.manage(site, &["migrate", "--verbosity", "0"])).await?;
        let mut fill = self.manage(site, &["fill"]);
        for (name, number) in [
            ("--companies", contents.companies),
            ("--employees", contents.employees),
            ("--clients", contents.clients),
            ("--stale-one-in", contents.stale_one_in.unwrap_or(0)),
            ("--sweeping", contents.sweeping),
        ] {
            fill.arg(name).arg(number.to_string());
        }
        process::run(fill).await?;
        site.cluster.checkpoint().await
    }

    async fn start(&self, site: &Site, contents: &Contents) -> anyhow::Result<Running> {
        let address = free_address()?;
        let mut command = self.command(site, "gunicorn");
        command
            .args(["--workers", "2", "--threads", "8", "--keep-alive", "60"])
            .args(["--bind", &address.to_string(), "peer.wsgi"]);
        let mut process = Process::start(command, site.folder(), "peer")?;
        let token = authorization(contents.admin_of(1));
        let request = http::get("/api/clients/?page_size=1", &token);
        wait_for_answer(&mut process, address, &request).await?;
        Ok(Running {
            process,
            address,
            database: site.open(Engine::Postgres, DATABASE).await?,
        })
    }

    fn manage(&self, site: &Site, arguments: &[&str]) -> Command {
        let mut command = self.command(site, "python");
        command.arg("manage.py").args(arguments);
        command
    }

    fn command(&self, site: &Site, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .current_dir(sources())
            .env("PEER_DATABASE", DATABASE)
            .env("PEER_PORT", site.cluster.port())
            // Nothing is written beside the sources.
            .env("PYTHONPYCACHEPREFIX", self.programs.join("compiled"));
        command
    }
}

impl Running {
    /// The process that all others of it descend from.
    pub(crate) const fn pid(&self) -> Pid {
        self.process.pid()
    }

    /// What the administrators of all companies say in `Authorization`.
    pub(crate) fn tokens(contents: &Contents) -> Vec<String> {
        let admins = (1..=contents.companies).map(|company| contents.admin_of(company));
        admins.map(authorization).collect()
    }

    /// Makes requests until it is warm, and then measures.
    pub(crate) async fn measure(&self, site: &Site, load: &Load) -> anyhow::Result<Sample> {
        let mut sample = site.measure(&[self.pid()], Engine::Postgres, load).await?;
        // Its memory is in the processes below.
        sample.peak_memory = None;
        Ok(sample)
    }

    /// Ends it, and removes its database.
    pub(crate) async fn stop(self, site: &Site) -> anyhow::Result<()> {
        self.database.close().await;
        self.process.stop().await?;
        site.remove(Engine::Postgres, DATABASE).await
    }
}

/// The token that the peer's own command gave to that administrator.
fn authorization(user: i64) -> String {
    format!("Token {user:040}")
}

fn sources() -> PathBuf {
    repository().join("bench/django")
}

/// Makes the environment, unless it is there with these very versions.
async fn install() -> anyhow::Result<Installation> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).context("cargo's directory")?;
    let environment = target.join("bench-django");
    let programs = environment.join("bin");
    let wanted = sources().join("requirements.txt");
    let installed = environment.join("requirements.txt");
    let versions = |path| std::fs::read_to_string(path).ok();
    if versions(&installed) != versions(&wanted) {
        output::note("installing the peer");
        let mut make = Command::new("python3");
        make.args(["-m", "venv", "--clear"]).arg(&environment);
        process::run(make).await?;
        let mut install = Command::new(programs.join("python"));
        install
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .arg("--requirement")
            .arg(&wanted);
        process::run(install).await?;
        std::fs::copy(&wanted, &installed)?;
    }
    Ok(Installation { programs })
}
