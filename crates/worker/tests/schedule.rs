//! When a schedule is due first.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use tawzi_core::time::Timestamp;
use tawzi_worker::{SetUpError, first_tick};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[test]
fn every_hour_comes_at_its_first_minute() {
    for (now, next) in [
        ("2025-12-02T15:00:00Z", "2025-12-02T16:00:00Z"),
        ("2025-12-02T15:59:59.999Z", "2025-12-02T16:00:00Z"),
    ] {
        assert_eq!(first_tick(Some("0 * * * *"), at(now)).unwrap(), at(next));
        assert_eq!(first_tick(None, at(now)).unwrap(), at(next));
    }
}

#[test]
fn what_is_no_expression_says_how_to_write_one() {
    let now = at("2025-12-02T15:00:00Z");
    for text in ["", "hourly", "* * * *", "61 * * * *", "* * * * * *"] {
        let error = first_tick(Some(text), now).unwrap_err();

        assert!(matches!(error, SetUpError::Cron(_)), "{text}");
        assert!(error.to_string().contains("0 * * * *"), "{error}");
    }
}

#[test]
fn the_thirtieth_of_february_never_comes() {
    let never = first_tick(Some("0 0 30 2 *"), at("2025-12-02T15:00:00Z"));

    assert!(matches!(never, Err(SetUpError::Never(_))), "{never:?}");
}
