//! What becomes of a request that is given up while the database hangs.

use super::work::CompanyWork;
use super::*;
use crate::job::{Job, enqueue};
use std::time::Duration;
use tawzi_store::EngineKind;
use tawzi_testkit::{NOON, TestDatabase};

/// Work during which so much time passes. Each request leaves a job behind.
#[derive(Clone, Copy, Debug)]
struct Hanging(Duration);

impl CompanyWork for Hanging {
    type Request = CompanyId;
    type Answer = ();
    const REPEATABLE: bool = false;

    fn company(request: &CompanyId) -> CompanyId {
        *request
    }

    async fn work(
        &self,
        tx: &mut Tx,
        _: &[Company],
        requests: &[&CompanyId],
    ) -> Result<Vec<Result<()>>> {
        for _ in requests {
            let job = Job::Sweep {
                schedule: "left behind".to_owned(),
                tick: NOON,
            };
            enqueue(tx, &job, NOON).await?;
        }
        tokio::time::pause();
        tokio::time::advance(self.0).await;
        tokio::time::resume();
        Ok(requests.iter().map(|_| Ok(())).collect())
    }
}

/// The answer to a request during whose batch so much time passes, and how many jobs it left behind.
async fn answer_after(seconds: u64, engine: EngineKind) -> (Result<()>, usize) {
    let database = TestDatabase::empty(engine).await;
    let db = database.open().await;
    db.migrate().await.unwrap();
    let work = Hanging(Duration::from_secs(seconds));
    let (batches, task) = CompanyBatches::start(db.clone(), work);

    let answer = batches.ask(CompanyId::new(1)).await;

    drop(batches);
    task.await.unwrap();
    let jobs = db.read().await.unwrap().jobs(10).await.unwrap();
    (answer, jobs.len())
}

#[tokio::test]
async fn what_was_given_up_while_the_database_hung_is_not_done() {
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let (answer, jobs) = answer_after(26, engine).await;

        assert!(matches!(answer, Err(Error::TookTooLong)), "{answer:?}");
        assert_eq!(jobs, 0);
    }
}

#[tokio::test]
async fn what_takes_long_is_done_while_somebody_waits() {
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let (answer, jobs) = answer_after(15, engine).await;

        assert!(answer.is_ok(), "{answer:?}");
        assert_eq!(jobs, 1);
    }
}
