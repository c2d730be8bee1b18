//! What must hold for any roster and any clients.

use crate::NOW;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use std::collections::BTreeMap;
use tawzi_core::assign::{decide, spread};
use tawzi_core::company::AutoAssign;
use tawzi_core::id::{ClientId, UserId};
use tawzi_core::load::{ClientCounts, Weights};
use tawzi_core::roster::{Member, Received, Roster};
use tawzi_core::status::StatusCategory;
use tawzi_core::sweep::{Due, plan};

fn any_category() -> impl Strategy<Value = StatusCategory> {
    (0..StatusCategory::ALL.len()).prop_map(|index| StatusCategory::ALL[index])
}

fn any_member() -> impl Strategy<Value = (i64, Option<i64>)> {
    (0_i64..6, prop::option::of(0_i64..5))
}

fn any_roster(at_least: usize) -> impl Strategy<Value = Roster> {
    btree_map(1_i64..12, any_member(), at_least..10).prop_map(|members| {
        let members = members.into_iter().map(|(id, (clients, hours))| Member {
            user: UserId::new(id),
            clients: ClientCounts::new([clients, 0, 0, 0, 0]),
            last_received: hours.map(|hours| Received {
                at: NOW.minus_hours(hours),
                order: 0,
            }),
        });
        Roster::new(Weights::default(), members)
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
        .members()
        .filter(|m| Some(m.user) != excluded)
        .min_by_key(|m| (m.clients.total(), m.last_received, m.user))
        .map(|m| m.user)
}

fn spread_between_equals(roster: &Roster) -> i64 {
    let loads = || roster.members().map(|m| m.clients.total());
    loads().max().unwrap_or(0) - loads().min().unwrap_or(0)
}

proptest! {
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
                let decision = decide(&mut one_by_one, AutoAssign::On, None, category, NOW);
                prop_assert_eq!(decision.assignee(), expected);
                Ok(expected)
            })
            .collect::<Result<_, TestCaseError>>()?;
        prop_assert_eq!(bulk, single);
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
            decide(&mut roster, AutoAssign::On, None, StatusCategory::Active, NOW);
            prop_assert!(spread_between_equals(&roster) <= 1);
        }
    }

    #[test]
    fn the_former_owner_never_receives(mut roster in any_roster(0), due in any_due()) {
        let plan = plan(&mut roster, due, NOW);

        prop_assert!(plan.moved.iter().all(|m| m.to != m.due.from));
    }

    #[test]
    fn every_stale_client_is_either_moved_or_kept_with_a_reason(
        mut roster in any_roster(0),
        due in any_due(),
    ) {
        let plan = plan(&mut roster, due.clone(), NOW);

        let mut answered: Vec<_> = plan
            .moved
            .iter()
            .map(|m| m.due.client)
            .chain(plan.kept.iter().map(|k| k.due.client))
            .collect();
        answered.sort_unstable();
        let mut asked: Vec<_> = due.iter().map(|d| d.client).collect();
        asked.sort_unstable();
        prop_assert_eq!(answered, asked);
    }

    #[test]
    fn a_client_is_kept_only_when_there_is_no_other_employee(
        mut roster in any_roster(0),
        due in any_due(),
    ) {
        let others = |from| roster.members().filter(|m| m.user != from).count();
        let expected: Vec<_> = due.iter().filter(|d| others(d.from) == 0).map(|d| d.client).collect();

        let mut kept: Vec<_> = plan(&mut roster, due, NOW).kept.iter().map(|k| k.due.client).collect();

        kept.sort_unstable();
        prop_assert_eq!(kept, expected);
    }

    #[test]
    fn a_plan_follows_the_definition_move_by_move(roster in any_roster(0), due in any_due()) {
        let mut replayed = roster.clone();
        let mut planned = roster;

        let plan = plan(&mut planned, due, NOW);

        for m in &plan.moved {
            prop_assert_eq!(next_by_definition(&replayed, Some(m.due.from)), Some(m.to));
            replayed.take(m.due.from, m.due.category);
            replayed.give(m.to, m.due.category, NOW);
        }
        let neglect = |m: &tawzi_core::sweep::Move| (m.due.touched_at, m.due.client);
        prop_assert!(plan.moved.is_sorted_by_key(neglect));
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

        let first = plan(&mut roster.clone(), due, NOW);
        let second = plan(&mut roster.clone(), shuffled, NOW);

        prop_assert_eq!(first, second);
    }

    #[test]
    fn no_client_is_lost_or_counted_twice(mut roster in any_roster(2), due in any_due()) {
        let before: BTreeMap<_, _> = roster.members().map(|m| (m.user, m.clients.total())).collect();

        let plan = plan(&mut roster, due, NOW);

        for member in roster.members() {
            let received = plan.moved.iter().filter(|m| m.to == member.user).count();
            let lost = plan.moved.iter().filter(|m| m.due.from == member.user).count();
            let change = i64::try_from(received).unwrap() - i64::try_from(lost).unwrap();
            prop_assert_eq!(member.clients.total(), before[&member.user] + change);
        }
    }
}
