//! Creates of many companies at once: companies that somebody has locked, requests that are given up or cannot be
//! done, and the end of it all.

use std::time::Duration;
use tawzi_app::{
    Actor, App, ClientChange, ClientWithPhones, Error, Queues, Result, Thing, create_client,
};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_store::{ClientFilter, EngineKind, Tx, User, Viewer};
use tawzi_testkit::{NOON, TestUser, World};
use tokio::task::JoinHandle;

const BOTH: [EngineKind; 2] = [EngineKind::Sqlite, EngineKind::Postgres];

/// Companies, and a server that creates their clients.
struct Office {
    world: World,
    companies: Vec<CompanyId>,
    admins: Vec<TestUser>,
    app: App,
    queues: Queues,
}

type Asked = Vec<JoinHandle<Result<ClientWithPhones>>>;

impl Office {
    async fn open(engine: EngineKind, companies: usize) -> Self {
        let world = World::on(engine, 0).await;
        let mut founded = Vec::new();
        for _ in 0..companies {
            founded.push(world.neighbour().await);
        }
        let (companies, admins) = founded.into_iter().unzip();
        let (app, queues) = world.server(None);
        Self {
            world,
            companies,
            admins,
            app,
            queues,
        }
    }

    /// Asks in tasks of their own for clients that are called by those numbers. They arrive in that order, at once.
    fn ask(&self, company: usize, numbers: std::ops::Range<usize>) -> Asked {
        let ask = |number| self.ask_by(&self.app, &self.admins[company], company, number);
        numbers.map(ask).collect()
    }

    fn ask_by(
        &self,
        app: &App,
        actor: &Actor,
        company: usize,
        number: usize,
    ) -> JoinHandle<Result<ClientWithPhones>> {
        let client = ClientChange {
            company: Some(self.companies[company]),
            name: Some(number.to_string()),
            assigned_to: Some(Some(self.admins[company].id())),
            ..self.world.draft()
        };
        let (app, actor) = (app.clone(), actor.clone());
        let key = format!("{}-{number}", actor.id().unwrap());
        tokio::spawn(async move { create_client(&app, &actor, client, Some(&key)).await })
    }

    /// A transaction that has locked those companies; on `SQLite`, all of them.
    async fn lock(&self, companies: &[CompanyId]) -> Tx {
        let mut tx = self.app.db().begin().await.unwrap();
        let held = tx.lock_companies(companies).await.unwrap();
        assert_eq!(held.len(), companies.len());
        tx
    }

    async fn created(&self, company: usize) -> Vec<usize> {
        created(&self.world, self.companies[company]).await
    }

    /// Lets go of the server, and waits for the end of its work.
    async fn close(self) -> World {
        drop(self.app);
        soon(self.queues.finish(Duration::MAX)).await;
        self.world
    }
}

/// The numbers of the clients of a company, in the order in which they were created.
async fn created(world: &World, company: CompanyId) -> Vec<usize> {
    let mut reader = world.app.db().read().await.unwrap();
    let mut tenant = reader.tenant(company);
    let selection = tenant
        .select_clients(Viewer::Everything, ClientFilter::default(), NOON)
        .await
        .unwrap();
    let mut clients = tenant.clients(&selection, &[], 0, 1_000).await.unwrap();
    clients.sort_unstable_by_key(|client| client.id);
    let names = clients.into_iter().map(|client| client.name);
    names.map(|name| name.parse().unwrap()).collect()
}

/// What comes of it, which must not take long.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), what)
        .await
        .unwrap()
}

async fn answers(asked: Asked) -> Vec<Result<ClientWithPhones>> {
    let mut answers = Vec::new();
    for one in asked {
        answers.push(soon(one).await.unwrap());
    }
    answers
}

async fn all_done(asked: Asked) {
    for answer in answers(asked).await {
        answer.unwrap();
    }
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
    let lock = office.lock(&office.companies[..1]).await;

    let waiting = office.ask(0, 0..3);
    for number in 0..20 {
        all_done(office.ask(1, number..number + 1)).await;
    }
    let none_yet = office.created(0).await;
    lock.commit().await.unwrap();

    assert!(none_yet.is_empty(), "{none_yet:?}");
    all_done(waiting).await;
    assert_eq!(office.created(0).await, [0, 1, 2]);
    office.close().await;
}

#[tokio::test]
async fn more_locked_companies_than_are_waited_for_delay_nobody_else() {
    let office = Office::open(EngineKind::Postgres, 11).await;
    let lock = office.lock(&office.companies[..10]).await;

    let waiting: Vec<_> = (0..10).map(|company| office.ask(company, 0..2)).collect();
    for number in 0..10 {
        all_done(office.ask(10, number..number + 1)).await;
        // There is a connection left for whoever writes something else.
        drop(soon(office.app.db().begin()).await.unwrap());
    }
    lock.commit().await.unwrap();

    for (company, asked) in waiting.into_iter().enumerate() {
        all_done(asked).await;
        assert_eq!(office.created(company).await, [0, 1]);
    }
    office.close().await;
}

#[tokio::test]
async fn a_turn_that_somebody_keeps_is_not_waited_for_for_long() {
    let office = Office::open(EngineKind::Postgres, 2).await;
    let mut lock = office.lock(&office.companies[..1]).await;
    lock.take_turn().await.unwrap();

    // It is passed over, which makes a crowd.
    let waiting = office.ask(0, 0..1);
    for number in 0..3 {
        all_done(office.ask(1, number..number + 1)).await;
    }
    lock.commit().await.unwrap();

    all_done(waiting).await;
    office.close().await;
}

