//! How batches are put together, and what becomes of one that fails. What they do in a database, and beside others,
//! is tested with the creates of clients.

use super::work::CompanyWork;
use super::*;
use tawzi_store::EngineKind;
use tawzi_testkit::TestDatabase;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Done,
    Fails,
    Panics,
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
    const REPEATABLE: bool = true;

    fn company(request: &Numbered) -> CompanyId {
        request.company
    }

    async fn work(
        &self,
        _: &mut Tx,
        _: &[Company],
        requests: &[&Numbered],
    ) -> Result<Vec<Result<usize>>> {
        self.0.lock().unwrap().push(requests.len());
        let fated = |fate| requests.iter().any(|request| request.fate == fate);
        assert!(!fated(Fate::Panics), "told to panic");
        if fated(Fate::Fails) {
            return Err(Error::Internal("told to fail".to_owned()));
        }
        Ok(requests.iter().map(|request| Ok(request.number)).collect())
    }
}

/// What comes of requests with those fates that arrive at once, then of another one, and the sizes of the batches.
async fn fare(
    engine: EngineKind,
    fates: &[Fate],
) -> (Vec<Result<usize>>, Result<usize>, Vec<usize>) {
    let database = TestDatabase::empty(engine).await;
    let db = database.open().await;
    db.migrate().await.unwrap();
    let work = Noting::default();
    let (way, task) = CompanyBatches::start(db, work.clone());
    let ask = |number, fate| {
        let (way, company) = (way.clone(), CompanyId::new(1));
        let request = Numbered {
            company,
            number,
            fate,
        };
        tokio::spawn(async move { way.ask(request).await })
    };

    let asked: Vec<_> = (0..)
        .zip(fates)
        .map(|(number, &fate)| ask(number, fate))
        .collect();
    let mut answers = Vec::new();
    for one in asked {
        answers.push(one.await.unwrap());
    }
    let next = ask(fates.len(), Fate::Done).await.unwrap();

    drop(way);
    task.await.unwrap();
    let sizes = std::mem::take(&mut *work.0.lock().unwrap());
    (answers, next, sizes)
}

#[tokio::test]
async fn one_that_cannot_be_done_fails_alone() {
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let fates = [Fate::Done, Fate::Fails, Fate::Done];

        let (answers, _, sizes) = fare(engine, &fates).await;

        assert!(
            matches!(answers[..], [Ok(0), Err(Error::Internal(_)), Ok(2)]),
            "{answers:?}"
        );
        assert_eq!(sizes, [3, 1, 1, 1, 1]);
    }
}

#[tokio::test]
async fn a_batch_that_panics_is_not_the_last() {
    for engine in [EngineKind::Sqlite, EngineKind::Postgres] {
        let (told, next, _) = fare(engine, &[Fate::Panics, Fate::Done]).await;

        assert!(
            matches!(told[..], [Err(Error::Internal(_)), Err(Error::Internal(_))]),
            "{told:?}"
        );
        assert_eq!(next.unwrap(), 2);
    }
}
