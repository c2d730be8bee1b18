//! Sweeping when nothing is due.

use crate::database::{Database, Engine};
use crate::fill::Contents;
use crate::proc;
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

/// Sweeps by command, so that each figure has a start of the program in it.
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
        let (took, cpu) = sweep_often(site, &database).await?;
        let rows = client_rows_read(&database).await? - rows_before;
        database.close().await;
        site.remove(engine, "idle").await?;

        subject.lines.push(Line {
            what: format!("tawzi, {engine}"),
            p50_ms: Some(took),
            cpu_us: Some(cpu.as_secs_f64() * 1e6),
            ..Line::default()
        });
        let what = format!("the whole command, {engine}");
        subject.goals.push(Goal::at_most(what, took, 50.0, " ms"));
        let share = cpu.as_secs_f64() / 60.0 * 100.0;
        let what = format!("CPU of one a minute, {engine}");
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
    Ok(subject)
}

/// The median time in milliseconds, and the mean processor time, database included.
async fn sweep_often(site: &Site, database: &Database) -> anyhow::Result<(f64, Duration)> {
    let used = || match database.engine() {
        Engine::Postgres => proc::cpu_of_tree(site.cluster.postmaster),
        Engine::Sqlite => Ok(Duration::ZERO),
    };
    site.tawzi.run(&database.url, &["reassign"]).await?;
    let before = used()?;
    let mut times = Vec::with_capacity(TIMES);
    let mut cpu = Duration::ZERO;
    for _ in 0..TIMES {
        let swept = site.tawzi.run(&database.url, &["reassign"]).await?;
        times.push(swept.took);
        cpu += swept.cpu;
    }
    cpu += used()?.saturating_sub(before);
    times.sort_unstable();
    let median = times[TIMES / 2].as_secs_f64() * 1e3;
    Ok((median, cpu / u32::try_from(TIMES)?))
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
