//! What is measured, one module for each subject.

mod contact;
mod create;
mod growth;
mod hot;
mod idle_sweep;
mod import;
mod import_beside;
mod list;
mod rest;
mod servers;
mod sweep;

use crate::args::{Args, SubjectArg};
use crate::database::Engine;
use crate::django::Peer;
use crate::machine;
use crate::output;
use crate::report::{Report, Subject};
use crate::site::Site;
use std::time::Instant;

/// The round in the middle by what it found.
fn middle<T>(mut rounds: Vec<T>, found: impl Fn(&T) -> f64) -> T {
    rounds.sort_by(|one, other| found(one).total_cmp(&found(other)));
    rounds.swap_remove(rounds.len() / 2)
}

/// Measures what was asked for.
pub(crate) async fn measure(site: &Site, args: &Args) -> anyhow::Result<Report> {
    let begin = Instant::now();
    let wanted = |subject| [SubjectArg::All, subject].contains(&args.subject);
    let compared = [
        SubjectArg::Create,
        SubjectArg::Contact,
        SubjectArg::Sweep,
        SubjectArg::List,
    ];
    let peer = if compared.into_iter().any(wanted) {
        Peer::prepare(site, args.no_peer).await
    } else {
        Peer::Missing(String::new())
    };
    let mut subjects: Vec<Subject> = Vec::new();
    macro_rules! measure {
        ($($what:literal, $subject:expr;)+) => {$(
            output::note(format!("measuring {}, after {:.0?}", $what, begin.elapsed()));
            subjects.push($subject.await?);
        )+};
    }
    if wanted(SubjectArg::Create) {
        measure! {
            "creates in many companies", create::many_companies(site, &peer);
            "one lone create", create::lone(site);
            "creates in one hot company", hot::measure(site, &peer);
            "growth", growth::measure(site, &peer);
        }
    }
    if wanted(SubjectArg::Servers) && site.engines.contains(&Engine::Postgres) {
        measure! { "several servers", servers::measure(site); }
    }
    if wanted(SubjectArg::Contact) {
        measure! { "contacts", contact::measure(site, &peer); }
    }
    if wanted(SubjectArg::Sweep) {
        measure! {
            "sweeps", sweep::measure(site, &peer);
            "sweeps with nothing due", idle_sweep::measure(site);
        }
    }
    if wanted(SubjectArg::List) {
        measure! { "lists and search", list::measure(site, &peer); }
    }
    if wanted(SubjectArg::Import) {
        measure! {
            "imports", import::measure(site);
            "an import beside others", import_beside::measure(site);
        }
    }
    if wanted(SubjectArg::Rest) {
        measure! { "starting and resting", rest::measure(site); }
    }
    Ok(Report {
        machine: machine::look(site.cluster.version().await?),
        sizes: site.sizes.sentence(),
        minutes: begin.elapsed().as_secs_f64() / 60.0,
        subjects,
    })
}
