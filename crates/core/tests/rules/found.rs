//! By what clients are found.

use tawzi_core::found::{found_by, sought};
use tawzi_core::phone::PhoneRegion;

/// The ways in which people write one number, of the country that `SA` stands for.
const SPELLINGS: [&str; 13] = [
    "+966 50 123 4567",
    "+966501234567",
    "+966-50-123-4567",
    "+966 (0)50 123 4567",
    "00966501234567",
    "00966 50 1234567",
    "966501234567",
    "0501234567",
    "050 123 4567",
    "(050) 123-4567",
    "٠٥٠١٢٣٤٥٦٧",
    "०५०१२३४५६७",
    "\u{200e}+٩٦٦٥٠١٢٣٤٥٦٧",
];

fn saudi_arabia() -> PhoneRegion {
    PhoneRegion::parse("SA").unwrap()
}

fn words(search: &str) -> Vec<String> {
    search.split_whitespace().map(str::to_owned).collect()
}

/// Whether who has the name and the numbers is found by the words.
fn finds(search: &str, name: &str, numbers: &[&str], region: Option<PhoneRegion>) -> bool {
    let text = found_by(name, numbers.iter().copied());
    let stands_in = |spelling: &String| text.contains(spelling);
    let sought = sought(&words(search), region);
    sought
        .iter()
        .all(|word| word.spellings.iter().any(stands_in))
}

#[test]
fn a_number_is_found_in_every_spelling_of_every_spelling() {
    for written in SPELLINGS {
        for typed in SPELLINGS {
            for region in [Some(saudi_arabia()), None] {
                assert!(
                    finds(typed, "Sara", &["0112223333", written], region),
                    "{written:?} by {typed:?}, {region:?}"
                );
            }
        }
    }
}

#[test]
fn a_number_is_found_by_its_last_digits_and_by_how_it_begins() {
    for written in SPELLINGS {
        for typed in ["4567", "234567", "501234567", "٤٥٦٧", "123-45"] {
            assert!(finds(typed, "Sara", &[written], None), "{written} {typed}");
        }
        for typed in ["0501", "+96650", "0096650", "96650"] {
            let region = Some(saudi_arabia());
            let found = finds(typed, "Sara", &[written], region);
            let of_a_country = written.contains("966") || written.contains("٩٦٦");
            assert!(
                found || typed == "96650" && !of_a_country,
                "{written} {typed}"
            );
        }
    }
}

#[test]
fn the_number_of_another_country_is_another_number() {
    let region = Some(saudi_arabia());
    for (typed, written) in [
        ("0501234567", "+971501234567"),
        ("+966501234567", "+971501234567"),
        ("+971501234567", "0501234567"),
        ("00971501234567", "966501234567"),
        ("0501234567", "0501234568"),
        ("+966501234567", "0502234567"),
    ] {
        assert!(
            !finds(typed, "Sara", &[written], region),
            "{typed} {written}"
        );
    }
}

#[test]
fn countries_without_a_zero_before_their_numbers_are_known_too() {
    let countries = [
        ("US", "+1 650-253-0000", "(650) 253-0000"),
        ("EG", "+20 10 01234567", "01001234567"),
        ("RU", "+7 912 345-67-89", "8 (912) 345-67-89"),
        ("IT", "+39 06 6982 1234", "06 6982 1234"),
        ("HU", "+36 20 123 4567", "06 20 123 4567"),
        ("QA", "+974 3312 3456", "33123456"),
    ];
    for (letters, abroad, at_home) in countries {
        let region = Some(PhoneRegion::parse(letters).unwrap());
        for (typed, written) in [(abroad, at_home), (at_home, abroad)] {
            assert!(finds(typed, "x", &[written], region), "{typed} {written}");
        }
    }
}

#[test]
fn words_are_found_in_any_order_and_all_of_them() {
    let numbers = ["0501234567"];
    for typed in [
        "haddad sara",
        "SARA 0501",
        "4567 hAd",
        "sara +966 50 123 4567",
    ] {
        assert!(
            finds(typed, "Sara Haddad", &numbers, Some(saudi_arabia())),
            "{typed}"
        );
    }
    for typed in [
        "sara khoury",
        "sara 0502",
        "haddad0501",
        "sara +966 50 123 4568",
    ] {
        assert!(
            !finds(typed, "Sara Haddad", &numbers, Some(saudi_arabia())),
            "{typed}"
        );
    }
}

#[test]
fn digits_with_a_gap_are_two_words_unless_they_are_a_number() {
    assert!(finds("12 2000", "Villa 2000, house 12", &[], None));
    assert!(finds("2000 12", "Villa 2000, house 12", &[], None));
    assert_eq!(sought(&words("0501 2345 67"), None).len(), 1);
    assert_eq!(sought(&words("call 0501 234567 now"), None).len(), 3);
}

#[test]
fn a_word_of_nothing_that_is_seen_is_passed_over() {
    for nothing in ["\u{640}", "\u{64e}\u{651}", "\u{200b}"] {
        assert_eq!(sought(&words(nothing), None), [], "{nothing:?}");
    }
}

#[test]
fn a_text_in_place_of_a_number_and_an_extension_are_found() {
    assert!(finds("office", "Sara", &["ask the Office"], None));
    assert!(finds("0112223333", "Sara", &["011 222 3333 ext. 12"], None));
    assert!(finds(
        "+966112223333",
        "Sara",
        &["011 222 3333 ext. 12"],
        Some(saudi_arabia())
    ));
}

#[test]
fn nothing_is_found_across_the_end_of_a_name_or_a_number() {
    for typed in ["sara05", "a\n#", "45670112"] {
        let sought = sought(&[typed.to_owned()], None);
        let text = found_by("Sara", ["0501234567", "0112223333"]);
        let found = sought[0].spellings.iter().any(|word| text.contains(word));
        assert!(!found, "{typed:?}");
    }
}
