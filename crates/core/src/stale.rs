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
