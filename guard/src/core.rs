//! The rules, without a database.

use std::hint::black_box;
use tawzi_core::choice;
use tawzi_core::company::{AutoAssign, ReAssignHours};
use tawzi_core::id::{ClientId, UserId};
use tawzi_core::load::{ClientCounts, Weights};
use tawzi_core::policy::Policy;
use tawzi_core::roster::{EmployeeLoad, Roster};
use tawzi_core::status::StatusCategory;
use tawzi_core::sweep::{self, Due};
use tawzi_testkit::NOON;

fn policy() -> Policy {
    Policy {
        auto_assign: AutoAssign::On,
        re_assign: Some(ReAssignHours::DEFAULT),
        weights: Weights::default(),
    }
}

fn roster() -> Roster {
    let employee = |id| EmployeeLoad {
        user: UserId::new(id),
        clients: ClientCounts::new([id % 7, id % 5, 0, 3, 1]),
        last_received: None,
    };
    Roster::new(Weights::default(), (1..=20).map(employee))
}

#[expect(clippy::unnecessary_wraps, reason = "other paths can fail")]
pub(crate) fn decide(times: u32) -> anyhow::Result<()> {
    for _ in 0..times {
        let mut roster = roster();
        for _ in 0..1_000 {
            let category = black_box(StatusCategory::FollowUp);
            black_box(choice::decide(&policy(), &mut roster, None, category, NOON));
        }
    }
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "other paths can fail")]
pub(crate) fn plan(times: u32) -> anyhow::Result<()> {
    for _ in 0..times {
        let due = (1..=1_000).map(|id| Due {
            client: ClientId::new(id),
            from: UserId::new(id % 20 + 1),
            touched_at: NOON.plus_seconds(-86_400 - id * 7_919 % 1_000),
            category: StatusCategory::Active,
        });
        black_box(sweep::plan(
            &policy(),
            &mut roster(),
            black_box(due.collect()),
            NOON,
        ));
    }
    Ok(())
}
