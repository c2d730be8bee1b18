//! What time it is: data is made, and tokens are signed, as of now.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time since 1970, in UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures real time; this is its one place that reads the date"
)]
pub(crate) fn since_1970() -> Duration {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default()
}

/// The same in microseconds, as the databases keep it.
pub(crate) fn microseconds() -> i64 {
    i64::try_from(since_1970().as_micros()).unwrap_or(i64::MAX)
}
