//! What people type into fields.

use tawzi_core::text::{
    ApiKeyName, ChannelType, ClientName, Colour, CompanyName, Domain, Email, FilledText,
    FormPassword, ListedPhone, NamePart, NewPassword, Notes, PhoneText, ShortName, ShownPassword,
    TextProblem, Username, is_of_timelines, shown,
};
use tawzi_core::user::DisplayName;

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
fn every_text_has_a_greatest_length() {
    macro_rules! longest {
        ($($text:ident: $longest:literal, $letter:literal;)+) => {$(
            let fits = $text::parse(&$letter.repeat($longest));
            assert!(fits.is_ok(), "{}: {fits:?}", stringify!($text));
            let longer = $text::parse(&$letter.repeat($longest + 1)).unwrap_err();
            assert_eq!(longer, [TextProblem::TooLong { longest: $longest }]);
        )+};
    }

    longest! {
        ApiKeyName: 100, "ك";
        ChannelType: 100, "ك";
        ClientName: 255, "ك";
        Colour: 7, "x";
        CompanyName: 64, "ك";
        Domain: 256, "x";
        FilledText: 4096, "ك";
        FormPassword: 1024, "ك";
        ListedPhone: 20, "1";
        NamePart: 150, "ك";
        NewPassword: 1024, "ك";
        Notes: 10_000, "😀";
        PhoneText: 20, "1";
        ShortName: 255, "ك";
        ShownPassword: 1024, "ك";
        Username: 150, "ك";
    }
    assert!(Email::parse(&format!("{}@x.y", "x".repeat(250))).is_ok());
    assert!(Email::parse(&format!("{}@x.y", "x".repeat(251))).is_err());
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
    for text in [
        "salma@my.example",
        "o'neil+crm_1@mail-2.my.example",
        "سلمى@مثال.إختبار",
        "e\u{301}lodie@bücher.example",
        "root@localhost",
    ] {
        assert!(Email::parse(text).is_ok(), "{text}");
    }
    for text in [
        "omar",
        "@host",
        "name@",
        "a@b@c",
        "a b@c.example",
        "<a@x.example>",
        "a;b@x.example",
        "a,b@x.example",
        ".a@x.example",
        "a..b@x.example",
        "a@x..example",
        "a@x.example.",
        "a@-x.example",
        "a@host",
        "a@[127.0.0.1]",
        // The second letter of the host is Cyrillic.
        "a@d\u{435}mo.example",
    ] {
        let not_one = Err(vec![TextProblem::NotAnEmail]);
        assert_eq!(Email::parse(text), not_one, "{text}");
    }
}

#[test]
fn a_password_has_at_most_1024_characters_wherever_it_is_typed() {
    let (longest, longer) = ("ر".repeat(1024), "ر".repeat(1025));

    assert!(NewPassword::parse(&longest).is_ok() && ShownPassword::parse(&longest).is_ok());
    let too_long = Err(vec![TextProblem::TooLong { longest: 1024 }]);
    assert_eq!(NewPassword::parse(&longer).map(drop), too_long);
    assert_eq!(ShownPassword::parse(&longer).map(drop), too_long);
    assert_eq!(FormPassword::parse(&longer).map(drop), too_long);
}

#[test]
fn a_password_is_not_shown() {
    let password = NewPassword::parse("Passw0rd!x").unwrap();

    assert_eq!(format!("{password:?}"), "NewPassword(..)");
}

#[test]
fn what_nobody_sees_says_nothing() {
    for text in [
        "\u{200f}",
        "\u{200b}\u{200d}",
        "\u{200e}\u{3164}",
        "\u{3164}",
        "\u{115f}\u{1160}",
        "\u{ffa0}",
        "\u{2800} \u{2800}",
        "\u{ad}\u{feff}",
        "\u{fe0f}",
        "\u{e0020}\u{34f}",
        "\u{3000}\u{a0}",
    ] {
        assert_eq!(ClientName::parse(text), Err(vec![TextProblem::Blank]));
        assert_eq!(ShortName::parse(text), Err(vec![TextProblem::Blank]));
        assert_eq!(Username::parse(text), Err(vec![TextProblem::Blank]));
        assert_eq!(ListedPhone::parse(text), Err(vec![TextProblem::Blank]));
        assert_eq!(NamePart::parse(text).unwrap().as_str(), "");
        assert_eq!(Notes::parse(text).unwrap().as_str(), "");
    }
}

