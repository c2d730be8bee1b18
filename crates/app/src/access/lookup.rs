//! Looking up who asks: one task in each process reads the users of all requests that come at the same moment by one
//! statement. No request waits for another to come. More tasks would make smaller batches, which cost more
//! (measured: 1.3 times with two).

use crate::error::{Error, Result};
use std::collections::HashMap;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::Poll;
use tawzi_core::id::UserId;
use tawzi_store::{Db, User};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// How many users are read together at most.
const BATCH: usize = 256;

/// How many requests may wait; beyond that, senders wait to be let in.
const QUEUE: usize = 4096;

/// The way to whoever looks users up.
#[derive(Clone, Debug)]
pub(crate) struct Lookups {
    queue: mpsc::Sender<Waiting>,
}

type Waiting = (UserId, oneshot::Sender<Result<Option<User>>>);

impl Lookups {
    /// Starts the task. It ends, with everything answered, once every copy of the way to it is gone.
    pub(crate) fn start(db: Db) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let task = tokio::spawn(answer_what_waits(db, waiting));
        (Self { queue }, task)
    }

    /// The user with that id.
    pub(crate) async fn ask(&self, id: UserId) -> Result<Option<User>> {
        let (reply, answer) = oneshot::channel();
        let sent = self.queue.send((id, reply)).await;
        sent.map_err(|_| Error::Stopping)?;
        let broke_off = |_| Error::Internal("looking users up broke off".to_owned());
        answer.await.map_err(broke_off)?
    }
}

async fn answer_what_waits(db: Db, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let batch = std::mem::take(&mut batch);
        unless_it_panics(pin!(answer(&db, batch))).await;
    }
}

/// What the work gives. The only task that does it goes on when it panics.
async fn unless_it_panics<T>(mut work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.map_or(Poll::Ready(None), |poll| poll.map(Some))
    })
    .await
}

/// Answers a batch. When that fails, each user is read alone, so that only one whose row makes no sense fails;
/// unless it is the database that fails, which is asked once more and then told to all.
async fn answer(db: &Db, batch: Vec<Waiting>) {
    let ids: Vec<_> = batch.iter().map(|(id, _)| *id).collect();
    let mut found = look_up(db, &ids).await;
    if let Err(error) = &found {
        tracing::warn!(%error, size = ids.len(), "users could not be looked up together");
        if error.for_others().is_some() {
            found = look_up(db, &ids).await;
        }
    }
    for (id, reply) in batch {
        let answer = match &found {
            Ok(found) => Ok(found.get(&id).cloned()),
            Err(error) => match error.for_others() {
                Some(error) => Err(error),
                None => look_up(db, &[id]).await.map(|mut found| found.remove(&id)),
            },
        };
        // Whoever asked may have gone.
        drop(reply.send(answer));
    }
}

async fn look_up(db: &Db, ids: &[UserId]) -> Result<HashMap<UserId, User>> {
    let users = db.read().await?.users_with(ids).await?;
    Ok(users.into_iter().map(|user| (user.id, user)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_the_work_alone() {
        let panicking = pin!(async { panic!("told to") });

        assert_eq!(unless_it_panics::<()>(panicking).await, None);
        assert_eq!(unless_it_panics(pin!(async { 1 })).await, Some(1));
    }
}
