//! How busy an employee is: the weighted number of clients assigned to them.

use crate::status::StatusCategory;
use serde::Serialize;

/// The number of clients assigned to one employee, by the category of their status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ClientCounts([i64; StatusCategory::ALL.len()]);

impl ClientCounts {
    /// Counts in the order of [`StatusCategory::ALL`].
    pub const fn new(counts: [i64; StatusCategory::ALL.len()]) -> Self {
        Self(counts)
    }

    /// The counts in the order of [`StatusCategory::ALL`].
    pub const fn by_category(self) -> [i64; StatusCategory::ALL.len()] {
        self.0
    }

    /// How many clients of that category there are.
    pub const fn of(self, category: StatusCategory) -> i64 {
        self.0[category.index()]
    }

    /// Counts `clients` more (or fewer) clients of that category.
    pub fn add(&mut self, category: StatusCategory, clients: i64) {
        self.0[category.index()] += clients;
    }

    /// Clients of all categories together.
    pub fn total(self) -> i64 {
        self.0.iter().sum()
    }

    /// Whether nothing is counted.
    pub fn is_zero(self) -> bool {
        self.0.iter().all(|&count| count == 0)
    }
}

/// What one client of each category adds to a load.
///
/// The specification counts every assigned client as one; see [`Weights::default`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights([i64; StatusCategory::ALL.len()]);

impl Default for Weights {
    /// Every assigned client weighs 1, as the specification says.
    fn default() -> Self {
        Self([1; StatusCategory::ALL.len()])
    }
}

impl Weights {
    /// Weights in the order of [`StatusCategory::ALL`]; whole numbers, only their proportion counts.
    pub const fn new(weights: [i64; StatusCategory::ALL.len()]) -> Self {
        Self(weights)
    }

    /// The load that those clients make together.
    pub fn load(self, counts: ClientCounts) -> i64 {
        self.0
            .iter()
            .zip(counts.0)
            .map(|(weight, count)| weight * count)
            .sum()
    }
}
