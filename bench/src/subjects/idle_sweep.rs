//! Sweeping when nothing is due.

use super::middle;
use crate::database::{Database, Engine};
use crate::fill::Contents;
use crate::report::{Goal, Line, Subject};
use crate::sample::count;
use crate::site::Site;
use std::time::Duration;

/// How often it is swept; the median counts.
const TIMES: usize = 9;

/// How long `PostgreSQL` may take to count what a closed connection has read.
const COUNTED: Duration = Duration::from_millis(500);

const CLIENT_ROWS_READ: &str =
    "SELECT CAST(COALESCE(SUM(seq_tup_read + idx_tup_fetch), 0) AS BIGINT)
    FROM pg_stat_user_tables
    WHERE relname = 'client'";

/// Sweeps by command, and takes away the time of a command that does nothing: the start of the program.
pub(super) async fn measure(site: &Site) -> anyhow::Result<Subject> {
    let companies = site.sizes.idle_companies;
    let clients = site.sizes.clients;
    let mut subject = Subject::new(format!(
        "Sweeping with nothing due, {companies} companies, {clients} clients"
    ));
    let contents = Contents {
        sweeping: companies,
        ..Contents::new(companies, clients)
    };
    for &engine in &site.engines {
        let database = site.database(engine, "idle", &contents).await?;
        let rows_before = client_rows_read(&database).await?;
        let found = sweep_often(site, &database).await?;
        let rows = client_rows_read(&database).await? - rows_before;
        database.close().await;
        site.remove(engine, "idle").await?;

        subject.lines.push(Line {
            what: format!("a command that sweeps, {engine}"),
            p50_ms: Some(found.sweeping),
            cpu_us: Some(found.cpu.as_secs_f64() * 1e6),
            ..Line::default()
        });
        subject.lines.push(Line {
            what: format!("a command that does nothing, {engine}"),
            p50_ms: Some(found.nothing),
            ..Line::default()
        });
        let what = format!("the sweep itself, {engine}");
        subject
            .goals
            .push(Goal::at_most(what, found.itself, 50.0, " ms"));
        let share = found.cpu.as_secs_f64() / 60.0 * 100.0;
        let what = format!("CPU of one command a minute, {engine}");
        subject
            .goals
            .push(Goal::at_most(what, share, 1.0, " % of a core"));
        if engine == Engine::Postgres {
            let what = format!("client rows read, {engine}");
            let rows = count(usize::try_from(rows)?);
            subject.goals.push(Goal::at_most(what, rows, 0.0, ""));
        } else {
            let note = "SQLite does not count the rows that it reads.";
            subject.notes.push(note.to_owned());
        }
    }
    subject.notes.push(format!(
        "Both were run {TIMES} times by turns; the sweep itself is the difference that is in the middle."
    ));
    Ok(subject)
}

/// Median times in milliseconds.
struct Found {
    /// Of the whole command that sweeps.
    sweeping: f64,
    /// Of a command that only opens the database and reads the schedule.
    nothing: f64,
    /// Of the difference between the two.
    itself: f64,
    /// The mean processor time of the command that sweeps, database included.
    cpu: Duration,
}

/// Sweeps, and does nothing, by turns.
async fn sweep_often(site: &Site, database: &Database) -> anyhow::Result<Found> {
    site.command(database, &["reassign"]).await?;
    let mut times = Vec::with_capacity(TIMES);
    let mut cpu = Duration::ZERO;
    for _ in 0..TIMES {
        let nothing = site.command(database, &["schedule"]).await?;
        let swept = site.command(database, &["reassign"]).await?;
        times.push((in_ms(swept.took), in_ms(nothing.took)));
        cpu += swept.cpu;
    }
    let median = |found: fn(&(f64, f64)) -> f64| found(&middle(times.clone(), found));
    Ok(Found {
        sweeping: median(|times| times.0),
        nothing: median(|times| times.1),
        itself: median(|times| times.0 - times.1),
        cpu: cpu / u32::try_from(TIMES)?,
    })
}

fn in_ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

async fn client_rows_read(database: &Database) -> anyhow::Result<i64> {
    match database.engine() {
        Engine::Postgres => {
            tokio::time::sleep(COUNTED).await;
            database.number(CLIENT_ROWS_READ).await
        }
        Engine::Sqlite => Ok(0),
    }
}
