//! What people type into fields.

use tawzi_core::text::{ClientName, Colour, Email, NewPassword, Notes, TextProblem, Username};

#[test]
fn whitespace_around_a_text_does_not_count() {
    assert_eq!(ClientName::parse(" رنا\n").unwrap().as_str(), "رنا");
    assert_eq!(Notes::parse("  ").unwrap().as_str(), "");
    assert_eq!(ClientName::parse(" \t"), Err(vec![TextProblem::Blank]));
}

#[test]
fn lengths_are_counted_in_characters() {
    let longest = "ر".repeat(255);
    assert!(ClientName::parse(&longest).is_ok());
    assert_eq!(
        ClientName::parse(&format!("{longest}ر")),
        Err(vec![TextProblem::TooLong { longest: 255 }])
    );
    assert!(NewPassword::parse("كلمة-سرّ").is_ok());
    assert_eq!(
        NewPassword::parse("  seven77  "),
        Err(vec![TextProblem::TooShort { least: 8 }])
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let problems = Colour::parse("#12345\u{0}678").unwrap_err();

    let too_long = TextProblem::TooLong { longest: 7 };
    assert_eq!(problems, [too_long, TextProblem::NullCharacter]);
}

#[test]
fn a_user_name_is_no_address() {
    assert!(Username::parse("salma.k+1").is_ok());
    assert!(Username::parse("سلمى").is_ok());
    for text in ["salma@home", "a b", "a:b"] {
        assert_eq!(Username::parse(text), Err(vec![TextProblem::NotAUsername]));
    }
}

#[test]
fn an_address_has_a_name_and_a_host() {
    assert!(Email::parse("salma@my.example").is_ok());
    for text in ["omar", "@host", "name@", "a@b@c", "a b@c"] {
        assert_eq!(Email::parse(text), Err(vec![TextProblem::NotAnEmail]));
    }
}

#[test]
fn a_password_is_not_shown() {
    let password = NewPassword::parse("Passw0rd!x").unwrap();

    assert_eq!(format!("{password:?}"), "NewPassword(..)");
}
