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
pub struct Member {
    /// Who it is.
    pub user: UserId,
    /// The clients assigned to them in this company.
    pub clients: ClientCounts,
    /// When they last received a client; `None` when never.
    pub last_received: Option<Received>,
}

/// The rank of an employee: the smallest is next. Lowest load first; among equals the one who has
/// waited longest (never received sorts first); among those the lowest id. Source: design,
/// section 2.
type Rank = (i64, Option<Received>, UserId);

/// The employees who may receive a client, ordered by who is next.
///
/// Every question and change costs O(log members).
#[derive(Clone, Debug)]
pub struct Roster {
    weights: Weights,
    members: BTreeMap<UserId, Member>,
    ranks: BTreeSet<Rank>,
    next_order: i64,
}

impl Roster {
    /// A roster of these employees; of two entries with the same id the later one counts.
    pub fn new(weights: Weights, members: impl IntoIterator<Item = Member>) -> Self {
        let members: BTreeMap<_, _> = members.into_iter().map(|m| (m.user, m)).collect();
        let next_order = members
            .values()
            .filter_map(|m| m.last_received)
            .map(|received| received.order.saturating_add(1))
            .max()
            .unwrap_or(0);
        let mut roster = Self {
            weights,
            members,
            ranks: BTreeSet::new(),
            next_order,
        };
        roster.ranks = roster.members.values().map(|m| roster.rank(m)).collect();
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
        self.change(to, |member| {
            member.clients.add(category, 1);
            member.last_received = Some(Received { at, order });
        });
        self.next_order = self.next_order.saturating_add(1);
    }

    /// Counts a client of that category as taken from `from`, who may be off the roster.
    pub fn take(&mut self, from: UserId, category: StatusCategory) {
        self.change(from, |member| member.clients.add(category, -1));
    }

    /// The employee with that id.
    pub fn member(&self, user: UserId) -> Option<&Member> {
        self.members.get(&user)
    }

    /// All employees, by id.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// The place in the order of receiving that the next receiver gets.
    pub const fn next_order(&self) -> i64 {
        self.next_order
    }

    fn change(&mut self, user: UserId, change: impl FnOnce(&mut Member)) {
        let Some(mut member) = self.members.get(&user).copied() else {
            return;
        };
        self.ranks.remove(&self.rank(&member));
        change(&mut member);
        self.ranks.insert(self.rank(&member));
        self.members.insert(user, member);
    }

    fn rank(&self, member: &Member) -> Rank {
        (
            self.weights.load(member.clients),
            member.last_received,
            member.user,
        )
    }
}
