//! What people are called.

use tawzi_core::user::DisplayName;

#[test]
fn a_person_without_a_name_is_called_by_the_user_name() {
    assert_eq!(DisplayName::new("", "", "emp3").as_str(), "emp3");
    assert_eq!(DisplayName::new("Ed", "", "emp1").as_str(), "Ed");
    assert_eq!(DisplayName::new("\u{200f}", "", "amal").as_str(), "amal");
    assert_eq!(
        DisplayName::new("خالد", "العلي", "emp4").as_str(),
        "خالد العلي"
    );
}
