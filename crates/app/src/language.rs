//! The languages in which people are spoken to. The texts are in `locales`, a file for each subject.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::sync::LazyLock;

/// The files of a language, each by its name in `locales`.
macro_rules! files {
    ($language:literal: $($name:literal),+) => {
        [$(include_str!(concat!("../locales/", $language, "/", $name))),+]
    };
}

const IN_ENGLISH: [&str; 3] = files!("en": "home.ftl", "mail.ftl", "trouble.ftl");
const IN_ARABIC: [&str; 3] = files!("ar": "home.ftl", "mail.ftl", "trouble.ftl");

static ENGLISH: LazyLock<Texts> = LazyLock::new(|| texts(Language::English, &IN_ENGLISH));
static ARABIC: LazyLock<Texts> = LazyLock::new(|| texts(Language::Arabic, &IN_ARABIC));

type Texts = FluentBundle<FluentResource>;

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
        self.text_with(key, &[])
    }

    /// The text with that key, with values in their places. Where the language has none, it is English.
    pub fn text_with(self, key: &str, values: &[(&'static str, &str)]) -> String {
        let values = values.iter().copied().collect();
        let text = match self {
            Self::English => None,
            Self::Arabic => written(&ARABIC, key, &values),
        };
        text.or_else(|| written(&ENGLISH, key, &values))
            .unwrap_or_else(|| format!("There is no text {key}"))
    }
}

/// The texts of a language, read from its files. What is no text there is left out.
fn texts(language: Language, files: &[&str]) -> Texts {
    let identifier = language.tag().parse().unwrap_or_default();
    let mut texts = FluentBundle::new_concurrent(vec![identifier]);
    // The marks around inserted text are for plain text in which directions mix; pages say it
    // with elements.
    texts.set_use_isolating(false);
    for &file in files {
        let (Ok(read) | Err((read, _))) = FluentResource::try_new(file.to_owned());
        texts.add_resource_overriding(read);
    }
    texts
}

fn written(texts: &Texts, key: &str, values: &FluentArgs<'_>) -> Option<String> {
    let pattern = texts.get_message(key)?.value()?;
    let text = texts.format_pattern(pattern, Some(values), &mut Vec::new());
    Some(text.into_owned())
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
    fn every_text_of_every_file_can_be_read() {
        for (tag, files) in [("en", IN_ENGLISH), ("ar", IN_ARABIC)] {
            let folder = format!("{}/locales/{tag}", env!("CARGO_MANIFEST_DIR"));
            let there = std::fs::read_dir(folder).unwrap().count();

            assert_eq!(files.len(), there, "{tag}");
            for file in files {
                assert!(FluentResource::try_new(file.to_owned()).is_ok(), "{file}");
            }
        }
    }

    #[test]
    fn a_text_that_is_nowhere_says_so() {
        assert_eq!(Language::Arabic.text("none"), "There is no text none");
    }

    #[test]
    fn a_number_chooses_among_the_forms_of_the_language() {
        let file = "clients = { $number ->\n [zero] none\n [one] one\n [two] two\n [few] few\n \
                    [many] many\n *[other] other\n }\n";
        let forms = |language, number: i64| {
            let values = FluentArgs::from_iter([("number", number)]);
            written(&texts(language, &[file]), "clients", &values).unwrap()
        };

        let arabic = [0, 1, 2, 3, 10, 11, 99, 100].map(|number| forms(Language::Arabic, number));
        let english = [0, 1, 2].map(|number| forms(Language::English, number));

        assert_eq!(
            arabic,
            ["none", "one", "two", "few", "few", "many", "many", "other"]
        );
        assert_eq!(english, ["other", "one", "other"]);
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
