//! What people type into fields: each type is a text that keeps its rule, and [`TextProblem`] says what is
//! wrong with another.

pub mod folded;

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
    /// It contains the character that databases cannot store.
    #[error("contains a null character")]
    NullCharacter,
    /// User names have other characters.
    #[error("has other characters than letters, digits and . + - _")]
    NotAUsername,
    /// It has not the form of an e-mail address.
    #[error("is no e-mail address")]
    NotAnEmail,
}

/// What a text must be like. Whitespace around it never counts.
#[derive(Clone, Copy)]
struct Rule {
    says_something: bool,
    longest: usize,
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
            form: |_| None,
        }
    }

    fn keep(self, text: &str) -> Result<String, Vec<TextProblem>> {
        let text = text.trim();
        if text.is_empty() && self.says_something {
            return Err(vec![TextProblem::Blank]);
        }
        let longest = self.longest;
        let too_long = text.chars().count() > longest;
        let mut problems = Vec::new();
        problems.extend(too_long.then_some(TextProblem::TooLong { longest }));
        problems.extend(text.contains('\0').then_some(TextProblem::NullCharacter));
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
    /// Text of any length, perhaps empty: a description, or what was noted.
    Notes = Rule::perhaps_empty(usize::MAX);
    /// A phone number as people write it, perhaps empty; see [`crate::phone`] for when two are the same.
    PhoneText = Rule::perhaps_empty(20);
    /// A phone number in a list of them, which says something.
    ListedPhone = Rule::filled(20);
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
    FormPassword = Rule::perhaps_empty(1000);
    /// A password that somebody is to have: at least 8 characters. The whitespace around
    /// it does not count when it is compared later, either.
    NewPassword = Rule { form: long_enough, ..Rule::filled(usize::MAX) };
    /// Text that says something, of any length.
    FilledText = Rule::filled(usize::MAX);
}

fn long_enough(text: &str) -> Option<TextProblem> {
    let least = 8;
    (text.chars().count() < least).then_some(TextProblem::TooShort { least })
}

fn username(text: &str) -> Option<TextProblem> {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '+' | '-' | '_');
    (!text.chars().all(allowed)).then_some(TextProblem::NotAUsername)
}

fn email(text: &str) -> Option<TextProblem> {
    let well_formed = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    let good = well_formed && !text.contains(char::is_whitespace);
    (!good).then_some(TextProblem::NotAnEmail)
}
