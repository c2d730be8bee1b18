//! Texts as they are compared when somebody looks for one.

use proptest::prelude::*;
use tawzi_core::text::folded::folded;

/// Texts that are one to whoever looks for them.
const SAME: &[(&str, &str)] = &[
    ("أحمد إبراهيم آمال ٱلله", "احمد ابراهيم امال الله"),
    ("مُحَمَّد رَحْمٰن", "محمد رحمن"),
    ("محـــمد", "محمد"),
    ("فاطمة", "فاطمه"),
    ("مصطفى", "مصطفي"),
    ("مؤمن رئيس", "مومن رييس"),
    ("علی کریم", "علي كريم"),
    ("ﻻﺣﻖ", "لاحق"),
    ("فيلا ٢٣ ۴", "فيلا 23 4"),
    ("Élodie ÇA Ångström", "elodie ca angstrom"),
    ("E\u{301}lodie", "Élodie"),
    ("STRASSE", "straße"),
    ("STRAẞE", "straße"),
    ("ΣΟΦΟΣ", "σοφός"),
    ("ДМИТРИЙ", "дмитрий"),
    ("İSTANBUL", "ıstanbul"),
    ("Łódź Đorđe", "lodz dorde"),
    ("ﬁancé", "FIANCE"),
    ("Ｓａｒａ", "sara"),
    ("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"),
    ("Sa\u{200d}ra\u{200f}", "Sara"),
    ("Sara\u{a0}\t Haddad", "sara haddad"),
];

#[test]
fn what_people_write_in_several_ways_is_folded_into_one() {
    for (one, other) in SAME {
        assert_eq!(folded(one), folded(other), "{one} {other}");
    }
}

#[test]
fn what_is_another_word_stays_another() {
    for (one, other) in [
        ("حسن", "حسين"),
        ("علاء", "علا"),
        ("سارة", "سارا"),
        ("か", "が"),
        ("कि", "का"),
        ("sara", "sarah"),
        ("a b", "ab"),
    ] {
        assert_ne!(folded(one), folded(other), "{one} {other}");
    }
}

proptest! {
    #[test]
    fn a_folded_text_stays_as_it_is(text in any::<String>()) {
        let once = folded(&text);

        prop_assert_eq!(folded(&once), once);
    }

    #[test]
    fn a_text_is_folded_the_same_composed_and_decomposed(text in "[\\u{20}-\\u{24f}\\u{370}-\\u{6ff}\\u{1e00}-\\u{1fff}]{0,20}") {
        use unicode_normalization::UnicodeNormalization as _;
        let composed: String = text.nfc().collect();
        let decomposed: String = text.nfd().collect();

        prop_assert_eq!(folded(&composed), folded(&decomposed));
    }
}

#[test]
fn every_letter_is_folded_once_and_for_all() {
    for letter in '\0'..=char::MAX {
        let once = folded(&letter.to_string());

        assert_eq!(folded(&once), once, "{letter:?}");
    }
}
