//! Scenarios 10 to 28 of the contract, section 7, as far as the rules alone decide them.

use crate::{NOW, POLICY, assignees, due, employee, received_hours_ago, roster};
use tawzi_core::choice::{Decision, Reason, decide, spread};
use tawzi_core::company::AutoAssign;
use tawzi_core::id::UserId;
use tawzi_core::load::{ClientCounts, Weights};
use tawzi_core::policy::Policy;
use tawzi_core::roster::{EmployeeLoad, Roster};
use tawzi_core::status::StatusCategory;
use tawzi_core::sweep::{Planned, plan};

fn arrive(roster: &mut Roster, auto_assign: AutoAssign, named: Option<i64>) -> Decision {
    let policy = Policy {
        auto_assign,
        ..POLICY
    };
    decide(
        &policy,
        roster,
        named.map(UserId::new),
        StatusCategory::None,
        NOW,
    )
}

/// The clients that move, each with who receives it.
fn moves(plan: &[Planned]) -> Vec<(i64, i64)> {
    let moves = plan.iter().filter_map(|planned| {
        let to = planned.decision.assignee?;
        Some((planned.due.client.get(), to.get()))
    });
    moves.collect()
}

#[test]
fn scenario_10_six_clients_for_three_idle_employees_are_two_each() {
    let mut roster = roster([employee(1, 0), employee(2, 0), employee(3, 0)]);

    let order: Vec<_> = (0..6)
        .map(|_| arrive(&mut roster, AutoAssign::On, None).assignee)
        .collect();

    assert_eq!(order, [1, 2, 3, 1, 2, 3].map(|id| Some(UserId::new(id))));
}

#[test]
fn scenario_10_switched_off_the_client_stays_unassigned() {
    let mut roster = roster([employee(1, 0)]);

    let decision = arrive(&mut roster, AutoAssign::Off, None);

    assert_eq!(decision.assignee, None);
    assert_eq!(decision.reason, Reason::AutoAssignOff);
}

#[test]
fn scenario_10_a_named_assignee_is_kept_and_counted() {
    let mut roster = roster([employee(1, 0), employee(2, 5)]);

    let decision = arrive(&mut roster, AutoAssign::On, Some(2));

    assert_eq!(decision.assignee, Some(UserId::new(2)));
    assert_eq!(decision.reason, Reason::Named);
    assert_eq!(roster.employee(UserId::new(2)).unwrap().clients.total(), 6);
}

#[test]
fn scenario_10_without_active_employees_the_client_stays_unassigned() {
    let decision = arrive(&mut roster([]), AutoAssign::On, None);

    assert_eq!(decision.assignee, None);
    assert_eq!(decision.reason, Reason::NoEmployee);
}

#[test]
fn scenario_11_the_least_loaded_receives() {
    let mut roster = roster([employee(1, 3), employee(2, 1), employee(3, 2)]);

    assert_eq!(
        arrive(&mut roster, AutoAssign::On, None).assignee,
        Some(UserId::new(2))
    );
}

#[test]
fn among_equals_the_one_who_has_waited_longest_receives() {
    let mut roster = roster([
        received_hours_ago(employee(1, 2), 1),
        received_hours_ago(employee(2, 2), 5),
        received_hours_ago(employee(3, 2), 3),
    ]);

    let order = spread(&mut roster, [StatusCategory::None; 3], NOW);

    assert_eq!(assignees(&order), [2, 3, 1].map(|id| Some(UserId::new(id))));
}

#[test]
fn who_never_received_has_waited_longest() {
    let mut roster = roster([received_hours_ago(employee(1, 2), 1000), employee(2, 2)]);

    assert_eq!(
        roster.candidates().map(|c| c.user).next(),
        Some(UserId::new(2))
    );
    roster.give(UserId::new(2), StatusCategory::None, NOW);
    assert_eq!(
        roster.candidates().map(|c| c.user).next(),
        Some(UserId::new(1))
    );
}

