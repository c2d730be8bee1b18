//! How busy an employee is.

use tawzi_core::load::{ClientCounts, Weights};
use tawzi_core::status::StatusCategory;

#[test]
fn every_client_weighs_one_by_default() {
    let counts = ClientCounts::new([1, 2, 3, 4, 5]);

    assert_eq!(Weights::default().load(counts), 15);
}

#[test]
fn a_weight_applies_to_its_own_category() {
    let halves_for_inactive_nothing_for_closed = Weights::new([2, 2, 1, 0, 2]);

    let mut counts = ClientCounts::default();
    counts.add(StatusCategory::Inactive, 3);
    counts.add(StatusCategory::Closed, 9);
    counts.add(StatusCategory::Active, 1);

    assert_eq!(halves_for_inactive_nothing_for_closed.load(counts), 5);
}
