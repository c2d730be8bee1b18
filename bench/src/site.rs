//! What all subjects work with: the program, the databases, and how large everything is.

use crate::args::Args;
use crate::database::{Database, Engine};
use crate::fill::{Contents, fill};
use crate::load::Load;
use crate::output;
use crate::pgbench::{Pgbench, Run};
use crate::postgres::Cluster;
use crate::proc::{self, Pid};
use crate::process::Finished;
use crate::sample::Sample;
use crate::tawzi::{Server, Tawzi, Worker};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// For how long requests are made before they are measured.
const WARM_UP: Duration = Duration::from_secs(1);

/// How large everything is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// For how long each figure is measured.
    pub(crate) duration: Duration,
    /// How often two figures are measured by turns that have a close limit to each other: closer than a
    /// machine that others use, too, keeps its speed.
    pub(crate) rounds: usize,
    /// How many connections ask at once.
    pub(crate) connections: usize,
    /// How many clients a large database has.
    pub(crate) clients: i64,
    /// How many companies are swept.
    pub(crate) companies: i64,
    /// How many companies are looked at when nothing is due.
    pub(crate) idle_companies: i64,
    /// How many clients the company has whose lists are read.
    pub(crate) listed: i64,
    /// How many lines are imported.
    pub(crate) imported: i64,
    /// How many lines are imported while others work.
    pub(crate) imported_beside: i64,
}

impl Sizes {
    /// What the options say.
    pub(crate) fn of(args: &Args) -> Self {
        let (clients, seconds, rounds) = if args.quick {
            (20_000, 1, 1)
        } else {
            (args.clients, args.seconds, 3)
        };
        Self {
            duration: Duration::from_secs(seconds),
            rounds,
            connections: 64,
            clients,
            companies: clients / 1_000,
            idle_companies: clients / 100,
            listed: clients / 10,
            imported: clients / 10,
            imported_beside: if args.quick { 50_000 } else { clients },
        }
    }

    /// The same as a sentence, less its full stop.
    pub(crate) fn sentence(&self) -> String {
        format!(
            "{} connections, {:?} for each figure, {} clients in a large database, 20 employees in \
             each company",
            self.connections, self.duration, self.clients
        )
    }
}

/// Where everything happens.
pub(crate) struct Site {
    /// What is measured.
    pub(crate) tawzi: Tawzi,
    /// The `PostgreSQL` server.
    pub(crate) cluster: Cluster,
    /// How large everything is.
    pub(crate) sizes: Sizes,
    /// On which engines.
    pub(crate) engines: Vec<Engine>,
    folder: TempDir,
}

impl Site {
    /// Makes ready.
    pub(crate) async fn prepare(args: &Args) -> anyhow::Result<Self> {
        let both = vec![Engine::Postgres, Engine::Sqlite];
        Ok(Self {
            tawzi: Tawzi::find(args.tawzi.as_deref()).await?,
            cluster: Cluster::connect().await?,
            sizes: Sizes::of(args),
            engines: if args.engines.is_empty() {
                both
            } else {
                args.engines.clone()
            },
            folder: tempfile::Builder::new().prefix("tawzi-bench.").tempdir()?,
        })
    }

    /// Where files go that are removed in the end.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a database with those contents, in place of one of the same name.
    pub(crate) async fn database(
        &self,
        engine: Engine,
        name: &str,
        contents: &Contents,
    ) -> anyhow::Result<Database> {
        output::note(format!(
            "  making {} clients in {} companies, {engine}",
            contents.clients, contents.companies
        ));
        let url = match engine {
            Engine::Postgres => self.cluster.create(name, None).await?,
            Engine::Sqlite => format!("sqlite://{}", self.file(name)?.display()),
        };
        self.tawzi.run(&url, &["migrate"]).await?;
        let database = self.open(engine, name).await?;
        fill(&database, contents).await?;
        // Filling changed how this connection writes.
        database.close().await;
        self.open(engine, name).await
    }