#[test]
fn a_name_is_one_line_in_one_direction() {
    for (text, problem) in [
        ("a\nb", TextProblem::LineBreak),
        ("a\r\nb", TextProblem::LineBreak),
        ("a\u{85}b", TextProblem::LineBreak),
        ("a\u{2028}b", TextProblem::LineBreak),
        ("a\u{2029}b", TextProblem::LineBreak),
        ("a\u{b}b", TextProblem::LineBreak),
        ("a\u{1b}[2J", TextProblem::ControlCharacter),
        ("a\tb", TextProblem::ControlCharacter),
        ("a\u{7f}b", TextProblem::ControlCharacter),
        ("a\u{9b}b", TextProblem::ControlCharacter),
        ("\u{202e}fdp.a", TextProblem::TurnsDirection),
        ("a\u{200f}b", TextProblem::TurnsDirection),
        ("a\u{61c}b", TextProblem::TurnsDirection),
        ("a\u{2066}b\u{2069}", TextProblem::TurnsDirection),
    ] {
        assert_eq!(ClientName::parse(text), Err(vec![problem]), "{text:?}");
        assert_eq!(CompanyName::parse(text), Err(vec![problem]), "{text:?}");
        assert_eq!(NamePart::parse(text), Err(vec![problem]), "{text:?}");
        assert!(Username::parse(text).is_err(), "{text:?}");
        assert!(
            Email::parse(&format!("{text}@my.example")).is_err(),
            "{text:?}"
        );
    }
}

#[test]
fn marks_that_are_pasted_along_do_not_count() {
    let name = ClientName::parse("\u{200f}\u{feff} رنا\u{200e}").unwrap();
    let phone = PhoneText::parse("\u{202a}+966\u{200e} 50\u{202c}").unwrap();

    assert_eq!(name.as_str(), "رنا");
    assert_eq!(phone.as_str(), "+966 50");
}

#[test]
fn persian_and_emoji_keep_their_joiners() {
    for name in ["می\u{200c}خواهم", "👩\u{200d}💻 Mona", "❤\u{fe0f}"] {
        assert_eq!(ClientName::parse(name).unwrap().as_str(), name);
    }
}

#[test]
fn notes_have_lines_and_directions_but_steer_nothing() {
    let notes = "one\n\ttwo\r\n\u{200f}ثلاثة\u{202a}4\u{202c}";

    assert_eq!(Notes::parse(notes).unwrap().as_str(), notes);
    assert_eq!(
        Notes::parse("a\u{1b}c"),
        Err(vec![TextProblem::ControlCharacter])
    );
}

#[test]
fn a_secret_may_be_anything() {
    for secret in ["pass\u{202e}word", "pass\tword\u{7f}", "\u{200f}password"] {
        assert_eq!(NewPassword::parse(secret).unwrap().as_str(), secret);
        assert_eq!(FilledText::parse(secret).unwrap().as_str(), secret);
    }
}

#[test]
fn an_invisible_letter_is_none_of_a_user_name() {
    for text in ["boss\u{3164}", "bo\u{ffa0}ss", "bo\u{200c}ss"] {
        assert_eq!(Username::parse(text), Err(vec![TextProblem::NotAUsername]));
    }
}

#[test]
fn names_of_timelines_are_known_in_any_disguise() {
    for name in [
        "Unassigned",
        "UNASSIGNED",
        " un\u{200b}assigned ",
        "Un assigned",
        "un-assigned",
        "ＵＮＡＳＳＩＧＮＥＤ",
        "Un\u{430}ssigned",
        "System",
        "SYST\u{395}M",
        "S\u{200d}ystem",
        "Sýstém",
        "system.",
        "API: Website",
        "api:x",
        "A P I : x",
        "ＡＰＩ：نموذج",
        "none",
        "Unknown",
        "غير معيّن",
        "غَيْر مُعَيَّن",
        "غير مسنـــد",
        "ألنظام",
        "النّظام",
    ] {
        assert!(is_of_timelines(name), "{name:?}");
    }
    for name in [
        "Samir System",
        "Systems",
        "Sam",
        "Apitz",
        "نظام الدين",
        "معين",
        "",
        "...",
        "محمد أحمد",
    ] {
        assert!(!is_of_timelines(name), "{name:?}");
    }
}

#[test]
fn a_text_is_shown_without_steering_what_it_is_shown_in() {
    let text = "a\u{1b}[2J\nb\u{202e}c\u{9b}d\te\u{2028} رنا 👩\u{200d}💻";

    assert_eq!(
        shown(text).to_string(),
        "a\\u{1b}[2J\\nb\\u{202e}c\\u{9b}d\\te\\u{2028} رنا 👩\u{200d}💻"
    );
}

#[test]
fn an_imported_name_is_one_line_in_timelines() {
    let name = DisplayName::new("Ed\u{1b}[2J", "One\n99\u{202e} root", "ed");

    assert_eq!(name.as_str(), "Ed [2J One 99 root");
}
