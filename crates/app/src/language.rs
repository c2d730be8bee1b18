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

const IN_ENGLISH: [&str; 4] = files!("en": "files.ftl", "home.ftl", "mail.ftl", "trouble.ftl");
const IN_ARABIC: [&str; 4] = files!("ar": "files.ftl", "home.ftl", "mail.ftl", "trouble.ftl");

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
}
