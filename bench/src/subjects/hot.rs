//! One hot company: everybody creates in it at once, and at every moment its employees must hold
//! equally many clients.

use super::create;
use crate::database::{Database, Engine};
use crate::django::{Peer, Running};
use crate::fill::Contents;
use crate::load::Load;
use crate::report::{Goal, Line, Plot, Series, Subject, ratio};
use crate::sample::{Sample, count};
use crate::site::Site;
use crate::tawzi::Server;
use std::time::{Duration, Instant};

/// How often the spread is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// How far apart the employees of a company are now, where they are furthest.
const SPREAD: &str = "SELECT MAX(spread)
    FROM (SELECT MAX(n) - MIN(n) AS spread
          FROM (SELECT company_id, active + follow_up + inactive + closed + without_status AS n
                FROM employee_load) loads
          GROUP BY company_id) spreads";

/// The same of the peer, which keeps no counters.
const SPREAD_OF_PEER: &str = "SELECT MAX(n) - MIN(n)
    FROM (SELECT COUNT(k.id) AS n
          FROM crm_user u
          LEFT JOIN crm_client k ON k.assigned_to_id = u.id
          WHERE u.company_id = 1 AND u.role = 'employee'
          GROUP BY u.id) loads";

/// The seconds and the spread that was seen then.
pub(super) type Spread = Vec<(f64, f64)>;

/// Measures it on each engine, on `PostgreSQL` with commits that take two milliseconds longer.
pub(super) async fn measure(site: &Site, peer: &Peer) -> anyhow::Result<Subject> {
    let mut subject = Subject::new("Creating a client, one hot company");
    let contents = Contents::new(1, 0);
    let mut series = Vec::new();
    for &engine in &site.engines {
        series.push(of_engine(site, engine, &contents, &mut subject).await?);
    }
    series.extend(of_peer(site, peer, &contents, &mut subject).await?);
    subject.notes.push(
        "The delay is PostgreSQL's own `commit_delay`, for the floor and the server alike; the peer \
         has none."
            .to_owned(),
    );
    subject.notes.extend(peer.missing());
    subject.plots.push(Plot {
        name: "spread",
        title: "Live spread between the employees of one hot company".to_owned(),
        x: "seconds",
        y: "most minus fewest clients",
        series,
    });
    Ok(subject)
}

/// The floor and the server on an engine, and the spread meanwhile.
async fn of_engine(
    site: &Site,
    engine: Engine,
    contents: &Contents,
    subject: &mut Subject,
) -> anyhow::Result<Series> {
    let database = site.database(engine, "hot", contents).await?;
    let copy = site.copy(&database, "hot_floor").await?;
    if engine == Engine::Postgres {
        site.cluster.slow_commits("hot").await?;
        site.cluster.slow_commits("hot_floor").await?;
    }
    let floor = create::floor(site, &copy, contents, site.sizes.connections).await?;
    copy.close().await;
    site.remove(engine, "hot_floor").await?;
    let database = site.open(engine, "hot").await?;
    let server = site.serve(&database).await?;
    let tokens = create::tokens(contents)?;
    let load = create::load(server.address, contents, site.sizes.connections, tokens);
    let (ours, spread) = watched(site, &database, vec![server], &load).await?;
    site.remove(engine, "hot").await?;

    let floor = Line::of(format!("floor, {engine}"), &floor);
    let ours = Line::of(format!("tawzi, {engine}"), &ours).over(&floor);
    let times = ratio(ours.per_second, floor.per_second).unwrap_or_default();
    subject.goals.push(if engine == Engine::Postgres {
        let what = "throughput, PostgreSQL with a 2 ms commit delay";
        Goal::at_least(what, times, 10.0, " × the floor")
    } else {
        let found = ours.to_floor.unwrap_or_default();
        Goal::at_most(format!("CPU, {engine}"), found, 1.0, " × the floor")
    });
    subject.goals.push(Goal::at_most(
        format!("largest spread of {} samples, {engine}", spread.len()),
        largest(&spread),
        1.0,
        "",
    ));
    subject.lines.extend([floor, ours]);
    Ok(named(format!("tawzi, {engine}"), spread))
}

/// The peer, if it is measured, and the spread meanwhile.
async fn of_peer(
    site: &Site,
    peer: &Peer,
    contents: &Contents,
    subject: &mut Subject,
) -> anyhow::Result<Option<Series>> {
    let Some(peer) = peer.running(site, contents).await? else {
        return Ok(None);
    };
    let connections = site.sizes.connections;
    let load = create::load(
        peer.address,
        contents,
        connections,
        Running::tokens(contents),
    );
    let (sample, spread) = tokio::join!(
        peer.measure(site, &load),
        watch(&peer.database, SPREAD_OF_PEER, site.sizes.duration)
    );
    subject.lines.push(Line::of("peer, PostgreSQL", &sample?));
    peer.stop(site).await?;
    let spread = spread?;
    subject.notes.push(format!(
        "The peer's largest spread was {}.",
        largest(&spread)
    ));
    Ok(Some(named("peer, PostgreSQL".to_owned(), spread)))
}

/// The servers' figures, and the spread while they were at it. Stops them, and closes the database.
pub(super) async fn watched(
    site: &Site,
    database: &Database,
    servers: Vec<Server>,
    load: &Load,
) -> anyhow::Result<(Sample, Spread)> {
    let pids: Vec<_> = servers.iter().map(|server| server.process.pid()).collect();
    let (sample, spread) = tokio::join!(
        site.measure(&pids, database.engine(), load),
        watch(database, SPREAD, site.sizes.duration)
    );
    database.close().await;
    for server in servers {
        server.process.stop().await?;
    }
    site.examine(database).await?;
    Ok((sample?, spread?))
}

/// Looks at the spread for that long; gives the seconds and what was seen.
async fn watch(
    database: &Database,
    spread: &'static str,
    duration: Duration,
) -> anyhow::Result<Spread> {
    let begin = Instant::now();
    let mut seen = Vec::new();
    while begin.elapsed() < duration {
        let spread = database.number(spread).await?;
        let spread = count(usize::try_from(spread)?);
        seen.push((begin.elapsed().as_secs_f64(), spread));
        tokio::time::sleep(GLANCE).await;
    }
    Ok(seen)
}

/// The largest spread that was seen.
pub(super) fn largest(seen: &[(f64, f64)]) -> f64 {
    seen.iter().map(|&(_, spread)| spread).fold(0.0, f64::max)
}

const fn named(name: String, points: Spread) -> Series {
    Series { name, points }
}
