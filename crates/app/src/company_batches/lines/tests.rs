//! What is taken, left alone and waited for, at moments of the tests' own.

use super::super::tests::{Fate, Noting, Numbered};
use super::*;
use crate::error::Result;
use crate::room::Room;
use tokio::sync::oneshot;

const A: CompanyId = CompanyId::new(1);
const B: CompanyId = CompanyId::new(2);

/// Lines, and who waits for an answer.
struct World {
    lines: Lines<Noting>,
    now: Instant,
    askers: Vec<oneshot::Receiver<Result<usize>>>,
}

impl World {
    fn new() -> Self {
        Self {
            lines: Lines::new(),
            now: Instant::now(),
            askers: Vec::new(),
        }
    }

    fn ask(&mut self, company: CompanyId, times: usize) {
        for number in 0..times {
            let (reply, answer) = oneshot::channel();
            let request = Numbered {
                company,
                number,
                fate: Fate::Done,
            };
            self.askers.push(answer);
            self.lines.let_in([Waiting {
                request,
                reply,
                arrived: Instant::now(),
                _place: Room::new(0, 0).take(None, 0).unwrap(),
            }]);
        }
    }

    /// A batch takes what it may, and finds everything locked.
    fn pass_over(&mut self) {
        let taken = self.take(256);
        self.find_locked(taken);
    }

    fn take(&mut self, most: usize) -> Vec<Waiting<Noting>> {
        assert!(self.lines.start_taking(self.now));
        self.lines.take(None, most, self.now)
    }

    fn find_locked(&mut self, taken: Vec<Waiting<Noting>>) {
        let companies = taken.iter().map(Waiting::company).collect();
        self.lines.put_back(taken, self.now);
        self.lines.put_down(&companies, None);
    }

    fn wait_for(&mut self) -> Option<CompanyId> {
        self.lines.wait_for(self.now)
    }
}

#[test]
fn a_moment_is_busy_from_eight_on_while_nobody_else_is_there() {
    let mut world = World::new();

    world.ask(A, 7);
    let seven = world.lines.is_busy(world.now);
    world.ask(B, 1);
    let eight = world.lines.is_busy(world.now);
    world.pass_over();
    let crowded = world.lines.is_busy(world.now);

    assert_eq!((seven, eight, crowded), (false, true, false));
}

#[test]
fn a_company_that_was_passed_over_twice_is_waited_for_and_left_alone() {
    let mut world = World::new();
    world.ask(A, 2);

    world.pass_over();
    let once = world.wait_for();
    world.pass_over();
    let retry = world.lines.next_retry();
    let twice = world.wait_for();

    assert_eq!(once, None);
    assert_eq!(retry, Some(world.now + RETRY));
    assert_eq!(twice, Some(A));
    assert_eq!(world.lines.next_retry(), None);
    assert!(!world.lines.start_taking(world.now + RETRY));
}

#[test]
fn one_company_more_is_waited_for_after_each_while_up_to_a_limit() {
    let mut world = World::new();
    for id in 1..=6 {
        world.ask(CompanyId::new(id), 1);
    }
    world.pass_over();
    world.pass_over();

    let mut waited_for = Vec::new();
    for _ in 0..6 {
        waited_for.push(world.wait_for().map(CompanyId::get));
        assert_eq!(world.wait_for(), None, "only one at a time");
        world.now += PATIENCE;
    }

    let four = [Some(1), Some(2), Some(3), Some(4), None, None];
    assert_eq!(waited_for, four);
}

#[test]
fn a_company_that_was_waited_for_comes_before_all_that_wait_longer() {
    let mut world = World::new();
    world.ask(A, 1);
    world.pass_over();
    world.pass_over();
    world.ask(B, 300);
    world.ask(A, 1);
    assert_eq!(world.wait_for(), Some(A));

    let taken = world.lines.take(Some(A), 256, world.now);

    let companies: Vec<_> = taken.iter().map(Waiting::company).collect();
    assert_eq!(companies[..3], [A, A, B]);
    assert_eq!(companies.len(), 256);
}

#[test]
fn how_often_a_company_was_passed_over_is_known_while_a_batch_has_it_in_hand() {
    let mut world = World::new();
    world.ask(A, 1);
    world.pass_over();

    let taken = world.take(256);
    world.ask(B, 1);
    world.lines.take(Some(B), 256, world.now);
    world.find_locked(taken);

    assert_eq!(world.wait_for(), Some(A));
}

#[test]
fn requests_are_put_back_before_those_that_came_later() {
    let mut world = World::new();
    world.ask(A, 3);
    let taken = world.take(2);
    world.find_locked(taken);

    let taken = world.take(256);

    let numbers: Vec<_> = taken.iter().map(|waiting| waiting.request.number).collect();
    assert_eq!(numbers, [0, 1, 2]);
}

#[test]
fn what_is_given_up_is_dropped_also_while_its_company_is_left_alone() {
    let mut world = World::new();
    world.ask(A, 3);
    world.pass_over();
    world.pass_over();
    assert_eq!(world.wait_for(), Some(A));

    world.askers.clear();

    assert!(!world.lines.start_taking(world.now));
    assert!(world.lines.is_empty());
}

#[test]
fn there_is_a_crowd_for_a_while_after_companies_were_passed_over() {
    let mut world = World::new();
    world.ask(A, 1);
    let before = world.lines.is_crowded(world.now);

    world.pass_over();

    assert!(!before);
    assert!(world.lines.is_crowded(world.now));
    assert!(!world.lines.is_crowded(world.now + CROWD));
}
