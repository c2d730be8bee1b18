//! The limit that the server is measured against: the same rows, written by the database alone.
//!
//! What one create writes, here as in the server: the row of the client, one of its phone number,
//! one event, and the counter of whoever receives it, after the company was locked and the roster
//! read. What one contact writes: the time of contact of the client, and one task. Whatever the
//! server comes to write beside that belongs into these texts, and into [`crate::fill`].

mod contact;
mod create;
mod sweep;
#[cfg(test)]
mod tests;

pub(crate) use contact::{contact_postgres, contact_sqlite};
pub(crate) use create::{create_postgres, create_sqlite};
pub(crate) use sweep::sweep;

use crate::proc;
use crate::sample::Sample;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Sqlite};
use std::time::{Duration, Instant};

/// For how long a floor runs before it is measured.
const WARM_UP: Duration = Duration::from_secs(1);

/// Runs one prepared statement over and over, each time in a transaction of its own, with a company
/// and a number that rises as its parameters.
async fn repeat_on_sqlite(
    connection: &mut PoolConnection<Sqlite>,
    statement: &'static str,
    companies: i64,
    duration: Duration,
) -> anyhow::Result<Sample> {
    let mut number = 0;
    let mut run = async |duration: Duration| -> anyhow::Result<Vec<u32>> {
        let mut latencies = Vec::new();
        let begin = Instant::now();
        while begin.elapsed() < duration {
            number += 1;
            let sent = Instant::now();
            sqlx::query(statement)
                .bind(number % companies + 1)
                .bind(number)
                .execute(&mut **connection)
                .await?;
            latencies.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
        Ok(latencies)
    };
    run(WARM_UP).await?;
    let (begin, cpu) = (Instant::now(), proc::own_cpu()?);
    let latencies = run(duration).await?;
    let mut sample = Sample::new(begin.elapsed(), latencies);
    sample.cpu = proc::own_cpu()?.saturating_sub(cpu);
    Ok(sample)
}

/// Declares the view whose trigger is the floor, for this connection only.
async fn declare(
    connection: &mut PoolConnection<Sqlite>,
    sql: impl Into<String>,
) -> anyhow::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql.into()))
        .execute(&mut **connection)
        .await?;
    Ok(())
}
