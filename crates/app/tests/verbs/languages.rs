//! Every text in every language.

use std::collections::{BTreeMap, BTreeSet};
use tawzi_app::Language;

#[test]
fn the_language_liked_best_is_chosen() {
    for (header, language) in [
        ("", Language::English),
        ("ar", Language::Arabic),
        ("ar-SA,ar;q=0.9,en;q=0.8", Language::Arabic),
        ("fr, ar;q=0.5, en;q=0.3", Language::Arabic),
        ("en;q=0.3, ar;q=0.5", Language::Arabic),
        ("en-GB,en;q=0.9,ar;q=0.8", Language::English),
        ("de, fr", Language::English),
        (";;;q=,", Language::English),
    ] {
        assert_eq!(Language::preferred(header), language, "{header:?}");
    }
}

#[test]
fn a_text_that_is_nowhere_says_so() {
    assert_eq!(Language::Arabic.text("none"), "There is no text none");
}

/// The keys in the files of a language, each with the places in its text.
fn written(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let folder = format!("{}/locales/{}", env!("CARGO_MANIFEST_DIR"), language.tag());
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for (key, text) in file.lines().filter_map(|line| line.split_once(" = ")) {
            let places = text.split("{ $").skip(1);
            let places = places.map(|rest| rest.split(' ').next().unwrap().to_owned());
            texts.insert(key.to_owned(), places.collect());
        }
    }
    texts
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_places() {
    let english = written(Language::English);

    assert!(english.len() > 10, "{english:?}");
    assert_eq!(english, written(Language::Arabic));
}

#[test]
fn every_text_of_every_file_can_be_read() {
    for key in written(Language::English).keys() {
        let texts = [Language::English, Language::Arabic].map(|language| language.text(key));

        assert_ne!(texts[0], format!("There is no text {key}"));
        assert_ne!(texts[0], texts[1], "one is not said in Arabic");
    }
}
