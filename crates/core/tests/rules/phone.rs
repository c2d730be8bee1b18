//! When two phone numbers are the same.

use proptest::prelude::{prop_assert, proptest};
use tawzi_core::phone::{BadRegion, PhoneKey, PhoneRegion};

fn key(number: &str, region: Option<&str>) -> Option<String> {
    let region = region.map(|letters| PhoneRegion::parse(letters).unwrap());
    PhoneKey::of(number, region).map(|key| key.as_str().to_owned())
}

#[test]
fn the_ways_to_write_a_number_are_one_number() {
    for number in [
        "0501234567",
        "050 123-4567",
        " (050) 123 4567 ",
        "+966501234567",
        "+966 50 123 4567",
        "00966501234567",
        "966501234567",
        "٠٥٠١٢٣٤٥٦٧",
        "+٩٦٦٥٠١٢٣٤٥٦٧",
        "۰۵۰۱۲۳۴۵۶۷",
        "\u{202a}+966 50 123 4567\u{202c}",
        "+966501234567.",
        "+966501234567 .",
        "+966501234567,",
        "'+966501234567'",
        "+966501234567。",
        "＋９６６５０１２３４５６７",
        "０５０ １２３－４５６７",
        "（050）123．4567",
        "०५०१२३४५६७",
        "050\u{200b}1234567",
    ] {
        let expected = Some("+966501234567".to_owned());
        assert_eq!(key(number, Some("SA")), expected, "{number}");
    }
}

#[test]
fn without_a_country_only_what_names_one_is_international() {
    assert_eq!(key("+20 10 1234 5678", None), key("00201012345678", None));
    assert_eq!(key("010-1234 5678", None), Some("01012345678".to_owned()));
    assert_ne!(key("01012345678", None), key("+201012345678", None));
}

#[test]
fn another_country_or_extension_is_another_number() {
    assert_ne!(key("0501234567", Some("SA")), key("0501234567", Some("AE")));
    let (first, second) = ("+966112345678 ext 1", "+966112345678 ext 2");
    assert_ne!(key(first, None), key(second, None));
    assert_ne!(key(first, None), key("+966112345678", None));
}

#[test]
fn what_has_no_digit_is_no_number() {
    for number in ["", " ", "+", "unknown", "غير معروف"] {
        assert_eq!(key(number, Some("SA")), None, "{number:?}");
    }
}

#[test]
fn a_region_is_a_country() {
    assert_eq!(PhoneRegion::parse("sa").unwrap().as_str(), "SA");
    for letters in ["", "S", "XX", "SAU", "السعودية"] {
        assert_eq!(PhoneRegion::parse(letters), Err(BadRegion), "{letters}");
    }
}

proptest! {
    #[test]
    fn any_text_with_a_digit_has_a_key(number in "\\PC{0,20}[0-9٠-٩][+0-9 ;=extx#,.\\-/()٠-٩]{0,20}") {
        for region in [None, Some("SA"), Some("US"), Some("IT"), Some("AR")] {
            prop_assert!(key(&number, region).is_some());
        }
    }
}
