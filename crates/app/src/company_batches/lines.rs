//! The requests that wait, in the order of their arrival, and which companies are left alone for now.

use super::CompanyWork;
use crate::error::Result;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::time::Duration;
use tawzi_core::id::CompanyId;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// After how long a company that was passed over twice is looked at again.
const RETRY: Duration = Duration::from_millis(10);

/// After how long another company is waited for beside those that are waited for already: other servers have
/// a company for some milliseconds, and all of theirs are free again at the same moment.
const PATIENCE: Duration = Duration::from_millis(50);

/// How many companies are waited for at the same time: each takes one of the 16 connections that may write, and
/// there are two kinds of work.
const WAITED_FOR: usize = 4;

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

/// How often a company was passed over since something was done there, and when it is to be looked at again.
#[derive(Clone, Copy)]
struct PassedOver {
    times: u32,
    retry_at: Instant,
}

pub(super) struct Lines<W: CompanyWork> {
    waiting: VecDeque<Waiting<W>>,
    /// A batch has requests of these in hand, or waits for them.
    busy: HashSet<CompanyId>,
    passed_over: HashMap<CompanyId, PassedOver>,
    /// Since when each of these is waited for.
    waited_for: HashMap<CompanyId, Instant>,
    /// Whether a batch that waits for nobody is under way. More of them would make smaller batches, which cost
    /// more.
    taking: bool,
}

impl<W: CompanyWork> Lines<W> {
    pub(super) fn new() -> Self {
        Self {
            waiting: VecDeque::new(),
            busy: HashSet::new(),
            passed_over: HashMap::new(),
            waited_for: HashMap::new(),
            taking: false,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn let_in(&mut self, arrived: impl IntoIterator<Item = Waiting<W>>) {
        self.waiting.extend(arrived);
    }

    /// The requests of the next batch that waits for nobody, unless one is under way or there are none.
    pub(super) fn take(&mut self, most: usize, now: Instant) -> Option<Vec<Waiting<W>>> {
        if self.taking {
            return None;
        }
        let later = self.passed_over.iter();
        let later = later.filter(|(_, passed)| passed.retry_at > now);
        let later: HashSet<_> = later.map(|(&company, _)| company).collect();
        let taken = self.pick(most, |lines, company| {
            !lines.busy.contains(&company) && !later.contains(&company)
        });
        self.taking = !taken.is_empty();
        self.taking.then_some(taken)
    }

    /// The requests of a company that was waited for, and others that no batch has in hand.
    pub(super) fn take_along(&mut self, company: CompanyId, most: usize) -> Vec<Waiting<W>> {
        // Whatever waits before them, they are what the lock was waited for.
        let mut taken = self.pick(most, |_, other| other == company);
        let room = most - taken.len();
        taken.extend(self.pick(room, |lines, other| !lines.busy.contains(&other)));
        taken
    }

    /// The company that is to be waited for now, if there is one: the one with the oldest request.
    pub(super) fn wait_for(&mut self, now: Instant) -> Option<CompanyId> {
        let long = |since: &Instant| now.duration_since(*since) >= PATIENCE;
        if self.waited_for.len() >= WAITED_FOR || !self.waited_for.values().all(long) {
            return None;
        }
        let twice = |company: &CompanyId| {
            let passed = self.passed_over.get(company);
            passed.is_some_and(|passed| passed.times >= 2) && !self.busy.contains(company)
        };
        let company = self.waiting.iter().map(Waiting::company).find(twice)?;
        self.busy.insert(company);
        self.waited_for.insert(company, now);
        Some(company)
    }

    /// Lets requests wait on, before those that came later: somebody else has locked their companies.
    pub(super) fn put_back(&mut self, requests: Vec<Waiting<W>>, now: Instant) {
        let companies: BTreeSet<_> = requests.iter().map(Waiting::company).collect();
        for company in companies {
            let first = PassedOver {
                times: 0,
                retry_at: now,
            };
            let passed = self.passed_over.entry(company).or_insert(first);
            passed.times += 1;
            if passed.times > 1 {
                passed.retry_at = now + RETRY;
            }
        }
        for waiting in requests.into_iter().rev() {
            self.waiting.push_front(waiting);
        }
    }

    /// Something was done in those companies.
    pub(super) fn done_in(&mut self, companies: &BTreeSet<CompanyId>) {
        for company in companies {
            self.passed_over.remove(company);
        }
    }

    /// A batch has ended that had requests of those companies in hand, and has put back what it did not do.
    pub(super) fn put_down(
        &mut self,
        companies: &BTreeSet<CompanyId>,
        waited_for: Option<CompanyId>,
    ) {
        for company in companies {
            self.busy.remove(company);
        }
        match waited_for {
            Some(company) => drop(self.waited_for.remove(&company)),
            None => self.taking = false,
        }
    }

    /// When a company that was passed over is to be looked at again.
    pub(super) fn next_retry(&self) -> Option<Instant> {
        let idle = |company: &&CompanyId| !self.busy.contains(company);
        let retries = self.passed_over.iter().filter(|(company, _)| idle(company));
        let next = retries.map(|(_, passed)| passed.retry_at).min();
        next.filter(|_| !self.taking)
    }

    /// Takes requests of companies that may be taken, in the order of arrival. Those that nobody waits for any
    /// more are dropped.
    fn pick(&mut self, most: usize, may: impl Fn(&Self, CompanyId) -> bool) -> Vec<Waiting<W>> {
        let mut taken = Vec::new();
        let mut left = VecDeque::with_capacity(self.waiting.len());
        for waiting in std::mem::take(&mut self.waiting) {
            if !waiting.is_wanted() {
                continue;
            }
            if taken.len() < most && may(self, waiting.company()) {
                taken.push(waiting);
            } else {
                left.push_back(waiting);
            }
        }
        self.waiting = left;
        self.busy.extend(taken.iter().map(Waiting::company));
        let mut wanted = self.busy.clone();
        wanted.extend(self.waiting.iter().map(Waiting::company));
        self.passed_over
            .retain(|company, _| wanted.contains(company));
        taken
    }
}

#[cfg(test)]
mod tests;
