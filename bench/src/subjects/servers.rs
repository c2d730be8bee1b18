//! Several servers on one database. Each is asked for all companies, as if they stood behind one address.

use super::hot::{self, Spread};
use super::{create, middle};
use crate::database::Engine;
use crate::fill::Contents;
use crate::load::Load;
use crate::report::{Goal, Line, Subject};
use crate::sample::Sample;
use crate::site::Site;

const COMPANIES: i64 = 20;

/// How many servers there are; the others are compared with the one.
const SERVERS: [usize; 3] = [1, 2, 4];

/// The names of the databases: what is copied, and what is measured on.
const EMPTY: &str = "servers_empty";
const COPY: &str = "servers_copy";

/// What was found with some number of servers.
type Found = (Sample, Spread);

/// Creates in companies of their own choice, and in a single one.
pub(super) async fn measure(site: &Site) -> anyhow::Result<Subject> {
    let mut subject = Subject::new(format!(
        "Creating a client through several servers, {COMPANIES} companies, PostgreSQL"
    ));
    let contents = Contents::new(COMPANIES, 0);
    make(site, &contents).await?;
    let mut rounds = Vec::with_capacity(site.sizes.rounds);
    for _ in 0..site.sizes.rounds {
        let mut round = Vec::with_capacity(SERVERS.len());
        for servers in SERVERS {
            round.push(created(site, &contents, servers).await?);
        }
        rounds.push(round);
    }
    for (place, servers) in SERVERS.into_iter().enumerate() {
        compare(&rounds, place, servers, &mut subject);
    }

    let hot = Contents::new(1, 0);
    make(site, &hot).await?;
    let (sample, spread) = created(site, &hot, 2).await?;
    site.remove(Engine::Postgres, EMPTY).await?;
    subject
        .lines
        .push(Line::of("one hot company, 2 servers", &sample));
    subject
        .goals
        .push(goal("one hot company, 2 servers", &[&spread]));
    subject.notes.push(format!(
        "All but the hot company were measured {} times by turns. Each line is of the round whose \
         throughput is in the middle, each ratio the one in the middle, each spread the largest. Each \
         request is of any company, and goes to any server.",
        site.sizes.rounds
    ));
    Ok(subject)
}

async fn make(site: &Site, contents: &Contents) -> anyhow::Result<()> {
    let database = site.database(Engine::Postgres, EMPTY, contents).await?;
    database.close().await;
    Ok(())
}

/// Creates through so many servers, on a copy of the empty database.
async fn created(site: &Site, contents: &Contents, servers: usize) -> anyhow::Result<Found> {
    let empty = site.open(Engine::Postgres, EMPTY).await?;
    let database = site.copy(&empty, COPY).await?;
    let mut running = Vec::with_capacity(servers);
    for _ in 0..servers {
        running.push(site.serve(&database).await?);
    }
    let tokens = create::tokens(contents)?;
    let addresses = running.iter().map(|server| server.address).collect();
    let load = Load::new(
        running[0].address,
        site.sizes.connections,
        201,
        move |number| {
            let place = scattered(number) % tokens.len();
            create::create_in(place + 1, number, &tokens[place])
        },
    );
    let found = hot::watched(site, &database, running, &load.over(addresses)).await?;
    site.remove(Engine::Postgres, COPY).await?;
    Ok(found)
}

/// A number that looks random, and is the same in every run.
fn scattered(number: u64) -> usize {
    let product = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    usize::try_from(product >> 33).unwrap_or_default()
}

/// One line and its targets.
fn compare(rounds: &[Vec<Found>], place: usize, servers: usize, subject: &mut Subject) {
    let name = match servers {
        1 => "1 server".to_owned(),
        _ => format!("{servers} servers"),
    };
    let throughput = |round: &&Vec<Found>| round[place].0.throughput();
    let usual = middle(rounds.iter().collect(), throughput);
    subject.lines.push(Line::of(&name, &usual[place].0));
    if servers > 1 {
        let times = |round: &&Vec<Found>| throughput(round) / round[0].0.throughput();
        let times = times(&middle(rounds.iter().collect(), times));
        let what = format!("throughput, {name}");
        subject
            .goals
            .push(Goal::at_least(what, times, 0.9, " × that of one"));
    }
    let spreads: Vec<_> = rounds.iter().map(|round| &round[place].1).collect();
    subject.goals.push(goal(&name, &spreads));
}

fn goal(name: &str, spreads: &[&Spread]) -> Goal {
    let samples: usize = spreads.iter().map(|spread| spread.len()).sum();
    let largest = spreads.iter().map(|spread| hot::largest(spread));
    let what = format!("largest spread of {samples} samples, {name}");
    Goal::at_most(what, largest.fold(0.0, f64::max), 1.0, "")
}
