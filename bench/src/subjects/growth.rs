//! What a create costs when there are many clients already.

use super::{create, middle};
use crate::database::{Database, Engine};
use crate::django::{Peer, Running};
use crate::fill::{Contents, add_clients};
use crate::report::{Goal, Line, Plot, Series, Subject};
use crate::sample::{Sample, count};
use crate::site::Site;

const COMPANIES: i64 = 100;

/// The names of the databases: without clients, with more and more, and what is measured on.
const EMPTY: &str = "growth_empty";
const FULL: &str = "growth";
const COPY: &str = "growth_copy";

/// Measures on growing databases.
pub(super) async fn measure(site: &Site, peer: &Peer) -> anyhow::Result<Subject> {
    let mut subject = Subject::new("Creating a client among many");
    let all = site.sizes.clients;
    let steps = steps(all);
    let mut series = Vec::new();
    for &engine in &site.engines {
        let (mut floors, mut points) = (Vec::new(), Vec::new());
        for step in grow(site, engine, &steps).await? {
            let clients = step.clients;
            floors.push((number(clients), step.floor.cpu_per_request()));
            points.push((number(clients), step.ours.cpu_per_request()));
            let floor = Line::of(format!("floor, {engine}, {clients} clients"), &step.floor);
            let ours = Line::of(format!("tawzi, {engine}, {clients} clients"), &step.ours);
            let ours = ours.over(&floor);
            subject.lines.extend([floor, ours]);
        }
        let grown = relative(&points);
        let floor_grown = relative(&floors);
        if let (Some(&(_, found)), Some((_, floor))) = (grown.last(), floor_grown.last()) {
            let what = format!("CPU at {all} clients, {engine}");
            subject
                .goals
                .push(Goal::at_most(what, found, 1.1, " × at none"));
            subject.notes.push(format!(
                "The floor on {engine} grows, too: at {all} clients to {floor:.2} × at none."
            ));
        }
        series.push((format!("tawzi, {engine}"), points, grown));
        series.push((format!("floor, {engine}"), floors, floor_grown));
    }
    subject.notes.push(format!(
        "The server among none and among {all} clients was measured {} times by turns; these are the \
         figures of the round whose ratio is in the middle.",
        site.sizes.rounds
    ));
    let points = peers(site, peer, &steps, &mut subject).await?;
    if !points.is_empty() {
        let relative = relative(&points);
        series.push(("peer, PostgreSQL".to_owned(), points, relative));
    }
    subject.notes.extend(peer.missing());
    subject.plots = plots(series);
    Ok(subject)
}

/// What was measured among so many clients.
struct Step {
    clients: i64,
    floor: Sample,
    ours: Sample,
}

/// Measures on growing databases of one engine, each a copy, so that what is measured does not grow them.
async fn grow(site: &Site, engine: Engine, steps: &[i64]) -> anyhow::Result<Vec<Step>> {
    let contents = |clients| Contents::new(COMPANIES, clients);
    let empty = site.database(engine, EMPTY, &contents(0)).await?;
    site.copy(&empty, FULL).await?.close().await;
    let mut floors = Vec::new();
    let mut ours = Vec::new();
    let mut before = 0;
    for &clients in steps {
        let database = site.open(engine, FULL).await?;
        add_clients(&database, &contents(clients), before).await?;
        before = clients;
        floors.push(floor(site, database, &contents(clients)).await?);
        // The two ends come afterwards.
        if clients > 0 && clients < site.sizes.clients {
            ours.push(server(site, engine, FULL, &contents(clients)).await?);
        }
    }
    let mut rounds = Vec::with_capacity(site.sizes.rounds);
    for _ in 0..site.sizes.rounds {
        let at_none = server(site, engine, EMPTY, &contents(0)).await?;
        let at_all = server(site, engine, FULL, &contents(before)).await?;
        rounds.push((at_none, at_all));
    }
    let (at_none, at_all) = middle(rounds, |(at_none, at_all)| {
        at_all.cpu_per_request() / at_none.cpu_per_request()
    });
    ours.insert(0, at_none);
    ours.push(at_all);
    for name in [EMPTY, FULL] {
        site.remove(engine, name).await?;
    }
    let steps = steps.iter().zip(floors).zip(ours);
    Ok(steps
        .map(|((&clients, floor), ours)| Step {
            clients,
            floor,
            ours,
        })
        .collect())
}

/// What the database needs alone, on a copy of that one, which it closes.
async fn floor(site: &Site, of: Database, contents: &Contents) -> anyhow::Result<Sample> {
    let copy = site.copy(&of, COPY).await?;
    let sample = create::floor(site, &copy, contents, site.sizes.connections).await?;
    copy.close().await;
    site.remove(copy.engine(), COPY).await?;
    Ok(sample)
}

/// What the server needs, on a copy of the database of that name.
async fn server(
    site: &Site,
    engine: Engine,
    name: &str,
    contents: &Contents,
) -> anyhow::Result<Sample> {
    let copy = site.copy(&site.open(engine, name).await?, COPY).await?;
    let sample = create::server(site, &copy, contents, site.sizes.connections).await?;
    site.remove(engine, COPY).await?;
    Ok(sample)
}

/// What the peer needs, where it is fast enough to be waited for: the processor time against the number of clients.
async fn peers(
    site: &Site,
    peer: &Peer,
    steps: &[i64],
    subject: &mut Subject,
) -> anyhow::Result<Points> {
    let mut points = Vec::new();
    // It takes too long to fill with all of them, and is slow long before.
    for &clients in steps.iter().filter(|&&step| step < site.sizes.clients) {
        let contents = Contents::new(COMPANIES, clients);
        if let Some(peer) = peer.running(site, &contents).await? {
            let connections = site.sizes.connections;
            let tokens = Running::tokens(&contents);
            let load = create::load(peer.address, &contents, connections, tokens);
            let sample = peer.measure(site, &load).await?;
            peer.stop(site).await?;
            points.push((number(clients), sample.cpu_per_request()));
            let what = format!("peer, PostgreSQL, {clients} clients");
            subject.lines.push(Line::of(what, &sample));
        }
    }
    Ok(points)
}

/// Nothing, a part that the peer can be filled with as well, and everything.
const fn steps(all: i64) -> [i64; 3] {
    [0, all / 10, all]
}

/// How many times what the first one cost.
fn relative(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let first = points.first().map_or(1.0, |&(_, cost)| cost);
    points
        .iter()
        .map(|&(at, cost)| (at, cost / first))
        .collect()
}

type Points = Vec<(f64, f64)>;

fn plots(series: Vec<(String, Points, Points)>) -> Vec<Plot> {
    let (mut costs, mut growths) = (Vec::new(), Vec::new());
    for (name, cost, growth) in series {
        // The peer's cost would flatten all others.
        if !name.starts_with("peer") {
            costs.push(Series {
                name: name.clone(),
                points: cost,
            });
        }
        growths.push(Series {
            name,
            points: growth,
        });
    }
    vec![
        Plot {
            name: "cost",
            title: "Processor time of a create against the number of clients".to_owned(),
            x: "clients",
            y: "CPU µs, server and database",
            series: costs,
        },
        Plot {
            name: "growth",
            title: "The same as a multiple of a create among none".to_owned(),
            x: "clients",
            y: "times the cost at none",
            series: growths,
        },
    ]
}

fn number(clients: i64) -> f64 {
    count(usize::try_from(clients).unwrap_or_default())
}
