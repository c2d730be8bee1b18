//! What must hold for any roster and any clients.

use crate::{NOW, POLICY, assignees};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tawzi_core::choice::{Decision, OutReason, Reason, decide, spread};
use tawzi_core::id::{ClientId, UserId};
use tawzi_core::load::{ClientCounts, Weights};
use tawzi_core::roster::{EmployeeLoad, Received, Roster};
use tawzi_core::status::StatusCategory;
use tawzi_core::sweep::{Due, Planned, plan};

fn any_category() -> impl Strategy<Value = StatusCategory> {
    (0..StatusCategory::ALL.len()).prop_map(|index| StatusCategory::ALL[index])
}

fn any_employee() -> impl Strategy<Value = (i64, Option<i64>)> {
    (0_i64..6, prop::option::of(0_i64..5))
}

fn any_roster(at_least: usize) -> impl Strategy<Value = Roster> {
    btree_map(1_i64..12, any_employee(), at_least..10).prop_map(|employees| {
        let employees = employees
            .into_iter()
            .map(|(id, (clients, hours))| EmployeeLoad {
                user: UserId::new(id),
                clients: ClientCounts::new([clients, 0, 0, 0, 0]),
                last_received: hours.map(|hours| Received {
                    at: NOW.minus_hours(hours),
                    order: 0,
                }),
            });
        Roster::new(Weights::default(), employees)
    })
}

fn any_due() -> impl Strategy<Value = Vec<Due>> {
    btree_map(1_i64..500, (1_i64..14, 25_i64..40, any_category()), 0..60).prop_map(|due| {
        due.into_iter()
            .map(|(client, (from, hours, category))| Due {
                client: ClientId::new(client),
                from: UserId::new(from),
                touched_at: NOW.minus_hours(hours),
                category,
            })
            .collect()
    })
}

/// The rule of section 2, said the slow way.
fn next_by_definition(roster: &Roster, excluded: Option<UserId>) -> Option<UserId> {
    roster
        .employees()
        .filter(|m| Some(m.user) != excluded)
        .min_by_key(|m| (m.clients.total(), m.last_received, m.user))
        .map(|m| m.user)
}

fn spread_between_equals(roster: &Roster) -> i64 {
    let loads = || roster.employees().map(|m| m.clients.total());
    loads().max().unwrap_or(0) - loads().min().unwrap_or(0)
}

/// That the assignee was chosen among all of the roster but those who are out, and is the first of them.
fn assert_considered(
    roster: &Roster,
    excluded: Option<UserId>,
    decision: &Decision,
) -> Result<(), TestCaseError> {
    let on_roster = |user: &UserId| roster.employee(*user).is_some();
    let out: Vec<_> = excluded.filter(on_roster).into_iter().collect();
    prop_assert_eq!(
        &decision.out,
        &out.iter()
            .map(|&user| (user, OutReason::Assignee))
            .collect::<Vec<_>>()
    );

    let mut expected: Vec<_> = roster
        .employees()
        .filter(|m| !out.contains(&m.user))
        .map(|m| (m.clients.total(), m.last_received, m.user))
        .collect();
    expected.sort_unstable();
    let considered = decision.considered.iter();
    let considered: Vec<_> = considered
        .map(|c| (c.load, c.last_received, c.user))
        .collect();
    prop_assert_eq!(considered, expected);

    let first = decision.considered.first().map(|c| c.user);
    prop_assert_eq!(decision.assignee, first);
    prop_assert_eq!(decision.reason == Reason::LeastBusy, first.is_some());
    Ok(())
}

fn moved(plan: &[Planned]) -> Vec<(Due, UserId)> {
    let moves = plan.iter();
    moves
        .filter_map(|planned| Some((planned.due, planned.decision.assignee?)))
        .collect()
}

