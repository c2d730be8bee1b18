//! What many requests want at the same moment, done for all of them together: no request waits for
//! another to come, and a busy moment costs one transaction instead of hundreds.

use crate::error::{Error, Result};
use std::fmt;
use tokio::sync::{mpsc, oneshot};

/// How many requests are done together at most.
const BATCH: usize = 256;

/// How many requests may wait; beyond that, senders wait to be let in.
const QUEUE: usize = 4096;

/// What is done for a batch of requests.
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

impl<W: Work> Clone for Batches<W> {
    fn clone(&self) -> Self {
        Self {
            queue: self.queue.clone(),
        }
    }
}

impl<W: Work> fmt::Debug for Batches<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Batches(..)")
    }
}

async fn do_what_waits<W: Work>(work: W, mut waiting: mpsc::Receiver<Waiting<W>>) {
    let mut taken = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut taken, BATCH).await > 0 {
        let (requests, replies): (Vec<_>, Vec<_>) = taken.drain(..).unzip();
        let answers = do_batch(&work, &requests).await;
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever asked may have gone; it is done all the same.
            drop(reply.send(answer));
        }
    }
}

/// Does the batch. When that fails, each request is done by itself, so that only the one that cannot
/// be done fails.
async fn do_batch<W: Work>(work: &W, requests: &[W::Request]) -> Vec<Result<W::Answer>> {
    match work.work(requests).await {
        Ok(answers) => answers,
        Err(error) if requests.len() == 1 => vec![Err(error)],
        Err(error) => {
            tracing::warn!(%error, size = requests.len(), "a batch failed; trying one by one");
            let mut answers = Vec::with_capacity(requests.len());
            for request in requests {
                let alone = work.work(std::slice::from_ref(request)).await;
                answers.push(
                    alone.and_then(|mut answers| answers.pop().unwrap_or(Err(Error::Stopping))),
                );
            }
            answers
        }
    }
}
