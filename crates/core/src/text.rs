//! What people type into fields: each type is a text that keeps its rule, and [`TextProblem`] says what is
//! wrong with another. Every text has a greatest length, from wherever it comes.

mod characters;
pub mod folded;
pub mod password;
mod spoilt_phone;
mod timeline_names;

pub(crate) use characters::made_one_line;
pub use characters::{Shown, shown, steers};
pub use timeline_names::is_of_timelines;

pub(crate) use characters::is_mark;
use characters::{breaks_line, is_invisible, is_stray_mark, turns_direction};
use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;
use unicode_security::MixedScript as _;

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// It says nothing.
    #[error("is empty")]
    Blank,
    /// It has too many characters.
    #[error("is longer than {longest} characters")]
    TooLong {
        /// How many it may have.
        longest: usize,
    },
    /// It has too few characters.
    #[error("is too short; use at least {least} characters")]
    TooShort {
        /// How many it must have.
        least: usize,
    },
    /// Many people choose it as their password.
    #[error("is one that many people choose; use another")]
    TooCommon,
    /// Passwords that are digits alone are guessed.
    #[error("is digits alone; use letters, too")]
    DigitsAlone,
    /// It contains the character that databases cannot store.
    #[error("contains a null character")]
    NullCharacter,
    /// It has more than one line.
    #[error("contains a line break")]
    LineBreak,
    /// It contains characters that are for machines.
    #[error("contains a control character")]
    ControlCharacter,
    /// It contains characters that make others stand elsewhere than they are.
    #[error("contains a character that turns the direction of writing")]
    TurnsDirection,
    /// It is a name that timelines use themselves; see [`is_of_timelines`].
    #[error("is a name that timelines use themselves")]
    OfTimelines,
    /// User names have other characters.
    #[error("has other characters than letters, digits and . + - _")]
    NotAUsername,
    /// It has not the form of an e-mail address.
    #[error("is no e-mail address")]
    NotAnEmail,
    /// A spreadsheet has rounded a phone number, and its last digits are lost.
    #[error(
        "was shortened by a spreadsheet; make its column one of text and enter the number again"
    )]
    Shortened,
    /// A spreadsheet or a program has written that there is no number.
    #[error(
        "is what a spreadsheet or a program writes instead of a number; enter the number, or leave it empty"
    )]
    NoNumber,
}

/// Which characters a text may have. A null character is in none.
#[derive(Clone, Copy)]
enum Characters {
    /// What a line can show as it is; invisible marks around it never count.
    Line,
    /// The same, and marks within it do not count either: numbers are pasted with them.
    Number,
    /// Lines and paragraphs in any direction.
    Paragraphs,
    /// Whatever somebody wants: secrets are not shown.
    Any,
}

/// What a text must be like. Whitespace around it never counts.
#[derive(Clone, Copy)]
struct Rule {
    says_something: bool,
    longest: usize,
    characters: Characters,
    /// What is meant by the text.
    meant: fn(&str) -> Cow<'_, str>,
    form: fn(&str) -> Option<TextProblem>,
}

impl Rule {
    /// Says something in at most `longest` characters.
    const fn filled(longest: usize) -> Self {
        Self {
            says_something: true,
            ..Self::perhaps_empty(longest)
        }
    }

    /// Has at most `longest` characters.
    const fn perhaps_empty(longest: usize) -> Self {
        Self {
            says_something: false,
            longest,
            characters: Characters::Line,
            meant: |text| Cow::Borrowed(text),
            form: |_| None,
        }
    }

    /// The same with other characters.
    const fn of(self, characters: Characters) -> Self {
        Self { characters, ..self }
    }

    /// Is a phone number that no spreadsheet has spoilt.
    const fn phone_number(self) -> Self {
        Self {
            meant: spoilt_phone::repaired,
            form: spoilt_phone::problem,
            ..self
        }
    }

    fn keep(self, text: &str) -> Result<String, Vec<TextProblem>> {
        let counted = self.characters.counted(text);
        let meant = (self.meant)(&counted);
        let text = &*meant;
        if text.is_empty() && self.says_something {
            return Err(vec![TextProblem::Blank]);
        }
        let longest = self.longest;
        let too_long = text.chars().count() > longest;
        let mut problems = Vec::new();
        problems.extend(too_long.then_some(TextProblem::TooLong { longest }));
        problems.extend(self.characters.problem(text));
        if problems.is_empty() {
            problems.extend((self.form)(text));
        }
        if problems.is_empty() {
            Ok(text.to_owned())
        } else {
            Err(problems)
        }
    }
}

