//! What a create costs when there are many clients already.

use super::create;
use crate::django::{Peer, Running};
use crate::fill::{Contents, add_clients};
use crate::report::{Goal, Line, Plot, Series, Subject};
use crate::sample::count;
use crate::site::Site;

const COMPANIES: i64 = 100;

/// Measures on growing databases, each a copy, so that what is measured does not grow them.
pub(super) async fn measure(site: &Site, peer: &Peer) -> anyhow::Result<Subject> {
    let mut subject = Subject::new("Creating a client among many");
    let all = site.sizes.clients;
    let steps = steps(all);
    let mut series = Vec::new();
    for &engine in &site.engines {
        let (mut floors, mut points) = (Vec::new(), Vec::new());
        let database = site
            .database(engine, "growth", &Contents::new(COMPANIES, 0))
            .await?;
        database.close().await;
        let mut before = 0;
        for &clients in &steps {
            let contents = Contents::new(COMPANIES, clients);
            let database = site.open(engine, "growth").await?;
            add_clients(&database, &contents, before).await?;
            before = clients;
            let connections = site.sizes.connections;
            let copy = site.copy(&database, "growth_copy").await?;
            let floor = create::floor(site, &copy, &contents, connections).await?;
            copy.close().await;
            site.remove(engine, "growth_copy").await?;
            let database = site.open(engine, "growth").await?;
            let copy = site.copy(&database, "growth_copy").await?;
            let ours = create::server(site, &copy, &contents, connections).await?;
            site.remove(engine, "growth_copy").await?;
            floors.push((number(clients), floor.cpu_per_request()));
            points.push((number(clients), ours.cpu_per_request()));
            let floor = Line::of(format!("floor, {engine}, {clients} clients"), &floor);
            let ours = Line::of(format!("tawzi, {engine}, {clients} clients"), &ours);
            let ours = ours.over(&floor);
            subject.lines.extend([floor, ours]);
        }
        site.remove(engine, "growth").await?;
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
    let mut points = Vec::new();
    // It takes too long to fill with all of them, and is slow long before.
    for clients in steps.iter().filter(|&&clients| clients <= all / 10) {
        let contents = Contents::new(COMPANIES, *clients);
        if let Some(peer) = peer.running(site, &contents).await? {
            let connections = site.sizes.connections;
            let load = create::load(
                peer.address,
                &contents,
                connections,
                Running::tokens(&contents),
            );
            let sample = peer.measure(site, &load).await?;
            peer.stop(site).await?;
            points.push((number(*clients), sample.cpu_per_request()));
            subject.lines.push(Line::of(
                format!("peer, PostgreSQL, {clients} clients"),
                &sample,
            ));
        }
    }
    if !points.is_empty() {
        let relative = relative(&points);
        series.push(("peer, PostgreSQL".to_owned(), points, relative));
    }
    subject.notes.extend(peer.missing());
    subject.plots = plots(series);
    Ok(subject)
}

/// Nothing, everything, and two points between that are worth a look.
fn steps(all: i64) -> Vec<i64> {
    let between = [all / 100, all / 10];
    let between = between.into_iter().filter(|&clients| clients >= 10_000);
    std::iter::once(0).chain(between).chain([all]).collect()
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
