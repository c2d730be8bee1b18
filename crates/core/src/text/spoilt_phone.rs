//! What spreadsheets and programs do to phone numbers: they take them for amounts.

use super::TextProblem;
use crate::digits;
use std::borrow::Cow;

/// What programs write where they have no number.
const NOTHING: [&str; 10] = [
    "nan",
    "nat",
    "<na>",
    "none",
    "null",
    "nil",
    "undefined",
    "inf",
    "infinity",
    "[object object]",
];

/// The number that was meant: a whole one is often written as an amount, `966501234567.0`.
pub(super) fn repaired(text: &str) -> Cow<'_, str> {
    let whole = text
        .rfind(is_point)
        .map(|point| text.split_at(point))
        .filter(|(_, decimals)| are_no_decimals(decimals))
        .map(|(whole, _)| whole)
        .filter(|whole| is_digits(whole.strip_prefix('+').unwrap_or(whole)));
    Cow::Borrowed(whole.unwrap_or(text))
}

/// What is wrong with a number.
pub(super) fn problem(text: &str) -> Option<TextProblem> {
    if is_power_of_ten(text) {
        return Some(TextProblem::Shortened);
    }
    let is_nothing = NOTHING.contains(&&*text.to_lowercase()) || is_shown_instead(text);
    is_nothing.then_some(TextProblem::NoNumber)
}

/// Whether it is a point and one or two zeros.
fn are_no_decimals(decimals: &str) -> bool {
    let mut zeros = decimals.chars().skip(1).map(digits::latin);
    let few = (1..=2).contains(&zeros.clone().count());
    few && zeros.all(|digit| digit == '0')
}

/// Whether it is an amount with a power of ten, such as `9.66501E+11`.
fn is_power_of_ten(text: &str) -> bool {
    let unsigned = |text: &'_ str| text.trim().trim_start_matches(['+', '-']).to_owned();
    let Some((amount, power)) = text.split_once(['e', 'E', '\u{ff25}']) else {
        return false;
    };
    let (amount, power) = (unsigned(amount), unsigned(power));
    let (whole, decimals) = amount.split_once(is_point).unwrap_or((&amount, "0"));
    is_digits(whole) && (decimals.is_empty() || is_digits(decimals)) && is_digits(&power)
}

/// Whether it is what a spreadsheet shows in a cell that is too narrow (`####`), or instead of a result: `#REF!`,
/// `#DIV/0!`, or the like in another language. `#31#0501234567` is a number.
fn is_shown_instead(text: &str) -> bool {
    let has_digits = |text: &str| {
        let mut latin = text.chars().map(digits::latin);
        latin.any(|letter| letter.is_ascii_digit())
    };
    let rest = text.strip_prefix('#');
    rest.is_some_and(|rest| !has_digits(rest.strip_suffix("/0!").unwrap_or(rest)))
}

/// Whether it is digits and nothing else.
fn is_digits(text: &str) -> bool {
    let mut latin = text.chars().map(digits::latin);
    !text.is_empty() && latin.all(|letter| letter.is_ascii_digit())
}

/// Whether it can stand between whole and decimals.
const fn is_point(letter: char) -> bool {
    matches!(letter, '.' | ',' | '\u{66b}' | '\u{ff0e}')
}
