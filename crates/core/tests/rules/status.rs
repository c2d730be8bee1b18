//! Categories of statuses.

use tawzi_core::status::StatusCategory;

#[test]
fn every_category_is_read_back_and_stands_at_its_index() {
    for (place, category) in StatusCategory::ALL.into_iter().enumerate() {
        assert_eq!(StatusCategory::parse(category.as_str()), Some(category));
        assert_eq!(category.index(), place);
    }
    assert_eq!(StatusCategory::parse("Active"), None);
}
