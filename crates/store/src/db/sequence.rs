//! Giving out ids: rising, never used twice, one count per table for all companies.

use crate::db::dialect::Sql;
use crate::db::engine::{EngineKind, Tx, Writer};
use crate::db::tenant::TenantTx;
use crate::error::Result;

/// The tables whose rows have ids of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the table of that name")]
pub enum Sequence {
    Company,
    UserAccount,
    Plan,
    Subscription,
    Status,
    Stage,
    Channel,
    Client,
    ClientPhone,
    ClientTask,
    ClientEvent,
    Sweep,
    Job,
    ApiKey,
}

/// `PostgreSQL` counts in sequences, which never wait for each other, and answers with every id;
/// `SQLite` has one writer and a row per table, and answers with the last id.
pub(crate) const TAKE: Sql = Sql {
    postgres: "SELECT nextval(CAST($1 AS regclass)) FROM generate_series(1, $2)",
    sqlite: "UPDATE id_sequence SET last = last + $2 WHERE name = $1 RETURNING last",
};

/// Raises a count to at least the highest id in the table, after rows with ids were copied in.
pub(crate) const RAISE: Sql = Sql {
    postgres: "SELECT setval(CAST($1 AS regclass), $2)
               WHERE $2 > COALESCE(pg_sequence_last_value(CAST($1 AS regclass)), 0)",
    sqlite: "UPDATE id_sequence SET last = MAX(last, $2) WHERE name = $1 RETURNING last",
};

impl Sequence {
    const fn name(self) -> &'static str {
        match self {
            Self::Company => "company_ids",
            Self::UserAccount => "user_account_ids",
            Self::Plan => "plan_ids",
            Self::Subscription => "subscription_ids",
            Self::Status => "status_ids",
            Self::Stage => "stage_ids",
            Self::Channel => "channel_ids",
            Self::Client => "client_ids",
            Self::ClientPhone => "client_phone_ids",
            Self::ClientTask => "client_task_ids",
            Self::ClientEvent => "client_event_ids",
            Self::Sweep => "sweep_ids",
            Self::Job => "job_ids",
            Self::ApiKey => "api_key_ids",
        }
    }
}

impl Tx {
    /// The next `count` ids of that table, rising.
    pub(crate) async fn take_ids(&mut self, sequence: Sequence, count: usize) -> Result<Vec<i64>> {
        take_ids(self.writer(), sequence, count).await
    }

    /// The next id of that table.
    pub(crate) async fn take_id(&mut self, sequence: Sequence) -> Result<i64> {
        take_id(self.writer(), sequence).await
    }

    /// Ids up to and including `highest` are never given out again.
    pub(crate) async fn raise_ids(&mut self, sequence: Sequence, highest: i64) -> Result<()> {
        fetch_all!(self.writer(), (i64,), RAISE, sequence.name(), highest)?;
        Ok(())
    }
}

impl TenantTx<'_> {
    /// The next `count` ids of that table, rising.
    pub(crate) async fn take_ids(&mut self, sequence: Sequence, count: usize) -> Result<Vec<i64>> {
        take_ids(self.writer(), sequence, count).await
    }

    /// The next id of that table.
    pub(crate) async fn take_id(&mut self, sequence: Sequence) -> Result<i64> {
        take_id(self.writer(), sequence).await
    }
}

async fn take_id(tx: Writer<'_>, sequence: Sequence) -> Result<i64> {
    let ids = take_ids(tx, sequence, 1).await?;
    Ok(ids.first().copied().unwrap_or_default())
}

async fn take_ids(mut tx: Writer<'_>, sequence: Sequence, count: usize) -> Result<Vec<i64>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let taken = fetch_all!(tx, (i64,), TAKE, sequence.name(), count)?;
    Ok(match tx.engine() {
        EngineKind::Postgres => taken.into_iter().map(|(id,)| id).collect(),
        EngineKind::Sqlite => taken
            .into_iter()
            .flat_map(|(last,)| last - count + 1..=last)
            .collect(),
    })
}
