//! The languages in which people are spoken to. The texts are in `locales`, a file for each subject.

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader as _, langid, static_loader};
use std::borrow::Cow;
use std::collections::HashMap;

static_loader! {
    static TEXTS = {
        locales: "./locales",
        fallback_language: "en",
        // The marks around inserted text are for plain text in which directions mix; pages say it
        // with elements.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const ENGLISH: LanguageIdentifier = langid!("en");
const ARABIC: LanguageIdentifier = langid!("ar");

/// A language that people can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Arabic, written from right to left.
    Arabic,
}

impl Language {
    /// The language with that tag (`ar`, `ar-SA`, `en`); `None` for any other.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.trim() {
            primary if primary.eq_ignore_ascii_case("ar") => Some(Self::Arabic),
            primary if primary.eq_ignore_ascii_case("en") => Some(Self::English),
            _ => None,
        }
    }

    /// The one that an `Accept-Language` header likes best; English if it names neither.
    pub fn preferred(header: &str) -> Self {
        Self::named(header).unwrap_or_default()
    }

    /// The one that an `Accept-Language` header likes best; `None` if it names neither.
    pub fn named(header: &str) -> Option<Self> {
        accept_language::parse(header)
            .iter()
            .find_map(|tag| Self::of_tag(tag))
    }

    /// Its tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Arabic => "ar",
        }
    }

    /// The direction in which it is written, as HTML says it.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::English => "ltr",
            Self::Arabic => "rtl",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::English => Self::Arabic,
            Self::Arabic => Self::English,
        }
    }

    /// The text with that key.
    pub fn text(self, key: &str) -> String {
        TEXTS.lookup(&self.identifier(), key)
    }

    /// The text with that key, with values in their places.
    pub fn text_with(self, key: &str, values: &[(&'static str, &str)]) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue<'_>> = values
            .iter()
            .map(|&(name, value)| (Cow::Borrowed(name), FluentValue::from(value)))
            .collect();
        TEXTS.lookup_with_args(&self.identifier(), key, &values)
    }

    const fn identifier(self) -> LanguageIdentifier {
        match self {
            Self::English => ENGLISH,
            Self::Arabic => ARABIC,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

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
    fn both_languages_have_the_same_texts_with_the_same_places() {
        let folder = |language: Language| {
            let path = format!("{}/locales/{}", env!("CARGO_MANIFEST_DIR"), language.tag());
            let mut texts = BTreeSet::new();
            for entry in std::fs::read_dir(path).unwrap() {
                for line in std::fs::read_to_string(entry.unwrap().path())
                    .unwrap()
                    .lines()
                {
                    let Some((key, text)) = line.split_once(" = ") else {
                        continue;
                    };
                    let places: BTreeSet<_> = text
                        .split("{ $")
                        .skip(1)
                        .map(|rest| rest.split(' ').next().unwrap().to_owned())
                        .collect();
                    texts.insert((key.to_owned(), places));
                }
            }
            texts
        };

        let english = folder(Language::English);

        assert!(english.len() > 10, "{english:?}");
        assert_eq!(english, folder(Language::Arabic));
    }
}
