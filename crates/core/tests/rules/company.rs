//! The hours after which a client is neglected.

use tawzi_core::company::{BadHours, ReAssignHours};

#[test]
fn hours_are_between_one_and_a_year() {
    assert_eq!(ReAssignHours::parse(0), Err(BadHours::TooFew));
    assert_eq!(ReAssignHours::parse(1).unwrap().get(), 1);
    assert_eq!(ReAssignHours::parse(8760).unwrap().get(), 8760);
    assert_eq!(ReAssignHours::parse(8761), Err(BadHours::TooMany));
}

#[test]
fn zero_or_missing_hours_of_the_reference_mean_a_day() {
    assert_eq!(ReAssignHours::from_reference(None).get(), 24);
    assert_eq!(ReAssignHours::from_reference(Some(0)).get(), 24);
    assert_eq!(
        ReAssignHours::from_reference(Some(10_000_000_000)).get(),
        8760
    );
}
