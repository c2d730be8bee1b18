//! What batches do, and the requests for it.

use crate::error::Result;
use tawzi_core::id::CompanyId;
use tawzi_store::{Company, Tx};
use tokio::sync::oneshot;

/// What is done for a batch of requests, in a transaction that holds the locks of their companies.
pub(crate) trait CompanyWork: Send + Sync + 'static {
    type Request: Send + Sync + 'static;
    type Answer: Send + 'static;

    /// Whether nothing is done twice when a request is repeated that may have been done already.
    const REPEATABLE: bool;

    /// The company whose lock the request needs.
    fn company(request: &Self::Request) -> CompanyId;

    /// Answers each request, in the same order. `companies` are those that are there, by id. `Err` when that
    /// failed for all of them together and nothing is to be written.
    fn work(
        &self,
        tx: &mut Tx,
        companies: &[Company],
        requests: &[&Self::Request],
    ) -> impl Future<Output = Result<Vec<Result<Self::Answer>>>> + Send;
}

/// One request on its way.
pub(super) struct Waiting<W: CompanyWork> {
    pub(super) request: W::Request,
    pub(super) reply: oneshot::Sender<Result<W::Answer>>,
}

impl<W: CompanyWork> Waiting<W> {
    pub(super) fn company(&self) -> CompanyId {
        W::company(&self.request)
    }

    /// Whether somebody still waits for the answer.
    pub(super) fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }
}
