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
