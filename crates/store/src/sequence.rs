//! Giving out ids: rising, never used twice, one count per table for all companies.

use crate::dialect::Sql;
use crate::engine::{EngineKind, Reader, Tx};
use crate::error::Result;
use crate::tenant::TenantTx;
use serde::Serialize;

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
    postgres: concat!(
        "SELECT r.name, nextval(CAST(r.name AS regclass)) FROM ",
        sql_part!(postgres (ROWS name TEXT, count BIGINT)),
        ", generate_series(1, r.count)"
    ),
    sqlite: concat!(
        "UPDATE id_sequence SET last = last + r.count FROM ",
        sql_part!(sqlite (ROWS name TEXT, count BIGINT)),
        " WHERE id_sequence.name = r.name RETURNING id_sequence.name, last"
    ),
};

/// The same on `SQLite` if a condition is true, a query of one value; its parameters are those after the first.
pub(crate) fn take_if(condition: &str) -> Sql {
    let condition = format!(" AND ({condition}) RETURNING");
    Sql {
        sqlite: TAKE.sqlite.replace(" RETURNING", &condition).leak(),
        ..TAKE
    }
}

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

#[derive(Serialize)]
struct TakeRow {
    name: &'static str,
    count: i64,
}

impl Tx {
    /// The next ids of each of those tables, as many as are wanted, rising.
    pub(crate) async fn take_ids<const TABLES: usize>(
        &mut self,
        wanted: [(Sequence, usize); TABLES],
    ) -> Result<[Vec<i64>; TABLES]> {
        take_ids(self, wanted).await
    }

    /// The next id of that table.
    pub(crate) async fn take_id(&mut self, sequence: Sequence) -> Result<i64> {
        take_id(self, sequence).await
    }

    /// Ids up to and including `highest` are never given out again.
    pub(crate) async fn raise_ids(&mut self, sequence: Sequence, highest: i64) -> Result<()> {
        fetch_all!(self, (i64,), RAISE, sequence.name(), highest)?;
        Ok(())
    }
}

impl TenantTx<'_> {
    /// The next `count` ids of that table, rising.
    pub(crate) async fn take_ids(&mut self, sequence: Sequence, count: usize) -> Result<Vec<i64>> {
        let [ids] = take_ids(self.reader(), [(sequence, count)]).await?;
        Ok(ids)
    }

    /// The next id of that table.
    pub(crate) async fn take_id(&mut self, sequence: Sequence) -> Result<i64> {
        take_id(self.reader(), sequence).await
    }
}

async fn take_id(tx: &mut Reader, sequence: Sequence) -> Result<i64> {
    let [ids] = take_ids(tx, [(sequence, 1)]).await?;
    Ok(ids.first().copied().unwrap_or_default())
}

async fn take_ids<const TABLES: usize>(
    tx: &mut Reader,
    wanted: [(Sequence, usize); TABLES],
) -> Result<[Vec<i64>; TABLES]> {
    let wanted = Wanted::new(wanted);
    if wanted.0.iter().all(|(_, count)| *count == 0) {
        return Ok([const { Vec::new() }; TABLES]);
    }
    let taken = fetch_all!(tx, (String, i64), TAKE, &wanted.parameter()?)?;
    Ok(wanted.ids(tx.engine(), &taken))
}

/// How many ids of which tables are wanted.
pub(crate) struct Wanted<const TABLES: usize>([(Sequence, i64); TABLES]);

impl<const TABLES: usize> Wanted<TABLES> {
    pub(crate) fn new(wanted: [(Sequence, usize); TABLES]) -> Self {
        Self(wanted.map(|(sequence, count)| (sequence, i64::try_from(count).unwrap_or(i64::MAX))))
    }

    /// How many of each table.
    pub(crate) fn counts(&self) -> [i64; TABLES] {
        self.0.map(|(_, count)| count)
    }

    /// The first parameter of `TAKE`.
    pub(crate) fn parameter(&self) -> Result<String> {
        let rows = self.0.iter().filter(|(_, count)| *count > 0);
        let rows = rows.map(|&(sequence, count)| TakeRow {
            name: sequence.name(),
            count,
        });
        Ok(serde_json::to_string(&rows.collect::<Vec<_>>())?)
    }

    /// The ids of each table, out of what `TAKE` answers.
    pub(crate) fn ids(&self, engine: EngineKind, taken: &[(String, i64)]) -> [Vec<i64>; TABLES] {
        self.0.map(|(sequence, count)| {
            let own = taken.iter().filter(|(name, _)| name == sequence.name());
            let own = own.map(|(_, id)| *id);
            match engine {
                EngineKind::Postgres => own.collect(),
                EngineKind::Sqlite => own.flat_map(|last| last - count + 1..=last).collect(),
            }
        })
    }
}
