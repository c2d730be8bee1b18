//! What many requests want at the same moment, done for all of them together: no request waits for
//! another to come, and a busy moment costs one transaction instead of hundreds.

use crate::error::{Error, Result};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::Poll;
use tokio::sync::{mpsc, oneshot};

/// How many requests are done together at most.
const BATCH: usize = 256;

/// How many requests may wait; beyond that, senders wait to be let in.
const QUEUE: usize = 4096;

/// What is done for a batch of requests; it writes nothing, so that it may be done again.
pub(crate) trait Work: Send + Sync + 'static {
    type Request: Send + Sync + 'static;
    type Answer: Send + 'static;

    /// Answers each request, in the same order. `Err` when that failed for all of them together and
    /// nothing was done.
    fn work(
        &self,
        requests: &[Self::Request],
    ) -> impl Future<Output = Result<Vec<Result<Self::Answer>>>> + Send;
}

/// The way to whoever does the work: one task in each process. More of them would make smaller batches,
/// which cost more (measured: 1.3 times with two).
#[derive(Clone, Debug)]
pub(crate) struct Batches<W: Work> {
    queue: mpsc::Sender<Waiting<W>>,
}

type Waiting<W> = (
    <W as Work>::Request,
    oneshot::Sender<Result<<W as Work>::Answer>>,
);

impl<W: Work> Batches<W> {
    /// Starts the task. It ends, with everything done, once every copy of the way to it is gone.
    pub(crate) fn start(work: W) -> (Self, tokio::task::JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let task = tokio::spawn(do_what_waits(work, waiting));
        (Self { queue }, task)
    }

    /// The answer to one request.
    pub(crate) async fn ask(&self, request: W::Request) -> Result<W::Answer> {
        let (reply, answer) = oneshot::channel();
        let sent = self.queue.send((request, reply)).await;
        sent.map_err(|_| Error::Stopping)?;
        answer.await.map_err(|_| Error::Stopping)?
    }
}

async fn do_what_waits<W: Work>(work: W, mut waiting: mpsc::Receiver<Waiting<W>>) {
    let mut taken = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut taken, BATCH).await > 0 {
        let (requests, replies): (Vec<_>, Vec<_>) = taken.drain(..).unzip();
        let answers = unless_it_panics(pin!(do_batch(&work, &requests))).await;
        let answers = answers.unwrap_or_else(|| {
            let sentence = || Error::Internal("a batch panicked".to_owned());
            requests.iter().map(|_| Err(sentence())).collect()
        });
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever asked may have gone; it is done all the same.
            drop(reply.send(answer));
        }
    }
}

/// What the work gives. It has the only task that does it, which goes on when it panics.
async fn unless_it_panics<T>(mut work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.map_or(Poll::Ready(None), |poll| poll.map(Some))
    })
    .await
}

/// Does the batch. When that fails, each request is done by itself, so that only the one that cannot
/// be done fails; unless it is the database that fails, which all of them have to be told.
async fn do_batch<W: Work>(work: &W, requests: &[W::Request]) -> Vec<Result<W::Answer>> {
    let mut failed = match work.work(requests).await {
        Ok(answers) => return answers,
        Err(error) => error,
    };
    tracing::warn!(error = %failed, size = requests.len(), "a batch failed");
    if failed.for_others().is_some() {
        match work.work(requests).await {
            Ok(answers) => return answers,
            Err(error) => failed = error,
        }
    }
    let errors = requests.iter().map(|_| failed.for_others().map(Err));
    if let Some(errors) = errors.collect() {
        return errors;
    }
    if requests.len() == 1 {
        return vec![Err(failed)];
    }
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        let alone = work.work(std::slice::from_ref(request)).await;
        answers.push(alone.and_then(|mut answers| answers.pop().unwrap_or(Err(Error::Stopping))));
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use tawzi_store::{Db, EngineKind};
    use tawzi_testkit::TestDatabase;

    /// Notes how many requests came at once, and fails as it was told to.
    struct Failing {
        db: Db,
        by_itself: fn(&i32) -> bool,
        sizes: Mutex<Vec<usize>>,
    }

    impl Work for Failing {
        type Request = i32;
        type Answer = i32;

        async fn work(&self, requests: &[i32]) -> Result<Vec<Result<i32>>> {
            self.sizes.lock().unwrap().push(requests.len());
            if requests.iter().any(self.by_itself) {
                return Err(Error::Internal("not this one".to_owned()));
            }
            drop(self.db.read().await?);
            Ok(requests.iter().map(|request| Ok(*request)).collect())
        }
    }

    async fn sizes_and_answers(
        reachable: bool,
        by_itself: fn(&i32) -> bool,
    ) -> (Vec<usize>, Vec<Result<i32>>) {
        let database = TestDatabase::empty(EngineKind::Sqlite).await;
        let work = Failing {
            db: database.open().await,
            by_itself,
            sizes: Mutex::new(Vec::new()),
        };
        if !reachable {
            work.db.close().await;
        }
        let answers = do_batch(&work, &[1, 2, 3]).await;
        (work.sizes.into_inner().unwrap(), answers)
    }

    /// Panics when it is asked for nothing.
    struct Panicking;

    impl Work for Panicking {
        type Request = i32;
        type Answer = i32;

        async fn work(&self, requests: &[i32]) -> Result<Vec<Result<i32>>> {
            assert!(!requests.contains(&0), "asked for nothing");
            Ok(requests.iter().map(|request| Ok(*request)).collect())
        }
    }

    #[tokio::test]
    async fn a_batch_that_panics_is_not_the_last() {
        let (way, _task) = Batches::start(Panicking);

        let panicked = way.ask(0).await;
        let next = way.ask(1).await;

        assert!(matches!(panicked, Err(Error::Internal(_))), "{panicked:?}");
        assert_eq!(next.unwrap(), 1);
    }

    #[tokio::test]
    async fn one_that_cannot_be_done_fails_alone() {
        let (sizes, answers) = sizes_and_answers(true, |request| *request == 2).await;

        assert_eq!(sizes, [3, 1, 1, 1]);
        assert!(matches!(
            answers[..],
            [Ok(1), Err(Error::Internal(_)), Ok(3)]
        ));
    }

    #[tokio::test]
    async fn a_database_that_is_gone_is_told_to_all_without_asking_it_for_each() {
        let (sizes, answers) = sizes_and_answers(false, |_| false).await;

        assert_eq!(sizes, [3, 3]);
        assert_eq!(answers.len(), 3);
        let lost = |answer| matches!(answer, &Err(Error::Store(tawzi_store::Error::Lost(_))));
        assert!(answers.iter().all(lost), "{answers:?}");
    }
}
