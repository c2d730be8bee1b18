//! The pairs of letters in a text, as words that an index of words can keep: by them a word of one or two letters
//! is found, which is too short for an index of three.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The pairs of letters on each line, and the last letter of each, in words with spaces between them.
pub fn pairs(text: &str) -> String {
    let mut pairs = BTreeSet::new();
    for line in text.lines() {
        let next = line.chars().skip(1).map(Some).chain([None]);
        pairs.extend(line.chars().zip(next));
    }
    let mut words = String::with_capacity(pairs.len() * 6);
    for (letter, next) in pairs {
        if !words.is_empty() {
            words.push(' ');
        }
        write(&mut words, letter, next);
    }
    words
}

/// What of the pairs a text has that has the letters: each as a word, or, of a single letter, how all words begin
/// that stand for a pair with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pairs {
    /// All of these words.
    Words(Vec<String>),
    /// A word that begins like this.
    Beginning(String),
}

impl Pairs {
    /// Of letters that stand on one line.
    pub fn of(letters: &str) -> Self {
        let letters: Vec<_> = letters.trim_end_matches('\n').chars().collect();
        let word = |letter, next| {
            let mut word = String::new();
            write(&mut word, letter, next);
            word
        };
        match letters[..] {
            [letter] => Self::Beginning(word(letter, None)),
            _ => Self::Words(
                letters
                    .windows(2)
                    .map(|pair| word(pair[0], Some(pair[1])))
                    .collect(),
            ),
        }
    }
}

/// A pair in digits and Latin letters, which no index takes apart.
fn write(words: &mut String, letter: char, next: Option<char>) {
    // Writing to a string cannot fail.
    let _ = write!(words, "{:x}x", u32::from(letter));
    if let Some(next) = next {
        let _ = write!(words, "{:x}", u32::from(next));
    }
}
