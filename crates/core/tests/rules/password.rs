//! Which passwords are refused.

use tawzi_core::text::password::says_who;
use tawzi_core::text::{NewPassword, TextProblem};

fn problem(password: &str) -> Option<TextProblem> {
    NewPassword::parse(password)
        .err()
        .map(|problems| problems[0])
}

#[test]
fn what_many_people_choose_is_refused() {
    for common in [
        "password",
        "PASSWORD",
        "Password1",
        "qwerty123",
        "12345678",
        "iloveyou",
        "letmein1",
        "admin123",
        "P@ssw0rd",
        "1q2w3e4r",
        "Mohammed",
        "basketball",
        "administrator",
        " password ",
        "aaaaaaaa",
        "12341234",
        "abcabcabc",
        "abcdefgh",
        "987654321",
        "qazwsxedc",
        "asdfghjkl;",
        "00000000",
    ] {
        assert_eq!(problem(common), Some(TextProblem::TooCommon), "{common}");
    }
}

#[test]
fn what_is_guessed_otherwise_is_refused() {
    assert_eq!(problem("qwerty"), Some(TextProblem::TooShort { least: 8 }));
    assert_eq!(problem("0944123987"), Some(TextProblem::DigitsAlone));
    assert_eq!(problem("٠٩٤٤١٢٣٩٨٧"), Some(TextProblem::DigitsAlone));
}

#[test]
fn other_passwords_are_taken() {
    for good in [
        "Passw0rd!x",
        "Abc12345!z",
        "correct horse",
        "كلمة-سرّ",
        "a new password",
        "abcabcabd",
    ] {
        assert_eq!(problem(good), None, "{good}");
    }
}

#[test]
fn ones_own_name_is_no_password() {
    let names = ["khaled.ali", "Khaled@My.example", "خالد", "العلي"];
    for own in [
        "khaled.ali",
        "KHALED.ALI",
        "Khaled.Ali1985",
        "khaled2024!",
        "khaled@my.example",
        "خالدالعلي",
        "خالد العلي 7",
        "!!khaled!!",
    ] {
        assert!(says_who(own, &names), "{own}");
    }
    for other in ["khaledandsalma", "a long pass phrase", "19851985", ""] {
        assert!(!says_who(other, &names), "{other}");
    }
    assert!(!says_who("Passw0rd!x", &["", "1", ""]));
}
