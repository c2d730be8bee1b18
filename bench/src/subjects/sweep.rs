//! Sweeping when one client of ten is stale, and what the others notice of it.

use super::create;
use crate::database::{Database, Engine};
use crate::django::Peer;
use crate::fill::Contents;
use crate::floor;
use crate::http;
use crate::load::Load;
use crate::proc;
use crate::report::{Goal, Line, Subject, ratio};
use crate::sample::{Sample, count};
use crate::site::Site;
use std::time::{Duration, Instant};

/// How long a connection rests between two requests while a sweep is measured.
const REST: Duration = Duration::from_millis(5);

/// How many connections create or read meanwhile.
const OTHERS: usize = 4;

/// Sweeps on each engine: alone, and while others are at work.
pub(super) async fn measure(site: &Site, peer: &Peer) -> anyhow::Result<Subject> {
    let contents = contents(site);
    let due = due(&contents);
    let mut subject = Subject::new(format!(
        "Sweeping {due} stale of {} clients",
        contents.clients
    ));
    for &engine in &site.engines {
        measure_on(site, engine, &contents, &mut subject).await?;
    }
    if let Some(line) = peer_line(site, peer).await? {
        subject.lines.push(line);
        subject.notes.push(
            "Per second and CPU are per client that moved. The peer sweeps a twentieth of the clients \
             in a twentieth of the companies: it would take hours for all."
                .to_owned(),
        );
    }
    subject.notes.extend(peer.missing());
    Ok(subject)
}

/// Companies of 1,000 clients; in one more of a hundred, which others work in, nothing is swept.
fn contents(site: &Site) -> Contents {
    let sweeping = site.sizes.companies;
    let companies = sweeping + (sweeping / 100).max(1);
    Contents {
        stale_one_in: Some(10),
        sweeping,
        ..Contents::new(companies, companies * 1_000)
    }
}

const fn due(contents: &Contents) -> i64 {
    contents.sweeping * 100
}

async fn measure_on(
    site: &Site,
    engine: Engine,
    contents: &Contents,
    subject: &mut Subject,
) -> anyhow::Result<()> {
    let base = site.database(engine, "sweep", contents).await?;

    let copy = site.copy(&base, "sweep_copy").await?;
    let floor = bare(site, &copy, contents).await?;
    copy.close().await;

    let copy = site.copy(&base, "sweep_copy").await?;
    copy.close().await;
    let swept = site.command(&copy, &["reassign"]).await?;
    site.examine(&copy).await?;
    let ours = line(format!("tawzi, {engine}"), contents, swept.took, swept.cpu);
    let ours = ours.over(&floor);
    subject.lines.push(floor);
    subject.lines.push(Line {
        peak_mib: Some(swept.peak_memory),
        ..ours
    });

    let limit = if engine == Engine::Postgres {
        1.25
    } else {
        1.5
    };
    let found = subject.lines.last().and_then(|line| line.to_floor);
    let goal = |found| Goal::at_most(format!("CPU, {engine}"), found, limit, " × the floor");
    subject.goals.extend(found.map(goal));
    let what = format!("peak memory, {engine}");
    subject
        .goals
        .push(Goal::at_most(what, swept.peak_memory, 64.0, " MiB"));

    let copy = site.copy(&base, "sweep_copy").await?;
    copy.close().await;
    others(site, &copy, contents, swept.took, subject).await?;
    site.remove(engine, "sweep_copy").await?;
    site.remove(engine, "sweep").await
}

/// The same rows by the database alone.
async fn bare(site: &Site, database: &Database, contents: &Contents) -> anyhow::Result<Line> {
    let engine = database.engine();
    let used = || match engine {
        Engine::Postgres => proc::cpu_of_tree(site.cluster.postmaster),
        Engine::Sqlite => proc::own_cpu(),
    };
    let (begin, before) = (Instant::now(), used()?);
    let moved = floor::sweep(database, contents).await?;
    let (took, cpu) = (begin.elapsed(), used()?.saturating_sub(before));
    anyhow::ensure!(
        moved == due(contents),
        "the floor moved {moved} clients instead of {}",
        due(contents)
    );
    Ok(line(format!("floor, {engine}"), contents, took, cpu))
}

