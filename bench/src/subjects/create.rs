//! Creating clients: `POST /api/clients/`, from the request to the commit.

use super::middle;
use crate::database::{Database, Engine};
use crate::django::{Peer, Running};
use crate::fill::Contents;
use crate::floor;
use crate::http;
use crate::load::Load;
use crate::pgbench::Run;
use crate::report::{Goal, Line, Subject, ratio};
use crate::sample::Sample;
use crate::site::Site;
use crate::token;
use std::net::SocketAddr;

const COMPANIES: i64 = 100;

/// Creates in 100 companies at once.
pub(super) async fn many_companies(site: &Site, peer: &Peer) -> anyhow::Result<Subject> {
    let mut subject = Subject::new("Creating a client, 100 companies");
    let contents = Contents::new(COMPANIES, 0);
    let peers = match peer.running(site, &contents).await? {
        Some(peer) => {
            let load = load(
                peer.address,
                &contents,
                site.sizes.connections,
                Running::tokens(&contents),
            );
            let sample = peer.measure(site, &load).await?;
            peer.stop(site).await?;
            Some(Line::of("peer, PostgreSQL", &sample))
        }
        None => None,
    };
    for &engine in &site.engines {
        let (floor, ours) = both(site, engine, &contents, site.sizes.connections).await?;
        let floor = Line::of(format!("floor, {engine}"), &floor);
        let ours = Line::of(format!("tawzi, {engine}"), &ours).over(&floor);
        let limit = match engine {
            Engine::Postgres => 0.6,
            Engine::Sqlite => 0.9,
        };
        let goal = |found| Goal::at_most(format!("CPU, {engine}"), found, limit, " × the floor");
        subject.goals.extend(ours.to_floor.map(goal));
        if engine == Engine::Postgres {
            let times = ratio(peers.as_ref().and_then(|peer| peer.cpu_us), ours.cpu_us);
            let goal = |times| Goal::at_least("CPU of the peer", times, 40.0, " × ours");
            subject.goals.extend(times.map(goal));
        }
        subject.lines.extend([floor, ours]);
    }
    subject.lines.extend(peers);
    subject.notes.extend(peer.missing());
    Ok(subject)
}

/// One request after the other over one connection: what waiting for others would cost.
pub(super) async fn lone(site: &Site) -> anyhow::Result<Subject> {
    let mut subject = Subject::new("Creating one lone client");
    let contents = Contents::new(COMPANIES, 0);
    for &engine in &site.engines {
        let mut rounds = Vec::with_capacity(site.sizes.rounds);
        for _ in 0..site.sizes.rounds {
            let (floor, ours) = both(site, engine, &contents, 1).await?;
            rounds.push((ours.percentile(50) / floor.percentile(50), floor, ours));
        }
        let (times, floor, ours) = middle(rounds, |&(times, ..)| times);
        let what = format!("latency (p50), {engine}");
        subject
            .goals
            .push(Goal::at_most(what, times, 2.2, " × the floor"));
        let floor = Line::of(format!("floor, {engine}"), &floor);
        let ours = Line::of(format!("tawzi, {engine}"), &ours).over(&floor);
        subject.lines.extend([floor, ours]);
    }
    let note = format!(
        "Floor and server were measured {} times by turns; this is the round whose ratio is in the middle.",
        site.sizes.rounds
    );
    subject.notes.push(note);
    Ok(subject)
}

/// The floor's figures and the server's, on a new database each.
async fn both(
    site: &Site,
    engine: Engine,
    contents: &Contents,
    connections: usize,
) -> anyhow::Result<(Sample, Sample)> {
    let database = site.database(engine, "create", contents).await?;
    let copy = site.copy(&database, "create_floor").await?;
    let floor = floor(site, &copy, contents, connections).await?;
    copy.close().await;
    site.remove(engine, "create_floor").await?;
    let database = site.open(engine, "create").await?;
    let ours = server(site, &database, contents, connections).await?;
    site.remove(engine, "create").await?;
    Ok((floor, ours))
}

/// What the database needs alone.
pub(super) async fn floor(
    site: &Site,
    database: &Database,
    contents: &Contents,
    connections: usize,
) -> anyhow::Result<Sample> {
    let companies = contents.companies;
    match database.engine() {
        Engine::Postgres => {
            let run = Run {
                connections,
                ..site.run()
            };
            floor::create_postgres(&site.pgbench(), database, companies, run).await
        }
        Engine::Sqlite => floor::create_sqlite(database, companies, site.sizes.duration).await,
    }
}

/// What the server needs; the counters are checked afterwards. Closes the database.
pub(super) async fn server(
    site: &Site,
    database: &Database,
    contents: &Contents,
    connections: usize,
) -> anyhow::Result<Sample> {
    database.close().await;
    let server = site.serve(database).await?;
    let load = load(server.address, contents, connections, tokens(contents)?);
    let pid = server.process.pid();
    let sample = site.measure(&[pid], database.engine(), &load).await?;
    server.process.stop().await?;
    site.examine(database).await?;
    Ok(sample)
}

/// The administrators of all companies.
pub(super) fn tokens(contents: &Contents) -> anyhow::Result<Vec<String>> {
    let admins = (1..=contents.companies).map(|company| contents.admin_of(company));
    admins.map(token::authorization).collect()
}

/// Creates in all companies by turns, each by its administrator.
pub(super) fn load(
    address: SocketAddr,
    contents: &Contents,
    connections: usize,
    tokens: Vec<String>,
) -> Load {
    let companies = contents.companies;
    Load::new(address, connections, 201, move |number| {
        create(number, companies, &tokens)
    })
}

/// The request to create the client with that number. `tokens` are those of the last companies.
pub(super) fn create(number: u64, companies: i64, tokens: &[String]) -> Vec<u8> {
    let place = usize::try_from(number).unwrap_or_default() % tokens.len();
    let first = usize::try_from(companies).unwrap_or_default() - tokens.len();
    create_in(first + place + 1, number, &tokens[place])
}

/// The request to create the client with that number in a company, by whoever the token is of.
pub(super) fn create_in(company: usize, number: u64, token: &str) -> Vec<u8> {
    let body = format!(
        "{{\"name\":\"Client {number}\",\"priority\":\"medium\",\"type\":\"fresh\",\
         \"company\":{company},\"phone_number\":\"+9665{number:08}\"}}"
    );
    http::post("/api/clients/", token, &body)
}
