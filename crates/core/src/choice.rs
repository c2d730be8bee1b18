//! Choosing who receives a client. Source: rules, section 1.

use crate::company::AutoAssign;
use crate::id::UserId;
use crate::policy::Policy;
use crate::roster::{Received, Roster};
use crate::status::StatusCategory;
use crate::time::Timestamp;

/// What was decided for one client: who receives it, why, and among whom that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who receives the client, if anybody.
    pub assignee: Option<UserId>,
    /// Why they do, or why nobody does.
    pub reason: Reason,
    /// The employees among whom it was chosen, as they were then, the first to receive first.
    pub considered: Vec<Candidate>,
    /// The employees who could not receive it, and why.
    pub out: Vec<(UserId, OutReason)>,
}

/// Why somebody receives a client, or nobody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The request named the assignee.
    Named,
    /// The assignee is the least busy employee who could receive it.
    LeastBusy,
    /// The company does not assign by itself.
    AutoAssignOff,
    /// The company has no active employee.
    NoEmployee,
    /// The company has no active employee besides the assignee.
    NoOtherEmployee,
}

/// An employee among whom the assignee was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who it is.
    pub user: UserId,
    /// The load before this client, by the weights of the policy.
    pub load: i64,
    /// When they last received a client; `None` when never.
    pub last_received: Option<Received>,
}

/// Why an employee could not receive a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutReason {
    /// They have the client, and neglect it.
    Assignee,
}

impl Decision {
    /// A decision for which nobody had to be chosen.
    pub(crate) const fn without_choice(assignee: Option<UserId>, reason: Reason) -> Self {
        Self {
            assignee,
            reason,
            considered: Vec::new(),
            out: Vec::new(),
        }
    }
}

/// Decides for one client that arrives, or that nobody has, and counts it in the roster, so that the next
/// decision sees it.
///
/// `named` is the assignee the request asked for; whether that person may have clients of the company is for
/// the caller to check.
pub fn decide(
    policy: &Policy,
    roster: &mut Roster,
    named: Option<UserId>,
    category: StatusCategory,
    at: Timestamp,
) -> Decision {
    let decision = match (named, policy.auto_assign) {
        (Some(user), _) => Decision::without_choice(Some(user), Reason::Named),
        (None, AutoAssign::Off) => Decision::without_choice(None, Reason::AutoAssignOff),
        (None, AutoAssign::On) => choose(roster, None, Reason::NoEmployee),
    };
    if let Some(user) = decision.assignee {
        roster.give(user, category, at);
    }
    decision
}

/// Chooses for many clients that nobody has, one after the other, whether or not the company assigns by itself;
/// by construction the same as deciding for each alone.
pub fn spread(
    roster: &mut Roster,
    categories: impl IntoIterator<Item = StatusCategory>,
    at: Timestamp,
) -> Vec<Decision> {
    let categories = categories.into_iter();
    let next = |category| {
        let decision = choose(roster, None, Reason::NoEmployee);
        if let Some(user) = decision.assignee {
            roster.give(user, category, at);
        }
        decision
    };
    categories.map(next).collect()
}

/// The least busy employee other than the one who is out; `nobody` is the reason when there is none.
pub(crate) fn choose(roster: &Roster, out: Option<UserId>, nobody: Reason) -> Decision {
    let considered: Vec<_> = roster
        .candidates()
        .filter(|candidate| Some(candidate.user) != out)
        .collect();
    let assignee = considered.first().map(|candidate| candidate.user);
    let on_roster = out.filter(|&user| roster.employee(user).is_some());
    Decision {
        assignee,
        reason: assignee.map_or(nobody, |_| Reason::LeastBusy),
        considered,
        out: on_roster
            .map(|user| (user, OutReason::Assignee))
            .into_iter()
            .collect(),
    }
}
