//! Companies that others have locked, requests that are given up or cannot be done, and the end of it all.

pub(crate) use noting::{Fate, Noting, Numbered};

use super::*;
use crate::error::Thing;
use database::TestDb;
use noting::Notes;
use std::time::Duration;
use tawzi_core::company::ReAssignHours;
use tawzi_core::time::Timestamp;
use tawzi_store::{EngineKind, NewCompany};

#[path = "../../../store/tests/conformance/database.rs"]
#[expect(dead_code, reason = "some of it is for tests of statements")]
mod database;
mod noting;

const BOTH: [EngineKind; 2] = [EngineKind::Sqlite, EngineKind::Postgres];

/// Companies, and a process that works on them.
struct Office {
    store: TestDb,
    companies: Vec<CompanyId>,
    work: Noting,
    way: Arc<CompanyBatches<Noting>>,
    task: JoinHandle<()>,
}

impl Office {
    async fn open(engine: EngineKind, companies: usize) -> Self {
        let store = TestDb::new(engine).await;
        let mut ids = Vec::new();
        let mut tx = store.begin().await.unwrap();
        for number in 0..companies {
            let new = NewCompany {
                name: "Example",
                domain: &format!("{number}.example"),
                specialization: "",
                auto_assign_enabled: true,
                re_assign_enabled: false,
                re_assign_hours: ReAssignHours::DEFAULT,
                created_at: Timestamp::from_microseconds(0),
            };
            ids.push(tx.create_company(new).await.unwrap());
        }
        tx.commit().await.unwrap();
        let work = Noting::default();
        let (way, task) = CompanyBatches::start(store.clone(), work.clone());
        Self {
            store,
            companies: ids,
            work,
            way: Arc::new(way),
            task,
        }
    }

    /// Asks in a task of its own. Those that are asked one after the other arrive in that order, at once.
    fn ask(&self, company: CompanyId, number: usize, fate: Fate) -> JoinHandle<Result<usize>> {
        let way = Arc::clone(&self.way);
        tokio::spawn(async move {
            let request = Numbered {
                company,
                number,
                fate,
            };
            way.ask(request).await
        })
    }

    fn ask_well(&self, company: CompanyId, numbers: std::ops::Range<usize>) -> Asked {
        let asked = numbers.map(|number| self.ask(company, number, Fate::Done));
        asked.collect()
    }

    /// A transaction that has locked those companies; on `SQLite`, all of them.
    async fn lock(&self, companies: &[CompanyId]) -> Tx {
        let mut tx = self.store.begin().await.unwrap();
        let held = tx.lock_companies(companies).await.unwrap();
        assert_eq!(held.len(), companies.len());
        tx
    }

    /// Lets go of the way, and waits for the end of the work.
    async fn close(self) -> Notes {
        drop(self.way);
        soon(self.task).await.unwrap();
        std::mem::take(&mut *self.work.0.lock().unwrap())
    }
}

type Asked = Vec<JoinHandle<Result<usize>>>;

/// What comes of it, which must not take long.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(Duration::from_secs(10), what).await;
    done.expect("it takes too long")
}

async fn answers(asked: Asked) -> Vec<Result<usize>> {
    let mut answers = Vec::new();
    for one in asked {
        answers.push(soon(one).await.unwrap());
    }
    answers
}

/// Their numbers, when all of them were done.
async fn numbers(asked: Asked) -> Vec<usize> {
    let answers = answers(asked).await.into_iter();
    answers.map(Result::unwrap).collect()
}

/// Gives up, as a request does whose time is over.
async fn give_up(asked: Asked) {
    for one in asked {
        one.abort();
        assert!(one.await.unwrap_err().is_cancelled());
    }
}

