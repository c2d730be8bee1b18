//! Planning a sweep: where each neglected client moves. Source: rules, section 2.

use crate::choice::{Decision, Reason, choose};
use crate::id::{ClientId, UserId};
use crate::policy::Policy;
use crate::roster::Roster;
use crate::status::StatusCategory;
use crate::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// A stale client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The client.
    pub client: ClientId,
    /// Who has neglected it.
    pub from: UserId,
    /// When it was last assigned or contacted.
    pub touched_at: Timestamp,
    /// The category of its status.
    pub category: StatusCategory,
}

crate::words! {
    /// Why a stale client stays with its assignee.
    #[derive(PartialOrd, Ord, Serialize)]
    #[serde(rename_all = "snake_case")]
    KeptReason {
        /// The company has no active employee besides the assignee.
        NoOtherEmployee = "no_other_employee",
        /// Somebody contacted it or gave it away between the plan and its record.
        ChangedMeanwhile = "changed_meanwhile",
    }
}

/// How many clients stayed with their assignees, by the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptCounts(BTreeMap<KeptReason, i64>);

impl KeptCounts {
    /// How many clients stayed for that reason.
    pub fn of(&self, reason: KeptReason) -> i64 {
        self.0.get(&reason).copied().unwrap_or(0)
    }

    /// How many clients stayed.
    pub fn total(&self) -> i64 {
        self.0.values().sum()
    }

    /// Counts so many more clients that stayed for that reason.
    pub fn add(&mut self, reason: KeptReason, clients: i64) {
        *self.0.entry(reason).or_default() += clients;
    }

    /// Each reason with its count, which is not 0.
    pub fn iter(&self) -> impl Iterator<Item = (KeptReason, i64)> {
        let counts = self.0.iter().map(|(&reason, &count)| (reason, count));
        counts.filter(|&(_, count)| count != 0)
    }
}

impl FromIterator<(KeptReason, i64)> for KeptCounts {
    fn from_iter<I: IntoIterator<Item = (KeptReason, i64)>>(counts: I) -> Self {
        let mut kept = Self::default();
        for (reason, clients) in counts {
            kept.add(reason, clients);
        }
        kept
    }
}

/// What is to happen to a stale client: it moves to an employee, or stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The client as it was found due.
    pub due: Due,
    /// Who receives it, or why nobody does.
    pub decision: Decision,
}

/// Plans the move of every due client: the longest neglected first (of equals the lowest id), each
/// to the least busy employee other than its assignee. The load of the old assignee falls and that of
/// the new one rises before the next client is looked at, and the new one counts as having just received.
///
/// Nothing is planned where the policy does not re-assign. Costs O(due · roster). The roster is left as it will be
/// once the plan is carried out.
pub fn plan(
    policy: &Policy,
    roster: &mut Roster,
    mut due: Vec<Due>,
    at: Timestamp,
) -> Vec<Planned> {
    if policy.re_assign.is_none() {
        return Vec::new();
    }
    due.sort_unstable_by_key(|due| (due.touched_at, due.client));
    let mut planned = Vec::with_capacity(due.len());
    for due in due {
        let decision = choose(roster, Some(due.from), Reason::NoOtherEmployee);
        if let Some(to) = decision.assignee {
            roster.take(due.from, due.category);
            roster.give(to, due.category, at);
        }
        planned.push(Planned { due, decision });
    }
    planned
}
