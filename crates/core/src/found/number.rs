//! Phone numbers as they are kept to be found, and in how many ways one that is looked for may have been written.

use crate::phone::PhoneRegion;
use crate::text::folded::folded;
use phonenumber::{Mode, PhoneNumber};

/// A number with as many digits may be a whole one.
const WHOLE: usize = 8;

/// No number of the world has more digits, but perhaps two zeros before them.
const LONGEST: usize = 17;

/// What people write between the digits of a number.
pub(super) const fn is_between_digits(letter: char) -> bool {
    matches!(
        letter,
        ' ' | '+' | '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}'
    )
}

/// The digits of a number or of a part of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// Whether its country is written.
    is_international: bool,
    /// Without the `+` or the zeros that stand for it.
    digits: String,
}

/// The lines that are kept of a number: what stands behind a letter is an extension, a number by itself. A text
/// with letters is kept as it is, too.
pub(super) fn lines(number: &str) -> Vec<String> {
    let number = folded(number);
    let parts = number.split(|letter: char| letter.is_alphabetic() || ";,#".contains(letter));
    let line = |number: Number| {
        let mark = if number.is_international { '+' } else { '#' };
        format!("{mark}{}\n", number.digits)
    };
    let mut lines: Vec<_> = parts.filter_map(Number::read).map(line).collect();
    if number.contains(char::is_alphabetic) {
        lines.push(format!("{number}\n"));
    }
    lines
}

/// The whole number that the words begin with, if it is written with gaps, and of how many words.
pub(super) fn begins(words: &[String], region: Option<PhoneRegion>) -> Option<(String, usize)> {
    let of_number = words
        .iter()
        .enumerate()
        .take_while(|(place, word)| {
            word.chars()
                .all(|letter| letter.is_ascii_digit() || is_between_digits(letter))
                && (*place == 0 || !word.contains('+'))
        })
        .count();
    if of_number < 2 {
        return None;
    }
    let joined = words[..of_number].join(" ");
    let number = Number::read(&joined)?;
    let digits = number.digits.len();
    let begins_like_one = number.is_international || number.digits.starts_with('0');
    let may_be_whole = digits > WHOLE && digits <= LONGEST;
    let is_valid = || number.readings(region).iter().any(PhoneNumber::is_valid);
    (may_be_whole && (begins_like_one || is_valid())).then_some((joined, of_number))
}

impl Number {
    /// The number that a word is, if it is nothing else.
    pub(super) fn written(word: &str) -> Option<Self> {
        let is_of_number = |letter: char| letter.is_ascii_digit() || is_between_digits(letter);
        if word.chars().all(is_of_number) {
            Self::read(word)
        } else {
            None
        }
    }

    /// The digits of a folded text.
    fn read(text: &str) -> Option<Self> {
        let has_plus = text
            .find(|letter: char| letter == '+' || letter.is_ascii_digit())
            .is_some_and(|place| text[place..].starts_with('+'));
        // The zero that is written within the country stands in brackets beside the country.
        let text = if has_plus {
            text.replace("(0)", "")
        } else {
            text.to_owned()
        };
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let behind_zeros = digits.strip_prefix("00").filter(|rest| !rest.is_empty());
        match (has_plus, behind_zeros) {
            _ if digits.is_empty() => None,
            (false, Some(rest)) => Some(Self {
                is_international: true,
                digits: rest.to_owned(),
            }),
            (is_international, _) => Some(Self {
                is_international,
                digits,
            }),
        }
    }

    /// How the lines of clients who have the number, or one of which this is a part, may be written.
    pub(super) fn spellings(&self, region: Option<PhoneRegion>) -> Vec<String> {
        let digits = &self.digits;
        let mut spellings = if self.is_international {
            vec![format!("+{digits}"), format!("#{digits}")]
        } else {
            vec![digits.clone()]
        };
        let code = region.and_then(PhoneRegion::calling_code);
        if let Some(code) = code {
            spellings.extend(self.beginnings(code));
        }
        for number in self.readings(region) {
            let of_number = Written::of(&number);
            spellings.extend(of_number.with_country());
            // Without a country it is one of the company's country.
            if code.is_none_or(|code| code == number.code().value()) {
                spellings.extend(of_number.without_country());
            }
        }
        let behind_zero = digits.trim_start_matches('0');
        let knows_no_country = region.is_none() && !self.is_international;
        if knows_no_country && behind_zero != digits && behind_zero.len() >= WHOLE - 1 {
            spellings.push(format!("{behind_zero}\n"));
        }
        spellings
    }

    /// How a number that begins like this one begins when it is written the other way, with or without the country.
    fn beginnings(&self, code: u16) -> Vec<String> {
        let code = code.to_string();
        if self.is_international {
            let behind = self.digits.strip_prefix(&code);
            let behind = behind.filter(|rest| !rest.is_empty());
            return behind.map(|rest| format!("#0{rest}")).into_iter().collect();
        }
        let behind = self.digits.strip_prefix('0');
        let behind = behind.filter(|rest| !rest.is_empty() && !rest.starts_with('0'));
        let both = behind.map(|rest| [format!("+{code}{rest}"), format!("#{code}{rest}")]);
        both.into_iter().flatten().collect()
    }

    /// The whole numbers that it may be.
    fn readings(&self, region: Option<PhoneRegion>) -> Vec<PhoneNumber> {
        if self.digits.len() < WHOLE {
            return Vec::new();
        }
        if self.is_international {
            let number = PhoneRegion::read(None, &format!("+{}", self.digits));
            return number.into_iter().collect();
        }
        let within = region.and_then(|region| PhoneRegion::read(Some(region), &self.digits));
        let within = within.filter(|number| number.is_valid() || self.digits.starts_with('0'));
        within.into_iter().chain(self.with_country()).collect()
    }

    /// The number whose country is written, although nothing says so.
    fn with_country(&self) -> Option<PhoneNumber> {
        let number = PhoneRegion::read(None, &format!("+{}", self.digits));
        number.filter(|number| number.is_valid() && !self.digits.starts_with('0'))
    }
}

/// A whole number in the ways in which it is written.
struct Written {
    country: String,
    /// Behind the country.
    behind: String,
    /// Within the country.
    within: String,
}

impl Written {
    fn of(number: &PhoneNumber) -> Self {
        let digits = |mode| {
            let text = number.format().mode(mode).to_string();
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        };
        let country = number.code().value().to_string();
        let international = digits(Mode::E164);
        let behind = international.strip_prefix(&country);
        Self {
            behind: behind.unwrap_or(&international).to_owned(),
            within: digits(Mode::National),
            country,
        }
    }

    /// The last one is wrong, but people write it.
    fn with_country(&self) -> [String; 3] {
        let Self {
            country,
            behind,
            within,
        } = self;
        [
            format!("+{country}{behind}"),
            format!("#{country}{behind}"),
            format!("+{country}{within}"),
        ]
    }

    fn without_country(&self) -> [String; 2] {
        [format!("#{}", self.within), format!("#{}", self.behind)]
    }
}
