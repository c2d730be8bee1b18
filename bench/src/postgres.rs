//! The `PostgreSQL` server of the benchmark: a private one, which flushes to disk.

use crate::database::{Engine, open_postgres};
use crate::proc::{self, Pid};
use anyhow::Context;
use sqlx::{AssertSqlSafe, PgPool};
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// Tells this program that it runs beside its server already.
const STARTED: &str = "TAWZI_BENCH_STARTED";

/// Replaces this program by the script that starts a server and runs this program again; does
/// nothing the second time around.
pub(crate) fn start_once() -> anyhow::Result<()> {
    if std::env::var_os(STARTED).is_some() {
        return Ok(());
    }
    let script = repository().join("scripts/private-postgres");
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let error = Command::new(&script)
        .arg(std::env::current_exe()?)
        .args(arguments)
        .env(STARTED, "1")
        .env("TAWZI_TEST_POSTGRES_FSYNC", "on")
        .exec();
    Err(error).with_context(|| {
        format!(
            "{} cannot be run; run this from a checkout of the repository",
            script.display()
        )
    })
}

/// The root of the checkout that this program was built from.
pub(crate) fn repository() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.parent().map_or(folder.clone(), PathBuf::from)
}

/// The server.
pub(crate) struct Cluster {
    url: String,
    admin: PgPool,
    /// The directory of `PostgreSQL`'s programs.
    pub(crate) programs: PathBuf,
    /// The process that all others of the server descend from.
    pub(crate) postmaster: Pid,
}

impl Cluster {
    /// Connects to the server that was started for this program.
    pub(crate) async fn connect() -> anyhow::Result<Self> {
        let variable = |name| std::env::var(name).with_context(|| format!("{name} is not set"));
        let url = variable("TAWZI_TEST_POSTGRES_URL")?;
        let programs = variable("TAWZI_TEST_POSTGRES_BIN")?.into();
        let admin = open_postgres(&url).await?;
        let backend: i32 = sqlx::query_scalar("SELECT pg_backend_pid()")
            .fetch_one(&admin)
            .await?;
        let postmaster = proc::parent(backend.unsigned_abs())
            .context("the server's processes must be visible below /proc")?;
        // A checkpoint in the middle of one measurement and not of another would be unfair.
        for setting in [
            "ALTER SYSTEM SET max_wal_size = '8GB'",
            "ALTER SYSTEM SET checkpoint_timeout = '1h'",
            "SELECT pg_reload_conf()",
        ] {
            sqlx::query(setting).execute(&admin).await?;
        }
        Ok(Self {
            url,
            admin,
            programs,
            postmaster,
        })
    }

    /// The address of one of its databases.
    pub(crate) fn url_of(&self, database: &str) -> String {
        let server = self.url.rsplit_once('/').map_or(&*self.url, |(url, _)| url);
        format!("{server}/{database}")
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> &str {
        let server = self.url.rsplit_once('/').map_or(&*self.url, |(url, _)| url);
        server.rsplit_once(':').map_or("5432", |(_, port)| port)
    }

    /// What it is called.
    pub(crate) async fn version(&self) -> anyhow::Result<String> {
        let version: String = sqlx::query_scalar("SHOW server_version")
            .fetch_one(&self.admin)
            .await?;
        Ok(format!("PostgreSQL {version}"))
    }

    /// Makes a database, as a copy of another one if one is named. Nobody may be connected to that.
    pub(crate) async fn create(
        &self,
        name: &str,
        template: Option<&str>,
    ) -> anyhow::Result<String> {
        self.drop_database(name).await?;
        let template = template.map_or(String::new(), |template| {
            format!(" TEMPLATE \"{template}\" STRATEGY file_copy")
        });
        self.execute(format!("CREATE DATABASE \"{name}\"{template}"))
            .await?;
        Ok(self.url_of(name))
    }

    /// Removes a database, if it is there.
    pub(crate) async fn drop_database(&self, name: &str) -> anyhow::Result<()> {
        self.execute(format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"))
            .await
    }

    /// Lets a commit in that database take two milliseconds longer, as a slower disk would. Only
    /// connections made from now on notice.
    pub(crate) async fn slow_commits(&self, name: &str) -> anyhow::Result<()> {
        for setting in ["commit_delay = 2000", "commit_siblings = 0"] {
            self.execute(format!("ALTER DATABASE \"{name}\" SET {setting}"))
                .await?;
        }
        Ok(())
    }

    /// Writes out everything that is to be written, so that no measurement has to.
    pub(crate) async fn checkpoint(&self) -> anyhow::Result<()> {
        self.execute("CHECKPOINT".to_owned()).await
    }

    async fn execute(&self, statement: String) -> anyhow::Result<()> {
        let result = sqlx::query(AssertSqlSafe(statement.clone()))
            .execute(&self.admin)
            .await;
        result.with_context(|| format!("{}: {statement}", Engine::Postgres))?;
        Ok(())
    }
}
