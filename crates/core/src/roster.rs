//! The roster: the employees who may receive a client, each with a load and the moment they last
//! received one. It answers in which order they would receive, and keeps itself up to date.

use crate::choice::Candidate;
use crate::id::UserId;
use crate::load::{ClientCounts, Weights};
use crate::status::StatusCategory;
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// When an employee last received a client. Of two who received at the same moment, the one with
/// the smaller `order` received first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Received {
    /// The moment.
    pub at: Timestamp,
    /// The place among those who received at that moment.
    pub order: i64,
}

/// An active employee of the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmployeeLoad {
    /// Who it is.
    pub user: UserId,
    /// The clients assigned to them in this company.
    pub clients: ClientCounts,
    /// When they last received a client; `None` when never.
    pub last_received: Option<Received>,
}

/// The rank of an employee: the smallest is next. Lowest load first; among equals the one who has
/// waited longest (never received sorts first); among those the lowest id. Source: rules,
/// section 1.
type Rank = (i64, Option<Received>, UserId);

/// The employees who may receive a client, ordered by who is next.
///
/// Every question and change costs O(log employees).
#[derive(Clone, Debug)]
pub struct Roster {
    weights: Weights,
    employees: BTreeMap<UserId, EmployeeLoad>,
    ranks: BTreeSet<Rank>,
    next_order: i64,
}

impl Roster {
    /// A roster of these employees; of two entries with the same id the later one counts.
    pub fn new(weights: Weights, employees: impl IntoIterator<Item = EmployeeLoad>) -> Self {
        let employees: BTreeMap<_, _> = employees.into_iter().map(|m| (m.user, m)).collect();
        let next_order = employees
            .values()
            .filter_map(|m| m.last_received)
            .map(|received| received.order.saturating_add(1))
            .max()
            .unwrap_or(0);
        let mut roster = Self {
            weights,
            employees,
            ranks: BTreeSet::new(),
            next_order,
        };
        roster.ranks = roster.employees.values().map(|m| roster.rank(m)).collect();
        roster
    }

    /// The employees in the order in which they would receive the next client.
    pub fn candidates(&self) -> impl Iterator<Item = Candidate> {
        let ranks = self.ranks.iter();
        ranks.map(|&(load, last_received, user)| Candidate {
            user,
            load,
            last_received,
        })
    }

    /// Counts a client of that category as received by `to` at that moment. Somebody who is not
    /// on the roster (an administrator, say) is not counted.
    pub fn give(&mut self, to: UserId, category: StatusCategory, at: Timestamp) {
        let order = self.next_order;
        self.change(to, |employee| {
            employee.clients.add(category, 1);
            employee.last_received = Some(Received { at, order });
        });
        self.next_order = self.next_order.saturating_add(1);
    }

    /// Counts a client of that category as taken from `from`, who may be off the roster.
    pub fn take(&mut self, from: UserId, category: StatusCategory) {
        self.change(from, |employee| employee.clients.add(category, -1));
    }

    /// The employee with that id.
    pub fn employee(&self, user: UserId) -> Option<&EmployeeLoad> {
        self.employees.get(&user)
    }

    /// All employees, by id.
    pub fn employees(&self) -> impl Iterator<Item = &EmployeeLoad> {
        self.employees.values()
    }

    /// The place in the order of receiving that the next assignee gets.
    pub const fn next_order(&self) -> i64 {
        self.next_order
    }

    fn change(&mut self, user: UserId, change: impl FnOnce(&mut EmployeeLoad)) {
        let Some(mut employee) = self.employees.get(&user).copied() else {
            return;
        };
        self.ranks.remove(&self.rank(&employee));
        change(&mut employee);
        self.ranks.insert(self.rank(&employee));
        self.employees.insert(user, employee);
    }

    fn rank(&self, employee: &EmployeeLoad) -> Rank {
        (
            self.weights.load(employee.clients),
            employee.last_received,
            employee.user,
        )
    }
}
