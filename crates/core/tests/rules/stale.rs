//! When a client is neglected.

use crate::NOW;
use tawzi_core::company::ReAssignHours;
use tawzi_core::stale::is_stale;
use tawzi_core::time::Timestamp;

const DAY: ReAssignHours = ReAssignHours::DEFAULT;

fn stale(assigned_hours_ago: Option<i64>, contacted_hours_ago: Option<i64>) -> bool {
    is_stale(
        assigned_hours_ago.map(|hours| NOW.minus_hours(hours)),
        contacted_hours_ago.map(|hours| NOW.minus_hours(hours)),
        NOW,
        DAY,
    )
}

#[test]
fn scenario_20_assigned_25_hours_ago_and_never_contacted_is_stale() {
    assert!(stale(Some(25), None));
}

#[test]
fn scenario_21_exactly_h_hours_is_not_stale() {
    assert!(!stale(Some(24), None));
    assert!(is_stale(
        Some(Timestamp::from_microseconds(
            NOW.minus_hours(24).microseconds() - 1
        )),
        None,
        NOW,
        DAY
    ));
}

#[test]
fn scenario_21_contact_23_hours_ago_protects_and_older_contact_does_not() {
    assert!(!stale(Some(100), Some(23)));
    assert!(!stale(Some(100), Some(24)));
    assert!(stale(Some(100), Some(25)));
}

#[test]
fn scenario_21_a_client_without_a_date_of_assignment_is_never_stale() {
    assert!(!stale(None, None));
    assert!(!stale(None, Some(1000)));
}

#[test]
fn a_fresh_assignment_protects_although_the_contact_is_old() {
    assert!(!stale(Some(1), Some(1000)));
}
