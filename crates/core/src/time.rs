//! Moments in time: UTC microseconds, as they are stored, with the texts they are read and
//! written as.

use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use std::fmt;

/// Microseconds in an hour.
const MICROSECONDS_PER_HOUR: i64 = 3_600_000_000;

/// A moment: microseconds since 1970-01-01T00:00:00 UTC.
///
/// It displays as `2025-12-20T17:40:59.123456Z`, without the fraction when that is zero, which is
/// how the reference CRM writes times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is not a time of the form `YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a time; write it as 2025-12-31T15:00:00Z")]
pub struct NotATime(String);

impl Timestamp {
    /// The moment that many microseconds after 1970-01-01T00:00:00 UTC.
    pub const fn from_microseconds(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// Microseconds since 1970-01-01T00:00:00 UTC.
    pub const fn microseconds(self) -> i64 {
        self.0
    }

    /// Reads an ISO 8601 time; one without a zone is UTC, and a space may stand for the `T`.
    ///
    /// `Err` when it is no such time, or lies outside the years 1 to 9999; also when a time zone is named
    /// in brackets, which ISO 8601 does not know and which would be passed over.
    pub fn parse(text: &str) -> Result<Self, NotATime> {
        let parsed = text.parse::<jiff::Timestamp>().or_else(|_| {
            text.parse::<jiff::civil::DateTime>()
                .and_then(|civil| TimeZone::UTC.to_timestamp(civil))
        });
        let year = |moment| TimeZone::UTC.to_datetime(moment).year();
        match parsed {
            Ok(moment) if (1..=9999).contains(&year(moment)) && !text.contains('[') => {
                Ok(Self(moment.as_microsecond()))
            }
            _ => Err(NotATime(text.to_owned())),
        }
    }

    /// The moment `hours` hours earlier; the earliest moment there is when that would overflow.
    #[must_use]
    pub const fn minus_hours(self, hours: i64) -> Self {
        let microseconds = hours.saturating_mul(MICROSECONDS_PER_HOUR);
        Self(self.0.saturating_sub(microseconds))
    }

    /// The moment `seconds` seconds later (earlier, when negative).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The moment as the calendar library knows it; `None` outside the years it covers.
    pub fn to_jiff(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_microsecond(self.0).ok()
    }

    /// The text with `+00:00` in place of `Z`, which a few fields of the reference CRM use.
    pub fn with_offset(self) -> String {
        self.to_string().replace('Z', "+00:00")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(moment) = self.to_jiff() else {
            return write!(f, "{} µs", self.0);
        };
        let at = TimeZone::UTC.to_datetime(moment);
        match at.subsec_nanosecond() / 1000 {
            0 => write!(f, "{at:.0}Z"),
            _ => write!(f, "{at:.6}Z"),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
