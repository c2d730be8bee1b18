//! Starting on a database that is there, and doing nothing.

use crate::database::{Database, Engine};
use crate::fill::Contents;
use crate::proc;
use crate::report::{Goal, Subject};
use crate::sample::count;
use crate::site::Site;
use crate::tawzi::Worker;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// How often it is started; the median counts.
const TIMES: usize = 9;

/// How long a server is left alone before it counts as at rest.
const SETTLE: Duration = Duration::from_secs(3);

/// Starts and rests on each engine.
pub(super) async fn measure(site: &Site) -> anyhow::Result<Subject> {
    let clients = site.sizes.listed;
    let mut subject = Subject::new(format!("Starting and resting, {clients} clients"));
    for &engine in &site.engines {
        let database = site
            .database(engine, "rest", &Contents::new(100, clients))
            .await?;
        database.close().await;
        site.tawzi.run(&database.url, &["setup-schedule"]).await?;
        let started = start_often(site, &database).await?;
        let what = format!("start to first answer, {engine}");
        subject
            .goals
            .push(Goal::at_most(what, started, 150.0, " ms"));
        at_rest(site, &database, &mut subject).await?;
        site.remove(engine, "rest").await?;
    }
    let size = stripped_size(site).await?;
    subject
        .goals
        .push(Goal::at_most("the program, stripped", size, 40.0, " MiB"));
    subject
        .notes
        .push("The server has its worker inside.".to_owned());
    Ok(subject)
}

/// The median time from the start to the first answer, in milliseconds.
async fn start_often(site: &Site, database: &Database) -> anyhow::Result<f64> {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let server = site.serve(database).await?;
        times.push(server.started_in);
        server.process.stop().await?;
    }
    times.sort_unstable();
    Ok(times[TIMES / 2].as_secs_f64() * 1e3)
}

async fn at_rest(site: &Site, database: &Database, subject: &mut Subject) -> anyhow::Result<()> {
    let engine = database.engine();
    let folder = site.folder();
    let postmaster = site.cluster.postmaster;
    // Long enough for a hundredth of a second, in which the kernel counts, to be little.
    let rest = site.sizes.duration * 4;
    let mut alone = Duration::ZERO;
    if engine == Engine::Postgres {
        tokio::time::sleep(SETTLE).await;
        let before = proc::cpu_of_tree(postmaster)?;
        tokio::time::sleep(rest).await;
        alone = proc::cpu_of_tree(postmaster)?.saturating_sub(before);
    }
    let server = site
        .tawzi
        .serve(&database.url, folder, Worker::Inside)
        .await?;
    let pid = server.process.pid();
    tokio::time::sleep(SETTLE).await;
    let memory = proc::memory_now(pid).unwrap_or_default();
    let before = (proc::cpu_of_tree(pid)?, proc::cpu_of_tree(postmaster)?);
    tokio::time::sleep(rest).await;
    let cpu = proc::cpu_of_tree(pid)?.saturating_sub(before.0);
    let of_database = proc::cpu_of_tree(postmaster)?.saturating_sub(before.1);
    server.process.stop().await?;

    let share = |cpu: Duration| cpu.as_secs_f64() / rest.as_secs_f64() * 100.0;
    let what = format!("memory at rest, {engine}");
    subject
        .goals
        .push(Goal::at_most(what, memory, 40.0, " MiB"));
    let what = format!("CPU at rest, {engine}");
    subject
        .goals
        .push(Goal::at_most(what, share(cpu), 0.1, " % of a core"));
    if engine == Engine::Postgres {
        let what = "CPU at rest that the server causes in the database";
        let caused = share(of_database.saturating_sub(alone));
        subject
            .goals
            .push(Goal::at_most(what, caused, 0.1, " % of a core"));
        subject.notes.push(format!(
            "PostgreSQL's processes took {:.3} % of a core with the server and {:.3} % in as many seconds \
             without it, which they do anyway.",
            share(of_database),
            share(alone)
        ));
    }
    Ok(())
}

/// The size of the program without its symbols, in MiB.
async fn stripped_size(site: &Site) -> anyhow::Result<f64> {
    let copy = site.folder().join("tawzi");
    std::fs::copy(site.tawzi.path(), &copy)?;
    let mut strip = Command::new("strip");
    strip.arg(&copy).stdout(Stdio::null()).stderr(Stdio::null());
    // Without binutils it is measured as it is.
    drop(strip.status().await);
    let bytes = std::fs::metadata(&copy)?.len();
    std::fs::remove_file(copy)?;
    Ok(count(usize::try_from(bytes)?) / 1024.0 / 1024.0)
}
