//! Moments, as they are read and written.

use tawzi_core::time::Timestamp;

#[test]
fn a_time_without_a_zone_is_utc() {
    let naive = Timestamp::parse("2025-12-25T10:30").unwrap();

    assert_eq!(naive, Timestamp::parse("2025-12-25T10:30:00Z").unwrap());
    assert_eq!(
        naive,
        Timestamp::parse("2025-12-25T13:30:00+03:00").unwrap()
    );
}

#[test]
fn the_fraction_is_left_out_when_it_is_zero() {
    let whole = Timestamp::parse("2025-12-25T10:30:00.000000Z").unwrap();
    let fraction = Timestamp::parse("2025-12-25T10:30:00.00012Z").unwrap();

    assert_eq!(whole.to_string(), "2025-12-25T10:30:00Z");
    assert_eq!(fraction.to_string(), "2025-12-25T10:30:00.000120Z");
    assert_eq!(whole.with_offset(), "2025-12-25T10:30:00+00:00");
}

#[test]
fn what_is_no_time_is_refused() {
    for text in [
        "",
        "25/12/2025",
        "2025-13-01T00:00Z",
        "now",
        "-000001-01-01T00:00Z",
        "2025-12-25T10:30[America/New_York]",
        "2025-12-25T10:30Z[UTC]",
    ] {
        assert!(Timestamp::parse(text).is_err(), "{text}");
    }
}

#[test]
fn an_hour_count_without_bound_does_not_overflow() {
    let now = Timestamp::from_microseconds(0);

    assert_eq!(now.minus_hours(i64::MAX).microseconds(), i64::MIN + 1);
}
