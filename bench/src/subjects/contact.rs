//! Logging contacts: `POST /api/client-tasks/`.

use super::create;
use crate::database::{Database, Engine};
use crate::django::{Peer, Running};
use crate::fill::Contents;
use crate::floor;
use crate::http;
use crate::load::Load;
use crate::report::{Goal, Line, Subject};
use crate::sample::Sample;
use crate::site::Site;
use std::net::SocketAddr;

/// Contacts with clients all over 100 companies.
pub(super) async fn measure(site: &Site, peer: &Peer) -> anyhow::Result<Subject> {
    let mut subject = Subject::new("Logging a contact, 100 companies");
    let contents = Contents::new(100, site.sizes.clients / 10);
    for &engine in &site.engines {
        let database = site.database(engine, "contact", &contents).await?;
        let copy = site.copy(&database, "contact_floor").await?;
        let floor = floor(site, &copy, &contents).await?;
        copy.close().await;
        site.remove(engine, "contact_floor").await?;
        let ours = server(site, &database, &contents).await?;
        site.remove(engine, "contact").await?;
        let floor = Line::of(format!("floor, {engine}"), &floor);
        let ours = Line::of(format!("tawzi, {engine}"), &ours).over(&floor);
        let goal = |found| Goal::at_most(format!("CPU, {engine}"), found, 1.5, " × the floor");
        subject.goals.extend(ours.to_floor.map(goal));
        subject.lines.extend([floor, ours]);
    }
    if let Some(peer) = peer.running(site, &contents).await? {
        let connections = site.sizes.connections;
        let load = load(
            peer.address,
            &contents,
            connections,
            Running::tokens(&contents),
        );
        let sample = peer.measure(site, &load).await?;
        peer.stop(site).await?;
        subject.lines.push(Line::of("peer, PostgreSQL", &sample));
    }
    subject.notes.extend(peer.missing());
    Ok(subject)
}

async fn floor(site: &Site, database: &Database, contents: &Contents) -> anyhow::Result<Sample> {
    match database.engine() {
        Engine::Postgres => {
            floor::contact_postgres(&site.pgbench(), database, contents, site.run()).await
        }
        Engine::Sqlite => floor::contact_sqlite(database, contents, site.sizes.duration).await,
    }
}

async fn server(site: &Site, database: &Database, contents: &Contents) -> anyhow::Result<Sample> {
    let server = site.serve(database).await?;
    let tokens = create::tokens(contents)?;
    let load = load(server.address, contents, site.sizes.connections, tokens);
    let pid = server.process.pid();
    let sample = site.measure(&[pid], database.engine(), &load).await?;
    server.process.stop().await?;
    Ok(sample)
}

/// Contacts by the administrators, each another one; the clients are picked all over the tables.
fn load(address: SocketAddr, contents: &Contents, connections: usize, tokens: Vec<String>) -> Load {
    let clients = contents.clients.unsigned_abs();
    Load::new(address, connections, 201, move |number| {
        let place = number * 7919 % clients;
        let company = usize::try_from(place).unwrap_or_default() % tokens.len();
        let body = format!(
            "{{\"client\":{},\"notes\":\"Called; wants to see flat {number}\"}}",
            place + 1
        );
        http::post("/api/client-tasks/", &tokens[company], &body)
    })
}