proptest! {
    #[test]
    fn every_arrival_is_decided_among_the_whole_roster(
        mut roster in any_roster(0),
        categories in vec(any_category(), 0..40),
    ) {
        for category in categories {
            let before = roster.clone();

            let decision = decide(&POLICY, &mut roster, None, category, NOW);

            assert_considered(&before, None, &decision)?;
        }
    }

    #[test]
    fn every_client_that_is_spread_is_decided_among_the_whole_roster(
        roster in any_roster(0),
        categories in vec(any_category(), 0..40),
    ) {
        let mut replayed = roster.clone();
        let mut spreading = roster;

        let decisions = spread(&mut spreading, categories.clone(), NOW);

        for (decision, category) in decisions.iter().zip(categories) {
            assert_considered(&replayed, None, decision)?;
            if let Some(user) = decision.assignee {
                replayed.give(user, category, NOW);
            }
        }
    }

    #[test]
    fn every_move_is_decided_among_the_whole_roster_but_the_assignee(
        roster in any_roster(0),
        due in any_due(),
    ) {
        let mut replayed = roster.clone();
        let mut planned = roster;

        for planned in plan(&POLICY, &mut planned, due, NOW) {
            assert_considered(&replayed, Some(planned.due.from), &planned.decision)?;
            if let Some(to) = planned.decision.assignee {
                replayed.take(planned.due.from, planned.due.category);
                replayed.give(to, planned.due.category, NOW);
            }
        }
    }

    #[test]
    fn a_bulk_result_equals_choosing_one_by_one(
        roster in any_roster(0),
        categories in vec(any_category(), 0..80),
    ) {
        let (mut in_bulk, mut one_by_one) = (roster.clone(), roster);

        let bulk = spread(&mut in_bulk, categories.clone(), NOW);

        let single: Vec<_> = categories
            .into_iter()
            .map(|category| {
                let expected = next_by_definition(&one_by_one, None);
                let decision = decide(&POLICY, &mut one_by_one, None, category, NOW);
                prop_assert_eq!(decision.assignee, expected);
                Ok(expected)
            })
            .collect::<Result<_, TestCaseError>>()?;
        prop_assert_eq!(assignees(&bulk), single);
    }

    #[test]
    fn equal_employees_never_differ_by_more_than_one(
        employees in 1_i64..30,
        clients in 0_usize..200,
    ) {
        let mut roster = Roster::new(
            Weights::default(),
            (1..=employees).map(|id| crate::employee(id, 0)),
        );

        for _ in 0..clients {
            decide(&POLICY, &mut roster, None, StatusCategory::Active, NOW);
            prop_assert!(spread_between_equals(&roster) <= 1);
        }
    }

    #[test]
    fn the_former_owner_never_receives(mut roster in any_roster(0), due in any_due()) {
        let plan = plan(&POLICY, &mut roster, due, NOW);

        prop_assert!(moved(&plan).iter().all(|(due, to)| *to != due.from));
    }

    #[test]
    fn every_stale_client_is_either_moved_or_kept_with_a_reason(
        mut roster in any_roster(0),
        due in any_due(),
    ) {
        let plan = plan(&POLICY, &mut roster, due.clone(), NOW);

        let mut answered: Vec<_> = plan.iter().map(|p| p.due.client).collect();
        answered.sort_unstable();
        let mut asked: Vec<_> = due.iter().map(|d| d.client).collect();
        asked.sort_unstable();
        prop_assert_eq!(answered, asked);
        for planned in plan {
            let reason = match planned.decision.assignee {
                Some(_) => Reason::LeastBusy,
                None => Reason::NoOtherEmployee,
            };
            prop_assert_eq!(planned.decision.reason, reason);
        }
    }

    #[test]
    fn a_client_is_kept_only_when_there_is_no_other_employee(
        mut roster in any_roster(0),
        due in any_due(),
    ) {
        let others = |from| roster.employees().filter(|m| m.user != from).count();
        let expected: Vec<_> = due.iter().filter(|d| others(d.from) == 0).map(|d| d.client).collect();

        let plan = plan(&POLICY, &mut roster, due, NOW);

        let stays = |planned: &&Planned| planned.decision.assignee.is_none();
        let mut kept: Vec<_> = plan.iter().filter(stays).map(|p| p.due.client).collect();
        kept.sort_unstable();
        prop_assert_eq!(kept, expected);
    }

    #[test]
    fn a_plan_follows_the_definition_move_by_move(roster in any_roster(0), due in any_due()) {
        let mut replayed = roster.clone();
        let mut planned = roster;

        let plan = plan(&POLICY, &mut planned, due, NOW);

        for (due, to) in moved(&plan) {
            prop_assert_eq!(next_by_definition(&replayed, Some(due.from)), Some(to));
            replayed.take(due.from, due.category);
            replayed.give(to, due.category, NOW);
        }
        let neglect = |planned: &Planned| (planned.due.touched_at, planned.due.client);
        prop_assert!(plan.is_sorted_by_key(neglect));
    }

    #[test]
    fn the_same_input_gives_the_same_answer_in_any_order(
        roster in any_roster(0),
        due in any_due(),
        seed in any::<u64>(),
    ) {
        let mut shuffled = due.clone();
        let places = shuffled.len().max(1);
        for place in 0..shuffled.len() {
            let other = usize::try_from(seed.rotate_left(u32::try_from(place).unwrap()) % 1000).unwrap();
            shuffled.swap(place, other % places);
        }

        let first = plan(&POLICY, &mut roster.clone(), due, NOW);
        let second = plan(&POLICY, &mut roster.clone(), shuffled, NOW);

        prop_assert_eq!(first, second);
    }

    #[test]
    fn no_client_is_lost_or_counted_twice(mut roster in any_roster(2), due in any_due()) {
        let before: BTreeMap<_, _> = roster.employees().map(|m| (m.user, m.clients.total())).collect();

        let plan = plan(&POLICY, &mut roster, due, NOW);

        let moved = moved(&plan);
        for employee in roster.employees() {
            let received = moved.iter().filter(|(_, to)| *to == employee.user).count();
            let lost = moved.iter().filter(|(due, _)| due.from == employee.user).count();
            let change = i64::try_from(received).unwrap() - i64::try_from(lost).unwrap();
            prop_assert_eq!(employee.clients.total(), before[&employee.user] + change);
        }
    }
}
