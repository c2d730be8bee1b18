//! The requests that wait, in the order of their arrival, and which companies are left alone for now.

use super::work::{CompanyWork, Waiting};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::time::Duration;
use tawzi_core::id::CompanyId;
use tokio::time::Instant;

/// After how long a company that was passed over twice is looked at again.
const RETRY: Duration = Duration::from_millis(10);

/// After how long another company is waited for beside those that are waited for already: other servers have
/// a company for some milliseconds, and all of theirs are free again at the same moment.
const PATIENCE: Duration = Duration::from_millis(50);

/// For how long there is a crowd after companies were passed over.
const CROWD: Duration = Duration::from_secs(1);

/// From how many waiting requests on it is a busy moment.
const MANY: usize = 8;

/// How many companies are waited for at the same time: each takes one of the 16 connections that may write, and
/// there are two kinds of work.
const WAITED_FOR: usize = 4;

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
    /// Whether a batch that waits for no company is under way. More of them would make smaller batches, which
    /// cost more.
    taking: bool,
    crowd_until: Option<Instant>,
}

impl<W: CompanyWork> Lines<W> {
    pub(super) fn new() -> Self {
        Self {
            waiting: VecDeque::new(),
            busy: HashSet::new(),
            passed_over: HashMap::new(),
            waited_for: HashMap::new(),
            taking: false,
            crowd_until: None,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(super) fn let_in(&mut self, arrived: impl IntoIterator<Item = Waiting<W>>) {
        self.waiting.extend(arrived);
    }

    /// Whether a batch that waits for no company is to be started, which is under way from then on.
    pub(super) fn start_taking(&mut self, now: Instant) -> bool {
        if self.taking {
            return false;
        }
        self.tidy();
        let mut companies = self.waiting.iter().map(Waiting::company);
        self.taking = companies.any(|company| self.is_idle(company) && self.is_due(company, now));
        self.taking
    }

    /// The requests of a batch, in the order of arrival for each company: those of the company that it has waited
    /// for, then others that no batch has in hand.
    pub(super) fn take(
        &mut self,
        waited_for: Option<CompanyId>,
        most: usize,
        now: Instant,
    ) -> Vec<Waiting<W>> {
        // Whatever waits before them, they are what the lock was waited for.
        let mut taken = self.pick(most, |_, company| Some(company) == waited_for);
        let room = most - taken.len();
        taken.extend(self.pick(room, |lines, company| {
            lines.is_idle(company) && (waited_for.is_some() || lines.is_due(company, now))
        }));
        taken
    }

    /// Whether others have taken companies away a moment ago.
    pub(super) fn is_crowded(&self, now: Instant) -> bool {
        self.crowd_until.is_some_and(|until| now < until)
    }

    /// Whether many requests wait, and nobody else for their companies: then more come in a moment. In a crowd that
    /// moment would be taken from the turns of others.
    pub(super) fn is_busy(&self, now: Instant) -> bool {
        self.waiting.len() >= MANY && !self.is_crowded(now)
    }

    fn is_idle(&self, company: CompanyId) -> bool {
        !self.busy.contains(&company)
    }

    /// Whether it was not passed over, or long enough ago.
    fn is_due(&self, company: CompanyId, now: Instant) -> bool {
        let passed = self.passed_over.get(&company);
        passed.is_none_or(|passed| passed.retry_at <= now)
    }

    /// The company that is to be waited for now, if there is one: the one with the oldest request.
    pub(super) fn wait_for(&mut self, now: Instant) -> Option<CompanyId> {
        let long = |since: &Instant| now.duration_since(*since) >= PATIENCE;
        if self.waited_for.len() >= WAITED_FOR || !self.waited_for.values().all(long) {
            return None;
        }
        let twice = |company: &CompanyId| {
            let passed = self.passed_over.get(company);
            passed.is_some_and(|passed| passed.times >= 2) && self.is_idle(*company)
        };
        let company = self.waiting.iter().map(Waiting::company).find(twice)?;
        self.busy.insert(company);
        self.waited_for.insert(company, now);
        Some(company)
    }

    /// Lets requests wait on, before those that came later: somebody else has locked their companies.
    pub(super) fn put_back(&mut self, requests: Vec<Waiting<W>>, now: Instant) {
        if !requests.is_empty() {
            self.crowd_until = Some(now + CROWD);
        }
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
        self.let_wait_on(requests);
    }

    /// Lets requests wait on, before those that came later.
    pub(super) fn let_wait_on(&mut self, requests: Vec<Waiting<W>>) {
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
        let retries = self.passed_over.iter();
        let retries = retries.filter(|(company, _)| self.is_idle(**company));
        let next = retries.map(|(_, passed)| passed.retry_at).min();
        next.filter(|_| !self.taking)
    }

    /// Drops what nobody waits for any more.
    fn tidy(&mut self) {
        self.waiting.retain(Waiting::is_wanted);
        let mut wanted = self.busy.clone();
        wanted.extend(self.waiting.iter().map(Waiting::company));
        self.passed_over
            .retain(|company, _| wanted.contains(company));
    }

    /// Takes requests of companies that may be taken, in the order of arrival, unless nobody waits for them any
    /// more.
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
        taken
    }
}

#[cfg(test)]
mod tests;