#[tokio::test]
async fn nothing_spins_while_companies_are_locked() {
    let office = Office::open(EngineKind::Postgres, 6).await;
    let lock = office.lock(&office.companies).await;
    let waiting: Vec<_> = (0..6).map(|company| office.ask(company, 0..3)).collect();
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
    let half = Duration::from_millis(250);
    assert!(busy < half, "busy for {busy:?} of half a second");
    for asked in waiting {
        all_done(asked).await;
    }
    office.close().await;
}

#[tokio::test]
async fn requests_of_a_company_are_done_in_the_order_of_arrival_by_overlapping_batches() {
    let office = Office::open(EngineKind::Postgres, 5).await;
    // Another server, which has companies locked now and then.
    let (other, _queues) = office.world.server(None);

    let mut asked = Vec::new();
    for number in 0..60 {
        for company in 0..5 {
            asked.extend(office.ask(company, number..number + 1));
            let admin = &office.admins[company];
            asked.push(office.ask_by(&other, admin, company, 1_000 + number));
        }
        if number % 10 == 0 {
            drop(office.lock(&office.companies[number / 12..][..1]).await);
        }
    }
    all_done(asked).await;

    for company in 0..5 {
        let (own, others): (Vec<_>, Vec<_>) = office
            .created(company)
            .await
            .into_iter()
            .partition(|number| *number < 1_000);
        assert!(own.into_iter().eq(0..60));
        assert!(others.into_iter().eq(1_000..1_060));
    }
    office.close().await;
}

#[tokio::test]
async fn a_locked_company_is_waited_for() {
    for engine in BOTH {
        let office = Office::open(engine, 1).await;
        let lock = office.lock(&office.companies).await;

        let waiting = office.ask(0, 0..5);
        tokio::task::yield_now().await;
        lock.commit().await.unwrap();

        all_done(waiting).await;
        assert_eq!(office.created(0).await, [0, 1, 2, 3, 4]);
        office.close().await;
    }
}

#[tokio::test]
async fn what_is_given_up_before_the_company_is_free_is_not_done() {
    for engine in BOTH {
        let office = Office::open(engine, 1).await;
        let lock = office.lock(&office.companies).await;

        let given_up = office.ask(0, 0..2);
        let kept = office.ask(0, 2..3);
        tokio::time::sleep(Duration::from_millis(30)).await;
        give_up(given_up).await;
        lock.commit().await.unwrap();

        all_done(kept).await;
        assert_eq!(office.created(0).await, [2]);
        office.close().await;
    }
}

#[tokio::test]
async fn the_work_ends_also_when_all_that_waited_was_given_up() {
    for engine in BOTH {
        let office = Office::open(engine, 12).await;
        let lock = office.lock(&office.companies).await;

        let asked = (0..12).flat_map(|company| office.ask(company, 0..2));
        let asked = asked.collect();
        tokio::time::sleep(Duration::from_millis(30)).await;
        give_up(asked).await;
        lock.commit().await.unwrap();

        let companies = office.companies.clone();
        let world = office.close().await;
        for company in companies {
            assert!(created(&world, company).await.is_empty());
        }
    }
}

#[tokio::test]
async fn a_request_of_a_company_that_does_not_exist_is_answered() {
    for engine in BOTH {
        let mut office = Office::open(engine, 2).await;
        let ghost = User {
            company_id: Some(CompanyId::new(77)),
            ..office.admins[0].user().clone()
        };
        office.companies[0] = CompanyId::new(77);

        let mut asked = vec![office.ask_by(&office.app, &Actor::new(ghost), 0, 0)];
        asked.extend(office.ask(1, 1..2));
        let answers = answers(asked).await;

        assert!(
            matches!(answers[..], [Err(Error::NotFound(Thing::Company)), Ok(_)]),
            "{answers:?}"
        );
        office.close().await;
    }
}

#[tokio::test]
async fn one_that_cannot_be_done_fails_alone() {
    for engine in BOTH {
        let office = Office::open(engine, 2).await;
        // The event that says who has named an assignee refers to somebody who is not there.
        let ghost = Actor::new(User {
            id: UserId::new(999),
            ..office.admins[0].user().clone()
        });

        let mut asked = office.ask(0, 0..1);
        asked.push(office.ask_by(&office.app, &ghost, 0, 1));
        asked.extend(office.ask(1, 2..3));
        let answers = answers(asked).await;

        assert!(
            matches!(answers[..], [Ok(_), Err(Error::Store(_)), Ok(_)]),
            "{answers:?}"
        );
        assert_eq!(office.created(0).await, [0]);
        office.close().await;
    }
}

#[tokio::test]
async fn a_database_that_is_gone_is_told_to_all() {
    for engine in BOTH {
        let office = Office::open(engine, 1).await;
        office.app.db().close().await;

        let told = answers(office.ask(0, 0..3)).await;

        let lost = |answer| matches!(answer, &Err(Error::Store(tawzi_store::Error::Lost(_))));
        assert!(told.iter().all(lost), "{told:?}");
        office.close().await;
    }
}