#[tokio::test]
async fn a_company_that_somebody_has_locked_delays_nobody_else() {
    let office = Office::open(EngineKind::Postgres, 2).await;
    let [locked, free] = office.companies[..] else {
        unreachable!("there are two");
    };
    let lock = office.lock(&[locked]).await;

    let waiting = office.ask_well(locked, 0..3);
    for number in 0..20 {
        numbers(office.ask_well(free, number..number + 1)).await;
    }
    let none_yet = office.work.0.lock().unwrap().of(locked);
    lock.commit().await.unwrap();

    assert!(none_yet.is_empty(), "{none_yet:?}");
    assert_eq!(numbers(waiting).await, [0, 1, 2]);
    assert_eq!(office.close().await.of(locked), [0, 1, 2]);
}

#[tokio::test]
async fn more_locked_companies_than_are_waited_for_delay_nobody_else() {
    let office = Office::open(EngineKind::Postgres, 12).await;
    let (locked, free) = office.companies.split_at(10);
    let lock = office.lock(locked).await;

    let asked: Vec<_> = locked
        .iter()
        .map(|&company| office.ask_well(company, 0..2))
        .collect();
    for number in 0..10 {
        numbers(office.ask_well(free[0], number..number + 1)).await;
        // There is a connection left for whoever writes something else.
        drop(soon(office.store.begin()).await.unwrap());
    }
    lock.commit().await.unwrap();

    for company in asked {
        assert_eq!(numbers(company).await, [0, 1]);
    }
    office.close().await;
}

#[tokio::test]
async fn a_turn_that_somebody_keeps_is_not_waited_for_for_long() {
    let office = Office::open(EngineKind::Postgres, 2).await;
    let [locked, free] = office.companies[..] else {
        unreachable!("there are two");
    };
    let mut lock = office.lock(&[locked]).await;
    lock.take_turn().await.unwrap();

    // It is passed over, which makes a crowd.
    let waiting = office.ask_well(locked, 0..1);
    for number in 0..3 {
        numbers(office.ask_well(free, number..number + 1)).await;
    }
    lock.commit().await.unwrap();

    assert_eq!(numbers(waiting).await, [0]);
    office.close().await;
}

#[tokio::test]
async fn nothing_spins_while_companies_are_locked() {
    let office = Office::open(EngineKind::Postgres, 6).await;
    let lock = office.lock(&office.companies).await;
    let asked: Vec<_> = office
        .companies
        .iter()
        .map(|&company| office.ask_well(company, 0..3))
        .collect();
    let runtime = tokio::runtime::Handle::current().metrics();
    let measured = || {
        let busy = runtime.worker_total_busy_duration(0);
        (runtime.worker_park_count(0), busy)
    };

    let before = measured();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let after = measured();
    lock.commit().await.unwrap();

    // A transaction in 10 ms, and some waits for the database in each.
    let turns = after.0 - before.0;
    assert!(turns < 1_000, "{turns} turns in half a second");
    let busy = after.1.saturating_sub(before.1);
    assert!(
        busy < Duration::from_millis(250),
        "busy for {busy:?} of half a second"
    );
    for company in asked {
        assert_eq!(numbers(company).await, [0, 1, 2]);
    }
    office.close().await;
}

#[tokio::test]
async fn requests_of_a_company_are_done_in_the_order_of_arrival_by_overlapping_batches() {
    let office = Office::open(EngineKind::Postgres, 5).await;
    // Another process, which has companies locked now and then.
    let (other, other_task) = CompanyBatches::start(office.store.clone(), Noting::default());
    let other = Arc::new(other);

    let mut asked = Vec::new();
    for number in 0..100 {
        for &company in &office.companies {
            asked.push(office.ask(company, number, Fate::Done));
            let other = Arc::clone(&other);
            let request = Numbered {
                company,
                number,
                fate: Fate::Done,
            };
            asked.push(tokio::spawn(async move { other.ask(request).await }));
        }
        if number % 10 == 0 {
            drop(office.lock(&office.companies[number / 20..][..1]).await);
        }
    }
    numbers(asked).await;

    drop(other);
    soon(other_task).await.unwrap();
    let companies = office.companies.clone();
    let notes = office.close().await;
    for company in companies {
        assert!(notes.of(company).into_iter().eq(0..100));
    }
}

