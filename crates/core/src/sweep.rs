//! Planning a sweep: where each neglected client moves. Source: design, section 3.

use crate::id::{ClientId, UserId};
use crate::roster::Roster;
use crate::status::StatusCategory;
use crate::time::Timestamp;
use serde::Serialize;

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

/// A client that goes from one employee to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// The client as it was found due.
    pub due: Due,
    /// Who receives it.
    pub to: UserId,
}

/// Why a stale client stays where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptReason {
    /// The company has no active employee besides the one who holds it.
    NoOtherEmployee,
}

impl KeptReason {
    /// The word in answers and records.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoOtherEmployee => "no_other_employee",
        }
    }
}

/// A stale client that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The client as it was found due.
    pub due: Due,
    /// Why.
    pub reason: KeptReason,
}

/// What is to happen to each due client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Clients that move, the longest neglected first.
    pub moved: Vec<Move>,
    /// Clients that stay.
    pub kept: Vec<Kept>,
}

/// Plans the move of every due client: the longest neglected first (of equals the lowest id), each
/// to the least busy employee other than its holder. The holder's load falls and the receiver's
/// rises before the next client is looked at, and the receiver counts as having just received.
///
/// Costs O(due · log roster). The roster is left as it will be once the plan is carried out.
pub fn plan(roster: &mut Roster, mut due: Vec<Due>, at: Timestamp) -> Plan {
    due.sort_unstable_by_key(|due| (due.touched_at, due.client));
    let mut plan = Plan::default();
    for due in due {
        if let Some(to) = roster.next_other_than(due.from) {
            roster.take(due.from, due.category);
            roster.give(to, due.category, at);
            plan.moved.push(Move { due, to });
        } else {
            plan.kept.push(Kept {
                due,
                reason: KeptReason::NoOtherEmployee,
            });
        }
    }
    plan
}
