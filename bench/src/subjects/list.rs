//! Lists and search in one large company.

use super::create;
use crate::database::Engine;
use crate::django::{Peer, Running};
use crate::fill::Contents;
use crate::http;
use crate::load::Load;
use crate::proc::Pid;
use crate::report::{Goal, Line, Subject};
use crate::site::Site;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::net::SocketAddr;

/// How many people read at once.
const READERS: usize = 2;

/// What is asked, and its address. The two words are of one client in 10,000.
fn questions() -> [(&'static str, String); 3] {
    let words = utf8_percent_encode("lesa جالي", NON_ALPHANUMERIC);
    [
        ("first page", "/api/clients/?page_size=100".to_owned()),
        (
            "filtered page",
            "/api/clients/?page_size=100&status=1&priority=high".to_owned(),
        ),
        (
            "two-word search",
            format!("/api/clients/?page_size=100&search={words}"),
        ),
    ]
}

/// Reads by the administrator of a company with many clients, with nothing else going on.
pub(super) async fn measure(site: &Site, peer: &Peer) -> anyhow::Result<Subject> {
    let clients = site.sizes.listed;
    let mut subject = Subject::new(format!("Lists and search, {clients} clients in a company"));
    let contents = Contents::new(1, clients);
    for &engine in &site.engines {
        let database = site.database(engine, "list", &contents).await?;
        database.close().await;
        let server = site.serve(&database).await?;
        let token = create::tokens(&contents)?.swap_remove(0);
        let pid = server.process.pid();
        let lines = read(site, engine, "tawzi", (pid, server.address), &token).await?;
        for line in &lines {
            let found = line.p99_ms.unwrap_or_default();
            let what = format!("p99, {}", line.what.trim_start_matches("tawzi, "));
            subject.goals.push(Goal::at_most(what, found, 20.0, " ms"));
        }
        subject.lines.extend(lines);
        server.process.stop().await?;
        site.remove(engine, "list").await?;
    }
    if let Some(peer) = peer.running(site, &contents).await? {
        let token = Running::tokens(&contents).swap_remove(0);
        let place = (peer.pid(), peer.address);
        let lines = read(site, Engine::Postgres, "peer", place, &token).await?;
        // Its memory is in the processes below the one that was asked.
        let lines = lines.into_iter().map(|line| Line {
            peak_mib: None,
            ..line
        });
        subject.lines.extend(lines);
        peer.stop(site).await?;
    }
    subject.notes.extend(peer.missing());
    Ok(subject)
}

async fn read(
    site: &Site,
    engine: Engine,
    who: &str,
    (pid, address): (Pid, SocketAddr),
    token: &str,
) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (what, path) in questions() {
        let request = http::get(&path, token);
        let load = Load::new(address, READERS, 200, move |_| request.clone());
        let sample = site.measure(&[pid], engine, &load).await?;
        lines.push(Line::of(format!("{who}, {what}, {engine}"), &sample));
    }
    Ok(lines)
}
