//! What batches do, and the requests for it.

use crate::error::{Error, Result};
use crate::room::Place;
use std::time::Duration;
use tawzi_core::id::CompanyId;
use tawzi_store::{Company, Tx};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// What is done for a batch of requests, in a transaction that holds the locks of their companies. A request may be given
/// to it again although it was done: it is not to do anything twice.
pub(crate) trait CompanyWork: Send + Sync + 'static {
    type Request: Send + Sync + 'static;
    type Answer: Send + 'static;

    /// The company whose lock the request needs.
    fn company(request: &Self::Request) -> CompanyId;

    /// How many bytes its texts have.
    fn bytes(request: &Self::Request) -> usize;

    /// Answers each request, in the same order. `companies` are those that are there, by id. `Err` when that
    /// failed for all of them together and nothing is to be written.
    fn work(
        &self,
        tx: &mut Tx,
        companies: &[Company],
        requests: &[&Self::Request],
    ) -> impl Future<Output = Result<Vec<Result<Self::Answer>>>> + Send;
}

/// After how long a request is not begun any more. It is given up after 30 seconds (504), and what was given up is
/// not to be done afterwards.
const BEGUN_WITHIN: Duration = Duration::from_secs(20);

/// After how long what was done for a request is not kept any more: keeping it takes a moment, too.
const KEPT_WITHIN: Duration = Duration::from_secs(25);

/// After how long a request whose asker has gone was given up, as one of which the beginning was slow to arrive is
/// sooner. Whoever hangs up earlier has it done, and finds it when asking again.
const GONE_WITHIN: Duration = Duration::from_secs(5);

/// How old a request of a batch that was undone may be, to be done again.
const YOUNG: Duration = Duration::from_secs(10);

/// Why a request that arrived then was never answered.
pub(super) fn unanswered(arrived: Instant) -> Error {
    if arrived.elapsed() >= BEGUN_WITHIN {
        return Error::TookTooLong;
    }
    Error::Internal("a batch broke off".to_owned())
}

/// One request on its way.
pub(super) struct Waiting<W: CompanyWork> {
    pub(super) request: W::Request,
    pub(super) reply: oneshot::Sender<Result<W::Answer>>,
    pub(super) arrived: Instant,
    /// What it takes of the room for all that waits.
    pub(super) _place: Place<CompanyId>,
}

impl<W: CompanyWork> Waiting<W> {
    pub(super) fn company(&self) -> CompanyId {
        W::company(&self.request)
    }

    /// Whether somebody still waits for the answer, and for so short a time that the request can be done.
    pub(super) fn is_wanted(&self) -> bool {
        !self.reply.is_closed() && self.arrived.elapsed() < BEGUN_WITHIN
    }

    /// Whether it was given up, or may be before what was done is kept.
    pub(super) fn is_overdue(&self) -> bool {
        let age = self.arrived.elapsed();
        age >= KEPT_WITHIN || (self.reply.is_closed() && age >= GONE_WITHIN)
    }

    /// Whether somebody waits for the answer, and not for long.
    pub(super) fn is_young(&self) -> bool {
        !self.reply.is_closed() && self.arrived.elapsed() < YOUNG
    }
}
