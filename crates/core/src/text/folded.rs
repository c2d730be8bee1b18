//! Texts as they are compared when somebody looks for one: what people write in several ways is written in one.

use super::characters::is_default_ignorable;
use crate::digits;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

/// Marks that stand above, below or on a letter belong to these classes and higher ones. Below are those that make
/// another letter of it in Indic scripts and in kana.
const FIRST_CLASS_OF_MARKS: u8 = 10;

/// The text in the form in which it is compared: letters in one case and without marks, digits Latin, the forms of
/// an Arabic letter one letter, nothing that is not seen, and one space for each gap.
///
/// A text that is folded already stays as it is.
pub fn folded(text: &str) -> String {
    // The capital form of a letter may have no small one of its own, and the other way round.
    let in_one_case = text
        .nfkd()
        .filter(|&letter| !is_passed_over(letter))
        .flat_map(char::to_lowercase)
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase);
    // A letter in the other case may be a composed one again.
    let letters = in_one_case
        .nfkd()
        .filter(|&letter| !is_passed_over(letter))
        .map(plain);
    let mut folded = String::with_capacity(text.len());
    for letter in letters {
        if letter != ' ' || !folded.ends_with(' ') {
            folded.push(letter);
        }
    }
    folded
}

/// Whether a letter is a mark on another one, a stroke that only makes a word longer, or not seen at all.
fn is_passed_over(letter: char) -> bool {
    let stretches = letter == '\u{640}';
    let is_high_hamza = letter == '\u{674}';
    let spans_a_number = matches!(letter, '\u{600}'..='\u{605}');
    stretches
        || is_high_hamza
        || spans_a_number
        || is_default_ignorable(letter)
        || canonical_combining_class(letter) >= FIRST_CLASS_OF_MARKS
}

/// The letter that stands for all of its forms.
pub(super) fn plain(letter: char) -> char {
    match letter {
        // Alef: wasla, wavy hamza.
        '\u{671}'..='\u{673}' | '\u{675}' => '\u{627}',
        // Yeh: alef maksura, Persian, with a tail, barree.
        '\u{649}' | '\u{6cc}' | '\u{6cd}' | '\u{6d2}' => '\u{64a}',
        // Kaf: Persian, swash.
        '\u{6a9}' | '\u{6aa}' => '\u{643}',
        // Heh: teh marbuta, and the forms of Persian and Urdu.
        '\u{629}' | '\u{6be}' | '\u{6c0}'..='\u{6c3}' | '\u{6d5}' => '\u{647}',
        // Strokes are not marks to Unicode.
        '\u{f8}' => 'o',
        '\u{111}' => 'd',
        '\u{127}' => 'h',
        '\u{142}' => 'l',
        gap if gap.is_whitespace() || gap.is_control() => ' ',
        other => digits::latin(other),
    }
}
