//! What is done behind its answer, so that how long it takes tells nobody what was done.

use crate::error::{Error, Result};
use std::pin::Pin;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How much may wait; whoever comes then has to wait, too.
const QUEUE: usize = 256;

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The way to what is done one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Afterwards(mpsc::Sender<Work>);

impl Afterwards {
    /// The way, and what does it. It ends, with everything done, once every copy of the way is gone.
    pub(crate) fn start() -> (Self, JoinHandle<()>) {
        let (queue, mut waiting) = mpsc::channel::<Work>(QUEUE);
        let task = tokio::spawn(async move {
            while let Some(work) = waiting.recv().await {
                work.await;
            }
        });
        (Self(queue), task)
    }

    /// Has that done soon.
    pub(crate) async fn put(&self, work: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let put = self.0.send(Box::pin(work)).await;
        put.map_err(|_| Error::Stopping)
    }
}