impl Characters {
    /// What counts of a text.
    fn counted(self, text: &str) -> Cow<'_, str> {
        let text: Cow<'_, str> = match self {
            Self::Any => return text.trim().into(),
            Self::Line => text
                .trim_matches(|c: char| c.is_whitespace() || is_stray_mark(c))
                .into(),
            Self::Number if text.contains(is_mark) => without_marks(text).into(),
            Self::Number | Self::Paragraphs => text.trim().into(),
        };
        // Whatever nobody sees says nothing.
        if text.chars().all(is_invisible) {
            "".into()
        } else {
            text
        }
    }

    /// The first character that the text may not have.
    fn problem(self, text: &str) -> Option<TextProblem> {
        let has = |found: fn(char) -> bool| text.contains(found);
        let in_line = matches!(self, Self::Line | Self::Number);
        let for_people = |c: char| breaks_line(c) || c == '\t';
        let control = |c: char| c.is_control() && (in_line || !for_people(c));
        if text.contains('\0') {
            Some(TextProblem::NullCharacter)
        } else if matches!(self, Self::Any) {
            None
        } else if in_line && has(breaks_line) {
            Some(TextProblem::LineBreak)
        } else if text.contains(control) {
            Some(TextProblem::ControlCharacter)
        } else {
            (in_line && has(turns_direction)).then_some(TextProblem::TurnsDirection)
        }
    }
}

fn without_marks(text: &str) -> String {
    text.replace(is_mark, "").trim().to_owned()
}

/// How many characters a password has at most: what is longer is refused before anything is computed of it.
pub const LONGEST_PASSWORD: usize = 1024;

macro_rules! texts {
    ($($(#[$doc:meta])+ $name:ident = $rule:expr;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        /// Names, numbers and passwords are nobody's business.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }

        impl $name {
            /// The text without the whitespace around it, or everything that is wrong with it.
            pub fn parse(text: &str) -> Result<Self, Vec<TextProblem>> {
                $rule.keep(text).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    )+};
}

texts! {
    /// The name of a client.
    ClientName = Rule::filled(255);
    /// The name of a status, a stage or a channel.
    ShortName = Rule::filled(255);
    /// What kind of channel something is, in the company's own words.
    ChannelType = Rule::filled(100);
    /// A colour: `#rrggbb`, or a short name of it.
    Colour = Rule::filled(7);
    /// Perhaps empty: a description, or what was noted.
    Notes = Rule::perhaps_empty(10_000).of(Characters::Paragraphs);
    /// A phone number as people write it, perhaps empty; see [`crate::phone`] for when two are the same.
    PhoneText = Rule::perhaps_empty(20).of(Characters::Number).phone_number();
    /// A phone number in a list of them, which says something.
    ListedPhone = Rule::filled(20).of(Characters::Number).phone_number();
    /// What somebody signs in with. It has no `@`: whoever signs in with one is looked for by e-mail address.
    Username = Rule { form: username, ..Rule::filled(150) };
    /// An e-mail address.
    Email = Rule { form: email, ..Rule::filled(254) };
    /// The first or the last name of a user, perhaps empty.
    NamePart = Rule::perhaps_empty(150);
    /// The name of a company.
    CompanyName = Rule::filled(64);
    /// The domain of a company.
    Domain = Rule::filled(256);
    /// What an API key is called.
    ApiKeyName = Rule::filled(100);
    /// A password in a form, empty when the form says nothing about it.
    FormPassword = Rule::perhaps_empty(LONGEST_PASSWORD).of(Characters::Any);
    /// A password that somebody shows.
    ShownPassword = Rule::filled(LONGEST_PASSWORD).of(Characters::Any);
    /// A password that somebody is to have: at least 8 characters, not digits alone, and none that many people
    /// choose. The whitespace around it does not count when it is compared later, either.
    NewPassword = Rule { form: password::weakness, ..Rule::filled(LONGEST_PASSWORD).of(Characters::Any) };
    /// Text of any characters that says something, as long as no token is: what somebody proves who they are with.
    FilledText = Rule::filled(4096).of(Characters::Any);
}

fn username(text: &str) -> Option<TextProblem> {
    let letter = |c: char| c.is_alphanumeric() && !is_invisible(c);
    let allowed = |c: char| letter(c) || matches!(c, '.' | '+' | '-' | '_');
    (!text.chars().all(allowed)).then_some(TextProblem::NotAUsername)
}

/// What may stand in the name of an address beside letters, digits and dots.
const NAME_SIGNS: &str = "!#$%&'*+/=?^_`{|}~-";

/// An address as mail servers take it: a name of letters, digits and the signs that may stand in one, and a host of at
/// least two parts, each in one script, so that it is not taken for another that looks the same.
fn email(text: &str) -> Option<TextProblem> {
    let of_name = |c: char| c.is_alphanumeric() || is_combining_mark(c) || NAME_SIGNS.contains(c);
    let of_host = |c: char| c.is_alphanumeric() || is_combining_mark(c) || c == '-';
    let is_part = |part: &str| {
        let ends = [part.chars().next(), part.chars().next_back()];
        !ends.contains(&None) && !ends.contains(&Some('-')) && part.is_single_script()
    };
    let good = text.split_once('@').is_some_and(|(name, host)| {
        let mut words = name.split('.');
        let name = words.all(|word| !word.is_empty() && word.chars().all(of_name));
        let parts: Vec<_> = host.split('.').collect();
        let host = parts
            .iter()
            .all(|part| is_part(part) && part.chars().all(of_host));
        name && host && (parts.len() > 1 || parts == ["localhost"])
    });
    (!good).then_some(TextProblem::NotAnEmail)
}
