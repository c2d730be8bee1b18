//! Choosing who receives a client. Source: design, section 2.

use crate::company::AutoAssign;
use crate::id::UserId;
use crate::roster::Roster;
use crate::status::StatusCategory;
use crate::time::Timestamp;

/// What was decided for a client that arrives, or that nobody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It goes to the person whom the caller named.
    Named(UserId),
    /// It goes to the least busy employee.
    Chosen(UserId),
    /// It stays without an assignee, because the company does not assign by itself.
    AutoAssignOff,
    /// It stays without an assignee, because the company has no active employee.
    NobodyEligible,
}

impl Decision {
    /// Who receives the client, if anybody.
    pub const fn assignee(self) -> Option<UserId> {
        match self {
            Self::Named(user) | Self::Chosen(user) => Some(user),
            Self::AutoAssignOff | Self::NobodyEligible => None,
        }
    }
}

/// Decides for one client and counts it in the roster, so that the next decision sees it.
///
/// `named` is the assignee the caller asked for; whether that person may hold clients of the
/// company is for the caller to check.
pub fn decide(
    roster: &mut Roster,
    auto_assign: AutoAssign,
    named: Option<UserId>,
    category: StatusCategory,
    at: Timestamp,
) -> Decision {
    let decision = match (named, auto_assign) {
        (Some(user), _) => Decision::Named(user),
        (None, AutoAssign::Off) => Decision::AutoAssignOff,
        (None, AutoAssign::On) => roster
            .next()
            .map_or(Decision::NobodyEligible, Decision::Chosen),
    };
    if let Some(user) = decision.assignee() {
        roster.give(user, category, at);
    }
    decision
}

/// Chooses for many clients, one after the other; by construction the same as deciding for each
/// alone. `None` for every client when nobody is eligible.
pub fn spread(
    roster: &mut Roster,
    categories: impl IntoIterator<Item = StatusCategory>,
    at: Timestamp,
) -> Vec<Option<UserId>> {
    categories
        .into_iter()
        .map(|category| decide(roster, AutoAssign::On, None, category, at).assignee())
        .collect()
}