    /// Makes a copy of a database, under another name, in place of one of that name.
    pub(crate) async fn copy(&self, of: &Database, name: &str) -> anyhow::Result<Database> {
        of.close().await;
        if let Some(file) = of.file() {
            std::fs::copy(file, self.file(name)?)?;
        } else {
            let (_, template) = of.url.rsplit_once('/').unwrap_or_default();
            self.cluster.create(name, Some(template)).await?;
            self.cluster.checkpoint().await?;
        }
        self.open(of.engine(), name).await
    }

    /// Opens a database that is there.
    pub(crate) async fn open(&self, engine: Engine, name: &str) -> anyhow::Result<Database> {
        match engine {
            Engine::Postgres => Database::postgres(self.cluster.url_of(name)).await,
            Engine::Sqlite => Database::sqlite(&self.folder().join(format!("{name}.db"))).await,
        }
    }

    /// Removes a database for good: some are large.
    pub(crate) async fn remove(&self, engine: Engine, name: &str) -> anyhow::Result<()> {
        match engine {
            Engine::Postgres => self.cluster.drop_database(name).await,
            Engine::Sqlite => self.file(name).map(drop),
        }
    }

    /// The path of a file that is not there.
    fn file(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.folder().join(format!("{name}.db"));
        for end in ["db", "db-wal", "db-shm"] {
            let old = path.with_extension(end);
            if old.exists() {
                std::fs::remove_file(old)?;
            }
        }
        Ok(path)
    }

    /// Starts a server without a worker.
    pub(crate) async fn serve(&self, database: &Database) -> anyhow::Result<Server> {
        let (folder, url) = (self.folder(), &database.url);
        self.tawzi.serve(url, folder, Worker::None).await
    }

    /// Runs a command of the program to its end. Its processor time includes the database's.
    pub(crate) async fn command(
        &self,
        database: &Database,
        arguments: &[&str],
    ) -> anyhow::Result<Finished> {
        let before = self.database_cpu(database.engine())?;
        let mut finished = self.tawzi.run(&database.url, arguments).await?;
        finished.cpu += self.database_cpu(database.engine())?.saturating_sub(before);
        Ok(finished)
    }

    /// Checks that the counters say what counting says: what was measured was right, too.
    pub(crate) async fn examine(&self, database: &Database) -> anyhow::Result<()> {
        self.tawzi.run(&database.url, &["doctor"]).await?;
        Ok(())
    }

    /// The limit on `PostgreSQL`.
    pub(crate) fn pgbench(&self) -> Pgbench<'_> {
        Pgbench {
            programs: &self.cluster.programs,
            postmaster: self.cluster.postmaster,
            folder: self.folder(),
        }
    }

    /// As many connections as requests come over, for as long.
    pub(crate) const fn run(&self) -> Run {
        Run {
            connections: self.sizes.connections,
            duration: self.sizes.duration,
        }
    }

    /// The processor time of the database's own processes: none on `SQLite`.
    fn database_cpu(&self, engine: Engine) -> anyhow::Result<Duration> {
        match engine {
            Engine::Postgres => proc::cpu_of_tree(self.cluster.postmaster),
            Engine::Sqlite => Ok(Duration::ZERO),
        }
    }

    /// Makes requests until the servers are warm, and then measures all of them together.
    pub(crate) async fn measure(
        &self,
        servers: &[Pid],
        engine: Engine,
        load: &Load,
    ) -> anyhow::Result<Sample> {
        let used = || -> anyhow::Result<(Duration, Duration, Duration)> {
            let servers = servers.iter().map(|&pid| proc::cpu_of_tree(pid));
            let servers = servers.sum::<anyhow::Result<Duration>>()?;
            Ok((servers, self.database_cpu(engine)?, proc::own_cpu()?))
        };
        load.run(WARM_UP).await?;
        let before = used()?;
        let mut sample = load.run(self.sizes.duration).await?;
        let after = used()?;
        let database_cpu = after.1.saturating_sub(before.1);
        sample.cpu = after.0.saturating_sub(before.0) + database_cpu;
        sample.database_cpu = (engine == Engine::Postgres).then_some(database_cpu);
        sample.client_cpu = after.2.saturating_sub(before.2);
        let memory = servers.iter().filter_map(|&pid| proc::peak_memory(pid));
        sample.peak_memory = memory.reduce(f64::max);
        Ok(sample)
    }
}