#[test]
fn scenario_14_closed_clients_weigh_nothing_when_the_policy_says_so() {
    let weights = Weights::new([2, 2, 1, 0, 2]);
    let closed = |id, clients| EmployeeLoad {
        clients: ClientCounts::new([0, 0, 0, clients, 0]),
        ..employee(id, 0)
    };
    let mut roster = Roster::new(weights, [closed(1, 100), employee(2, 1)]);

    assert_eq!(
        arrive(&mut roster, AutoAssign::On, None).assignee,
        Some(UserId::new(1))
    );
}

#[test]
fn scenario_15_six_unassigned_for_three_idle_employees_are_two_each() {
    let mut roster = roster([employee(1, 0), employee(2, 0), employee(3, 0)]);

    spread(&mut roster, [StatusCategory::None; 6], NOW);

    assert!(roster.employees().all(|m| m.clients.total() == 2));
}

#[test]
fn scenario_15_existing_load_is_levelled() {
    let mut roster = roster([employee(1, 4), employee(2, 0), employee(3, 2)]);

    spread(&mut roster, [StatusCategory::None; 6], NOW);

    assert!(roster.employees().all(|m| m.clients.total() == 4));
}

#[test]
fn scenario_16_nobody_active_leaves_every_client() {
    let decisions = spread(&mut roster([]), [StatusCategory::None; 2], NOW);

    assert_eq!(assignees(&decisions), [None, None]);
    assert!(decisions.iter().all(|d| d.reason == Reason::NoEmployee));
}

#[test]
fn scenario_20_a_neglected_client_moves_to_the_other_employee() {
    let mut roster = roster([employee(1, 1), employee(2, 0)]);

    let plan = plan(&POLICY, &mut roster, vec![due(7, 1, 25)], NOW);

    assert_eq!(moves(&plan), [(7, 2)]);
}

#[test]
fn scenario_22_with_only_one_employee_nothing_moves_and_the_reason_is_given() {
    let mut roster = roster([employee(1, 1)]);

    let plan = plan(&POLICY, &mut roster, vec![due(7, 1, 25)], NOW);

    assert!(moves(&plan).is_empty());
    assert_eq!(plan[0].decision.reason, Reason::NoOtherEmployee);
}

#[test]
fn scenario_23_the_least_busy_employee_loses_a_stale_client_to_the_least_busy_other() {
    let mut roster = roster([employee(1, 1), employee(2, 3), employee(3, 2)]);

    let plan = plan(&POLICY, &mut roster, vec![due(7, 1, 25)], NOW);

    assert_eq!(moves(&plan), [(7, 3)]);
}

#[test]
fn scenario_23_none_of_nine_stale_clients_stays_with_who_neglected_them() {
    let mut roster = roster([employee(1, 9), employee(2, 0), employee(3, 0)]);
    let neglected = (1..=9).map(|client| due(client, 1, 25)).collect();

    let plan = plan(&POLICY, &mut roster, neglected, NOW);

    assert_eq!(moves(&plan).len(), 9);
    assert!(moves(&plan).iter().all(|&(_, to)| to != 1));
}

#[test]
fn scenario_25_clients_of_somebody_off_the_roster_move_to_an_active_employee() {
    let owner_or_inactive = 99;
    let mut roster = roster([employee(1, 0)]);

    let plan = plan(
        &POLICY,
        &mut roster,
        vec![due(7, owner_or_inactive, 25)],
        NOW,
    );

    assert_eq!(moves(&plan), [(7, 1)]);
}

#[test]
fn scenario_28_all_stale_clients_are_handled_at_once_the_longest_neglected_first() {
    let mut roster = roster([employee(1, 3), employee(2, 0)]);
    let neglected = vec![due(5, 1, 30), due(3, 1, 40), due(4, 1, 30)];

    let plan = plan(&POLICY, &mut roster, neglected, NOW);

    assert_eq!(moves(&plan), [(3, 2), (4, 2), (5, 2)]);
}

#[test]
fn nothing_moves_in_a_company_that_does_not_re_assign() {
    let policy = Policy {
        re_assign: None,
        ..POLICY
    };
    let mut roster = roster([employee(1, 1), employee(2, 0)]);

    let plan = plan(&policy, &mut roster, vec![due(7, 1, 25)], NOW);

    assert_eq!(plan, []);
}