fn line(what: String, contents: &Contents, took: Duration, cpu: Duration) -> Line {
    let clients = count(usize::try_from(due(contents)).unwrap_or_default());
    Line {
        what,
        per_second: Some(clients / took.as_secs_f64()),
        cpu_us: Some(cpu.as_secs_f64() * 1e6 / clients),
        ..Line::default()
    }
}

/// Creates and lists in the companies in which nothing is swept, before and meanwhile.
async fn others(
    site: &Site,
    database: &Database,
    contents: &Contents,
    sweep_takes: Duration,
    subject: &mut Subject,
) -> anyhow::Result<()> {
    let engine = database.engine();
    let server = site.serve(database).await?;
    let swept = usize::try_from(contents.sweeping)?;
    let tokens = create::tokens(contents)?.split_off(swept);
    let companies = contents.companies;
    let readers = tokens.clone();
    let creates = Load::new(server.address, OTHERS, 201, move |number| {
        create::create(number, companies, &tokens)
    });
    let reads = Load::new(server.address, OTHERS, 200, move |number| {
        let place = usize::try_from(number).unwrap_or_default() % readers.len();
        http::get("/api/clients/?page_size=20", &readers[place])
    });
    let (creates, reads) = (creates.with_rest(REST), reads.with_rest(REST));

    let alone = site.sizes.duration;
    let (before, reads_before) = tokio::try_join!(creates.run(alone), reads.run(alone))?;
    let meanwhile = sweep_takes.mul_f64(0.9);
    let (swept, during, reads_during) = tokio::try_join!(
        site.command(database, &["reassign"]),
        creates.run(meanwhile),
        reads.run(meanwhile)
    )?;
    drop(swept);
    server.process.stop().await?;
    site.examine(database).await?;

    let line = |what: &str, sample: &Sample| Line {
        cpu_us: None,
        client_cpu_us: None,
        ..Line::of(format!("{what}, {engine}"), sample)
    };
    let lines = [
        line("creates without a sweep", &before),
        line("creates during a sweep", &during),
        line("lists without a sweep", &reads_before),
        line("lists during a sweep", &reads_during),
    ];
    subject.goals.extend(goals(engine, &lines));
    subject.lines.extend(lines);
    Ok(())
}

/// What the latencies are held against: creates without and during a sweep, then lists.
fn goals(engine: Engine, lines: &[Line; 4]) -> Vec<Goal> {
    let p99 = |line: &Line| line.p99_ms.unwrap_or_default();
    match engine {
        Engine::Postgres => {
            let times = ratio(lines[1].p99_ms, lines[0].p99_ms).unwrap_or_default();
            let what = "p99 of creates elsewhere during a sweep, PostgreSQL";
            vec![Goal::at_most(what, times, 2.0, " × without")]
        }
        Engine::Sqlite => vec![
            Goal::at_most(
                "p99 of lists during a sweep, SQLite",
                p99(&lines[3]),
                20.0,
                " ms",
            ),
            Goal::at_most(
                "p99 of creates during a sweep, SQLite",
                p99(&lines[1]),
                250.0,
                " ms",
            ),
        ],
    }
}

/// The peer's task, on a twentieth of everything.
async fn peer_line(site: &Site, peer: &Peer) -> anyhow::Result<Option<Line>> {
    let sweeping = (site.sizes.companies / 20).max(1);
    let contents = Contents {
        stale_one_in: Some(10),
        sweeping,
        ..Contents::new(sweeping, sweeping * 1_000)
    };
    let swept = peer.sweep(site, &contents).await?;
    Ok(swept.map(|(swept, cpu)| Line {
        peak_mib: Some(swept.peak_memory),
        ..line("peer, PostgreSQL".to_owned(), &contents, swept.took, cpu)
    }))
}