#[tokio::test]
async fn a_locked_company_is_waited_for() {
    for engine in BOTH {
        let office = Office::open(engine, 1).await;
        let company = office.companies[0];
        let lock = office.lock(&[company]).await;

        let asked = office.ask_well(company, 0..5);
        tokio::task::yield_now().await;
        lock.commit().await.unwrap();

        assert_eq!(numbers(asked).await, [0, 1, 2, 3, 4]);
        assert_eq!(office.close().await.of(company), [0, 1, 2, 3, 4]);
    }
}

#[tokio::test]
async fn what_is_given_up_before_the_company_is_free_is_not_done() {
    for engine in BOTH {
        let office = Office::open(engine, 1).await;
        let company = office.companies[0];
        let lock = office.lock(&[company]).await;

        let given_up = office.ask_well(company, 0..2);
        let kept = office.ask_well(company, 2..3);
        tokio::time::sleep(Duration::from_millis(30)).await;
        give_up(given_up).await;
        lock.commit().await.unwrap();

        assert_eq!(numbers(kept).await, [2]);
        assert_eq!(office.close().await.of(company), [2]);
    }
}

#[tokio::test]
async fn the_work_ends_also_when_all_that_waited_was_given_up() {
    for engine in BOTH {
        let office = Office::open(engine, 12).await;
        let lock = office.lock(&office.companies).await;

        let companies = office.companies.iter();
        let asked = companies.flat_map(|&company| office.ask_well(company, 0..2));
        let asked = asked.collect();
        tokio::time::sleep(Duration::from_millis(30)).await;
        give_up(asked).await;
        lock.commit().await.unwrap();

        let done = office.close().await.done;
        assert!(done.is_empty(), "{done:?}");
    }
}

#[tokio::test]
async fn a_request_of_a_company_that_does_not_exist_is_answered() {
    for engine in BOTH {
        let office = Office::open(engine, 1).await;

        let mut asked = office.ask_well(CompanyId::new(77), 0..1);
        asked.extend(office.ask_well(office.companies[0], 1..2));
        let answers = answers(asked).await;

        assert!(
            matches!(answers[..], [Err(Error::NotFound(Thing::Company)), Ok(1)]),
            "{answers:?}"
        );
        office.close().await;
    }
}

#[tokio::test]
async fn one_that_cannot_be_done_fails_alone() {
    for engine in BOTH {
        let office = Office::open(engine, 2).await;
        let [one, two] = office.companies[..] else {
            unreachable!("there are two");
        };

        let asked = vec![
            office.ask(one, 0, Fate::Done),
            office.ask(one, 1, Fate::Fails),
            office.ask(two, 2, Fate::Done),
        ];
        let answers = answers(asked).await;

        assert!(
            matches!(answers[..], [Ok(0), Err(Error::Internal(_)), Ok(2)]),
            "{answers:?}"
        );
        assert_eq!(office.close().await.sizes, [3, 1, 1, 1]);
    }
}

#[tokio::test]
async fn a_batch_that_panics_is_not_the_last() {
    for engine in BOTH {
        let office = Office::open(engine, 1).await;
        let company = office.companies[0];

        let asked = vec![
            office.ask(company, 0, Fate::Panics),
            office.ask(company, 1, Fate::Done),
        ];
        let told = answers(asked).await;
        let next = numbers(office.ask_well(company, 2..3)).await;

        assert!(
            matches!(told[..], [Err(Error::Internal(_)), Err(Error::Internal(_))]),
            "{told:?}"
        );
        assert_eq!(next, [2]);
        office.close().await;
    }
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_to_all() {
    for engine in BOTH {
        let office = Office::open(engine, 1).await;
        office.store.close().await;

        let told = answers(office.ask_well(office.companies[0], 0..3)).await;

        let lost = |answer| matches!(answer, &Err(Error::Store(tawzi_store::Error::Lost(_))));
        assert!(told.iter().all(lost), "{told:?}");
        let sizes = office.close().await.sizes;
        assert!(sizes.is_empty(), "{sizes:?}");
    }
}
