//! When two phone numbers are the same number, however they are written.

use crate::digits;
use crate::text::is_mark;
use phonenumber::country;

/// The country whose way of writing numbers a company means when it leaves the country out: its
/// two letters (ISO 3166), such as `SA`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhoneRegion(country::Id);

/// Two letters that are no country with a telephone network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("phone_region must be the two letters of a country, such as SA or EG.")]
pub struct BadRegion;

impl PhoneRegion {
    /// The country with these letters, in either case.
    pub fn parse(letters: &str) -> Result<Self, BadRegion> {
        let id = letters.to_ascii_uppercase().parse();
        id.map(Self).map_err(|_| BadRegion)
    }

    /// Its letters.
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// What numbers of the country begin with where the country is written, without a plus.
    pub(crate) fn calling_code(self) -> Option<u16> {
        let country = phonenumber::metadata::DATABASE.by_id(self.as_str());
        country.map(phonenumber::Metadata::country_code)
    }

    /// The number, if it is one of this country or says which country it is of.
    pub(crate) fn read(region: Option<Self>, number: &str) -> Option<phonenumber::PhoneNumber> {
        phonenumber::parse(region.map(|region| region.0), number).ok()
    }
}

/// What the ways to write one phone number have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneKey(String);

impl PhoneKey {
    /// The key of a number: its international form (E.164) with its extension, if any. Where the
    /// country cannot be told, its digits. `None` when there are none: then nothing can be said.
    ///
    /// Digits may be of any script; `00` at the start is a `+`.
    pub fn of(number: &str, region: Option<PhoneRegion>) -> Option<Self> {
        let number = in_latin_digits(number);
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return None;
        }
        let number = match number.strip_prefix("00") {
            Some(rest) => format!("+{rest}"),
            None => number,
        };
        let key = match PhoneRegion::read(region, &number) {
            Some(parsed) => {
                let international = parsed.format().mode(phonenumber::Mode::E164);
                match parsed.extension() {
                    Some(extension) => format!("{international};{extension}"),
                    None => international.to_string(),
                }
            }
            None => digits,
        };
        Some(Self(key))
    }

    /// A key that was kept.
    pub fn from_kept(key: String) -> Self {
        Self(key)
    }

    /// The key as it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The number in Latin digits and signs, without the invisible marks that come along when it is copied out of Arabic
/// text, and without what stands around it: blanks, quotation marks, the full stop of a sentence.
fn in_latin_digits(number: &str) -> String {
    let visible = number.chars().filter(|&letter| !is_mark(letter));
    let latin: String = visible
        .map(|letter| match letter {
            // The wide forms of signs lie as far from the others as each other's.
            '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff5e}' => {
                char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter)
            }
            '\u{3002}' | '\u{6d4}' => '.',
            other => digits::latin(other),
        })
        .collect();
    let begins = |letter: char| letter.is_alphanumeric() || matches!(letter, '+' | '(' | '*' | '#');
    let ends = |letter: char| letter.is_alphanumeric() || matches!(letter, ')' | '*' | '#');
    let latin = latin.trim_start_matches(|letter| !begins(letter));
    latin.trim_end_matches(|letter| !ends(letter)).to_owned()
}
