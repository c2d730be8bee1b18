//! Digits as the scripts of the world write them.

/// The zeros of scripts whose digits people here type or copy: Arabic, Persian and Urdu, `NKo`, the scripts of India,
/// Thai, Lao, Tibetan, Burmese, Khmer, Mongolian, and the wide ones of East Asian keyboards.
const ZEROS: [char; 19] = [
    '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}',
    '\u{be6}', '\u{c66}', '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}',
    '\u{17e0}', '\u{1810}', '\u{ff10}',
];

/// The Latin digit that a letter stands for; any other letter as it is.
pub fn latin(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    let value = |zero: &char| u32::from(letter).checked_sub(u32::from(*zero));
    let digit = ZEROS.iter().filter_map(value).find(|&digit| digit < 10);
    digit
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(letter)
}
