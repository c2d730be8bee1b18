//! How batches are put together, and what becomes of one that fails. What they do in a database, and beside others,
//! is tested with the creates of clients.

use super::work::CompanyWork;
use super::*;
use crate::job::{Job, enqueue};
use crate::room::Full;
use std::time::Duration;
use tawzi_store::EngineKind;
use tawzi_testkit::{NOON, TestDatabase};

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Done,
    /// It is done, and long.
    Large,
    Fails,
    Panics,
    /// It leaves a job behind, and takes so many seconds.
    Hangs(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbered {
    pub(super) company: CompanyId,
    pub(super) number: usize,
    pub(super) fate: Fate,
}

/// Work that notes how many requests came at a time.
#[derive(Clone, Debug, Default)]
pub(super) struct Noting(Arc<Mutex<Vec<usize>>>);

impl CompanyWork for Noting {
    type Request = Numbered;
    type Answer = usize;
    fn company(request: &Numbered) -> CompanyId {
        request.company
    }

    fn bytes(request: &Numbered) -> usize {
        match request.fate {
            Fate::Large => BYTES_OF_COMPANY / 2,
            _ => 0,
        }
    }

    async fn work(
        &self,
        tx: &mut Tx,
        _: &[Company],
        requests: &[&Numbered],
    ) -> Result<Vec<Result<usize>>> {
        self.0.lock().unwrap().push(requests.len());
        let fated = |fate| requests.iter().any(|request| request.fate == fate);
        assert!(!fated(Fate::Panics), "told to panic");
        if fated(Fate::Fails) {
            return Err(Error::Internal("told to fail".to_owned()));
        }
        for request in requests {
            if let Fate::Hangs(seconds) = request.fate {
                let job = Job::Sweep {
                    schedule: "left behind".to_owned(),
                    tick: NOON,
                    at: NOON,
                };
                enqueue(tx, &job, NOON).await?;
                pass(seconds).await;
            }
        }
        Ok(requests.iter().map(|request| Ok(request.number)).collect())
    }
}

async fn pass(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

type Working = (Db, Noting, CompanyBatches<Noting>, JoinHandle<()>);

async fn start_on(database: &TestDatabase) -> Working {
    let db = database.open().await;
    db.migrate().await.unwrap();
    let work = Noting::default();
    let (way, task) = CompanyBatches::start(db.clone(), work.clone());
    (db, work, way, task)
}

type Asked = JoinHandle<Result<usize>>;

fn ask(way: &CompanyBatches<Noting>, number: usize, fate: Fate) -> Asked {
    let way = way.clone();
    let request = Numbered {
        company: CompanyId::new(1),
        number,
        fate,
    };
    tokio::spawn(async move { way.ask(request).await })
}

/// What came of requests.
struct Fared {
    answers: Vec<Result<usize>>,
    /// That of a request that came after all others.
    next: Result<usize>,
    /// How many requests each batch had.
    sizes: Vec<usize>,
    /// How many jobs they left behind.
    jobs: usize,
}

/// What comes of requests with those fates that arrive at once, and then of another one.
async fn fare(engine: EngineKind, fates: &[Fate]) -> Fared {
    let database = TestDatabase::empty(engine).await;
    let (db, work, way, task) = start_on(&database).await;

    let asked: Vec<_> = (0..)
        .zip(fates)
        .map(|(number, &fate)| ask(&way, number, fate))
        .collect();
    let mut answers = Vec::new();
    for one in asked {
        answers.push(one.await.unwrap());
    }
    let next = ask(&way, fates.len(), Fate::Done).await.unwrap();

    drop(way);
    task.await.unwrap();
    let sizes = std::mem::take(&mut *work.0.lock().unwrap());
    let jobs = db.read().await.unwrap().jobs(10).await.unwrap();
    Fared {
        answers,
        next,
        sizes,
        jobs: jobs.len(),
    }
}

#[tokio::test]
async fn one_that_cannot_be_done_fails_alone() {
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let fates = [Fate::Done, Fate::Fails, Fate::Done];

        let fared = fare(engine, &fates).await;

        let answers = fared.answers;
        assert!(
            matches!(answers[..], [Ok(0), Err(Error::Internal(_)), Ok(2)]),
            "{answers:?}"
        );
        assert_eq!(fared.sizes, [3, 1, 1, 1, 1]);
    }
}

#[tokio::test]
async fn a_batch_of_a_busy_moment_takes_along_who_comes_meanwhile() {
    let database = TestDatabase::empty(EngineKind::Sqlite).await;
    let (_db, work, way, task) = start_on(&database).await;

    // The moment lasts as long as the clock stands still, in which the database has time for a transaction.
    tokio::time::pause();
    let ask = |number| ask(&way, number, Fate::Done);
    let mut asked: Vec<_> = (0..8).map(ask).collect();
    for _ in 0..20 {
        tokio::task::yield_now().await;
        std::thread::sleep(Duration::from_millis(2));
    }
    asked.push(ask(8));
    tokio::task::yield_now().await;
    tokio::time::resume();
    for one in asked {
        one.await.unwrap().unwrap();
    }

    drop(way);
    task.await.unwrap();
    assert_eq!(*work.0.lock().unwrap(), [9]);
}

#[tokio::test]
async fn what_waits_for_one_company_leaves_room_for_the_others() {
    let database = TestDatabase::empty(EngineKind::Sqlite).await;
    let (db, _, way, _task) = start_on(&database).await;
    let ask_in = |company, number| {
        let way = way.clone();
        let request = Numbered {
            company: CompanyId::new(company),
            number,
            fate: Fate::Large,
        };
        tokio::spawn(async move { way.ask(request).await })
    };

    let in_the_way = db.begin().await.unwrap();
    let first = ask_in(1, 0);
    tokio::task::yield_now().await;
    let refused = ask_in(1, 1).await.unwrap();
    let others = ask_in(2, 2);
    in_the_way.roll_back().await.unwrap();

    assert!(
        matches!(refused, Err(Error::Full(Full::Share))),
        "{refused:?}"
    );
    assert_eq!(first.await.unwrap().unwrap(), 0);
    assert_eq!(others.await.unwrap().unwrap(), 2);
    assert_eq!(ask_in(1, 3).await.unwrap().unwrap(), 3);
}

#[tokio::test]
async fn a_batch_that_panics_is_not_the_last() {
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let fared = fare(engine, &[Fate::Panics, Fate::Done]).await;

        let told = fared.answers;
        assert!(
            matches!(told[..], [Err(Error::Internal(_)), Err(Error::Internal(_))]),
            "{told:?}"
        );
        assert_eq!(fared.next.unwrap(), 2);
    }
}

