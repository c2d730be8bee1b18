//! What must always hold for choosing and sweeping, the scenarios of the contract that need nothing but the
//! rules, and the words in which both speak.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod company;
mod event;
mod folded;
mod found;
mod load;
mod login;
mod money;
mod password;
mod password_hash;
mod phone;
mod properties;
mod scenarios;
mod spoilt_phones;
mod status;
mod text;
mod time;
mod user;

use tawzi_core::choice::Decision;
use tawzi_core::company::{AutoAssign, ReAssignHours};
use tawzi_core::id::{ClientId, UserId};
use tawzi_core::load::{ClientCounts, Weights};
use tawzi_core::policy::Policy;
use tawzi_core::roster::{EmployeeLoad, Received, Roster};
use tawzi_core::status::StatusCategory;
use tawzi_core::sweep::Due;
use tawzi_core::time::Timestamp;

const NOW: Timestamp = Timestamp::from_microseconds(1_764_687_600_000_000);

/// A company that assigns and re-assigns by itself.
const POLICY: Policy = Policy {
    auto_assign: AutoAssign::On,
    re_assign: Some(ReAssignHours::DEFAULT),
    weights: Weights::new([1; 5]),
};

/// An employee with that many clients without a status, who never received one.
fn employee(id: i64, clients: i64) -> EmployeeLoad {
    EmployeeLoad {
        user: UserId::new(id),
        clients: ClientCounts::new([0, 0, 0, 0, clients]),
        last_received: None,
    }
}

/// That employee, who received a client that many hours ago.
fn received_hours_ago(employee: EmployeeLoad, hours: i64) -> EmployeeLoad {
    let received = Received {
        at: NOW.minus_hours(hours),
        order: 0,
    };
    EmployeeLoad {
        last_received: Some(received),
        ..employee
    }
}

fn roster(employees: impl IntoIterator<Item = EmployeeLoad>) -> Roster {
    Roster::new(Weights::default(), employees)
}

/// A client without a status that `from` has not touched for that many hours.
fn due(client: i64, from: i64, hours: i64) -> Due {
    Due {
        client: ClientId::new(client),
        from: UserId::new(from),
        touched_at: NOW.minus_hours(hours),
        category: StatusCategory::None,
    }
}

fn assignees(decisions: &[Decision]) -> Vec<Option<UserId>> {
    decisions.iter().map(|decision| decision.assignee).collect()
}
