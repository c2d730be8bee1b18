//! Which passwords are guessed too easily. How easily is estimated by a crate that knows the passwords, words, names,
//! dates, rows of keys and repetitions that people choose, and what they put instead of letters.

use super::TextProblem;
use crate::login::LoginKey;
use zxcvbn::zxcvbn;

/// How many characters a password has at least.
const LEAST: usize = 8;

/// A password that is found with fewer guesses is one that many people choose.
const FEWEST_GUESSES: u64 = 10_000;

/// A longer password is not estimated: it takes longer with every character, and none that many people choose is
/// that long.
const LONGEST_ESTIMATED: usize = 32;

/// Why nobody should have that password.
pub(crate) fn weakness(password: &str) -> Option<TextProblem> {
    if password.chars().count() < LEAST {
        Some(TextProblem::TooShort { least: LEAST })
    } else if is_chosen_by_many(password) {
        Some(TextProblem::TooCommon)
    } else if password.chars().all(char::is_numeric) {
        Some(TextProblem::DigitsAlone)
    } else {
        None
    }
}

fn is_chosen_by_many(password: &str) -> bool {
    let password = password.trim();
    password.chars().count() <= LONGEST_ESTIMATED
        && zxcvbn(password, &[]).guesses() < FEWEST_GUESSES
}

/// Whether the password says who its owner is: one of the names, the part of an address before the `@`, or two names
/// behind each other, with or without digits and signs around.
pub fn says_who(password: &str, names: &[&str]) -> bool {
    let said = letters(password);
    if said.is_empty() {
        return false;
    }
    let parts: Vec<_> = names
        .iter()
        .flat_map(|name| [Some(*name), name.split_once('@').map(|(name, _)| name)])
        .flatten()
        .map(letters)
        .filter(|name| !name.is_empty())
        .collect();
    let behind_each_other = |one: &String| {
        let rest = said.strip_prefix(one.as_str()).map(letters);
        rest.is_some_and(|rest| parts.contains(&rest))
    };
    parts.contains(&said) || parts.iter().any(behind_each_other)
}

/// The text from its first to its last letter, as names are compared.
fn letters(text: &str) -> String {
    let key = LoginKey::of(text);
    let letters = key.as_str().trim_matches(|c: char| !c.is_alphabetic());
    letters.to_owned()
}