#[tokio::test]
async fn what_was_given_up_while_the_database_hung_is_not_done() {
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let fared = fare(engine, &[Fate::Hangs(26)]).await;

        let answers = fared.answers;
        assert!(
            matches!(answers[..], [Err(Error::TookTooLong)]),
            "{answers:?}"
        );
        assert_eq!(fared.jobs, 0);
    }
}

#[tokio::test]
async fn what_takes_long_is_done_while_somebody_waits() {
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let fared = fare(engine, &[Fate::Hangs(15)]).await;

        let answers = fared.answers;
        assert!(matches!(answers[..], [Ok(0)]), "{answers:?}");
        assert_eq!(fared.jobs, 1);
    }
}

#[tokio::test]
async fn who_waits_beside_a_request_that_grows_too_old_is_done_again() {
    let database = TestDatabase::empty(EngineKind::Sqlite).await;
    let (db, work, way, task) = start_on(&database).await;

    let in_the_way = db.begin().await.unwrap();
    let old = ask(&way, 0, Fate::Done);
    tokio::task::yield_now().await;
    pass(19).await;
    let young = ask(&way, 1, Fate::Hangs(6));
    tokio::task::yield_now().await;
    in_the_way.roll_back().await.unwrap();
    let (old, young) = (old.await.unwrap(), young.await.unwrap());

    drop(way);
    task.await.unwrap();
    assert!(matches!(old, Err(Error::TookTooLong)), "{old:?}");
    assert!(matches!(young, Ok(1)), "{young:?}");
    assert_eq!(*work.0.lock().unwrap(), [2, 1]);
    let jobs = db.read().await.unwrap().jobs(10).await.unwrap();
    assert_eq!(jobs.len(), 1);
}

#[tokio::test]
async fn nothing_is_begun_in_a_database_that_is_gone() {
    let database = TestDatabase::empty(EngineKind::Sqlite).await;
    let (db, work, way, _task) = start_on(&database).await;
    db.close().await;

    let (one, other) = (ask(&way, 0, Fate::Done), ask(&way, 1, Fate::Done));

    for told in [one.await.unwrap(), other.await.unwrap()] {
        let lost = matches!(told, Err(Error::Store(tawzi_store::Error::Lost(_))));
        assert!(lost, "{told:?}");
    }
    assert!(work.0.lock().unwrap().is_empty());
}
