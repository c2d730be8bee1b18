//! Cron expressions: five fields, down to the minute.

use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use tawzi_core::time::Timestamp;

/// When something is to happen again and again.
#[derive(Clone, Debug)]
pub(crate) struct Cron {
    pattern: Box<croner::Cron>,
    time_zone: TimeZone,
}

/// A text is no cron expression, or names a moment that never comes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no cron expression ({problem}); write five fields, such as \"0 * * * *\" for every hour"
)]
pub struct BadCron {
    text: String,
    problem: String,
}

impl Cron {
    /// Reads an expression whose times are in that zone (`UTC`, `Asia/Damascus`).
    pub(crate) fn parse(text: &str, time_zone: &str) -> Result<Self, BadCron> {
        let bad = |problem: String| BadCron {
            text: text.chars().take(60).collect(),
            problem,
        };
        let pattern = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build()
            .parse(text)
            .map_err(|error| bad(error.to_string()))?;
        let time_zone = TimeZone::get(time_zone).map_err(|error| bad(error.to_string()))?;
        Ok(Self {
            pattern: Box::new(pattern),
            time_zone,
        })
    }

    /// The first matching moment after `moment`; `None` when none comes.
    pub(crate) fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        let from = moment.to_jiff()?.to_zoned(self.time_zone.clone());
        let next = self.pattern.find_next_occurrence(&from, false).ok()?;
        Some(Timestamp::from_microseconds(
            next.timestamp().as_microsecond(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_time_of_day_is_in_its_zone() {
        let daily = Cron::parse("15 8 * * *", "Asia/Riyadh").unwrap();

        assert_eq!(
            daily.next_after(at("2025-12-02T15:00:00Z")),
            Some(at("2025-12-03T05:15:00Z"))
        );
    }
}
