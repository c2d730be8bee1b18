//! The companies that a sweep has still to look at.

use std::collections::VecDeque;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::time::Timestamp;

/// How many companies one transaction takes at most. With a few due clients each, what statements
/// cost by themselves would outweigh what they do.
const COMPANIES_AT_ONCE: usize = 32;

/// The companies that are still to be swept.
pub(super) struct Queue {
    places: VecDeque<Place>,
    /// How many of them come one by one, because they failed together.
    singly: usize,
}

/// A company, and the last of its clients that was looked at.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) company: CompanyId,
    pub(super) after: Option<(Timestamp, ClientId)>,
}

impl Queue {
    pub(super) fn new(companies: Vec<CompanyId>) -> Self {
        let place = |company| Place {
            company,
            after: None,
        };
        Self {
            places: companies.into_iter().map(place).collect(),
            singly: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// What the next transaction takes.
    pub(super) fn next(&self) -> Vec<Place> {
        let width = if self.singly > 0 {
            1
        } else {
            COMPANIES_AT_ONCE
        };
        self.places.iter().take(width).copied().collect()
    }

    /// Goes on after a transaction: so many companies are through, and the next goes on behind that client.
    pub(super) fn proceed(&mut self, through: usize, after: Option<(Timestamp, ClientId)>) {
        self.places.drain(..through);
        self.singly = self.singly.saturating_sub(through);
        if let Some(first) = self.places.front_mut() {
            first.after = after.or(first.after);
        }
    }

    /// Takes the companies of the last transaction one by one.
    pub(super) fn take_singly(&mut self) {
        self.singly = self.next().len();
    }

    /// Gives up on the first company.
    pub(super) fn skip(&mut self) -> Option<CompanyId> {
        self.singly = self.singly.saturating_sub(1);
        self.places.pop_front().map(|place| place.company)
    }
}
