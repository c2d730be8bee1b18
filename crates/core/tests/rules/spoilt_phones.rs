//! What spreadsheets do to phone numbers.

use tawzi_core::text::{ListedPhone, PhoneText, TextProblem};

#[test]
fn a_phone_number_that_a_spreadsheet_has_shortened_is_none() {
    for text in [
        "9.66501E+11",
        "9,66501E+11",
        "+9.66501e11",
        "9E+11",
        "5E8",
        "9.66501E+0011",
        "٩٫٦٦٥٠١E+١١",
        "９.66501E+11",
        "-1.5E+10",
    ] {
        let shortened = vec![TextProblem::Shortened];
        assert_eq!(PhoneText::parse(text), Err(shortened.clone()), "{text}");
        assert_eq!(ListedPhone::parse(text), Err(shortened), "{text}");
    }
}

#[test]
fn what_stands_in_place_of_a_phone_number_is_none() {
    for text in [
        "#",
        "#####",
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NOMBRE!",
        "NaN",
        "nan",
        "None",
        "null",
        "undefined",
        "<NA>",
    ] {
        let nothing = Err(vec![TextProblem::NoNumber]);
        assert_eq!(PhoneText::parse(text), nothing, "{text}");
    }
}

#[test]
fn a_whole_number_that_was_written_as_an_amount_is_that_number() {
    for (text, meant) in [
        ("966501234567.0", "966501234567"),
        (" 966501234567.00 ", "966501234567"),
        ("966501234567,0", "966501234567"),
        ("+966501234567.0", "+966501234567"),
        ("٩٦٦٥٠١٢٣٤٥٦٧٫٠", "٩٦٦٥٠١٢٣٤٥٦٧"),
        ("12345678901234567890.0", "12345678901234567890"),
    ] {
        assert_eq!(PhoneText::parse(text).unwrap().as_str(), meant);
        assert_eq!(ListedPhone::parse(text).unwrap().as_str(), meant);
    }
}

#[test]
fn other_phone_numbers_stay_as_they_were_written() {
    for text in [
        "",
        "0501234567",
        "+966 50 123-4567",
        "(050) 123.45.00",
        "050.123.4567",
        "#31#0501234567",
        "*100#",
        "1-800-FLOWERS",
        "0501234567 ext 3",
        "٠٥٠١٢٣٤٥٦٧",
        "966501234567.000",
    ] {
        assert_eq!(PhoneText::parse(text).unwrap().as_str(), text);
    }
}
