//! When a client counts as neglected. Source: rules, section 2.

use crate::company::ReAssignHours;
use crate::time::Timestamp;

/// The moment before which a client must have been touched last to be stale at `now`.
pub const fn threshold(now: Timestamp, hours: ReAssignHours) -> Timestamp {
    now.minus_hours(hours.get())
}

/// The moment at which a client that was touched last at `touched` is no longer too young to be
/// stale.
pub const fn due_at(touched: Timestamp, hours: ReAssignHours) -> Timestamp {
    touched.minus_hours(-hours.get())
}

/// The later of assignment and contact; `None` when the client was never assigned, or in a time
/// before assignments were dated, and so is never stale.
pub fn touched_at(
    assigned_at: Option<Timestamp>,
    last_contacted_at: Option<Timestamp>,
) -> Option<Timestamp> {
    assigned_at.map(|assigned| last_contacted_at.map_or(assigned, |contact| contact.max(assigned)))
}

/// Whether an assigned client is neglected: assigned longer than `hours` ago, and not contacted
/// within `hours`. Exactly `hours` is not yet stale.
pub fn is_stale(
    assigned_at: Option<Timestamp>,
    last_contacted_at: Option<Timestamp>,
    now: Timestamp,
    hours: ReAssignHours,
) -> bool {
    touched_at(assigned_at, last_contacted_at)
        .is_some_and(|touched| touched < threshold(now, hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_microseconds(1_764_687_600_000_000);
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
}
