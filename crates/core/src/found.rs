//! By what clients are found: the text that is kept of each, and what is looked for in it.
//!
//! The text is the folded name, then each phone number, each on a line that ends. A number begins with `+` where
//! its country is written and with `#` where not, and has nothing but digits behind that. How else it may be
//! written is thought of when it is looked for: what is kept does not depend on the country of the company.

pub mod letters;
mod number;

use crate::phone::PhoneRegion;
use crate::text::folded::folded;
use number::Number;

/// The text by which a client of that name with those phone numbers is found.
pub fn found_by<'n>(name: &str, numbers: impl IntoIterator<Item = &'n str>) -> String {
    let mut text = folded(name);
    text.push('\n');
    for number in numbers {
        for line in number::lines(number) {
            if !text.contains(&line) {
                text.push_str(&line);
            }
        }
    }
    text
}

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoughtWord {
    /// As it would stand in a name.
    pub folded: String,
    /// One of these stands in the text of each client that has the word; the word as in a name is among them,
    /// unless what is looked for instead stands wherever it does.
    pub spellings: Vec<String>,
}

/// What is looked for when somebody types these words: each that says something, and a phone number with gaps as
/// one word.
pub fn sought(words: &[String], region: Option<PhoneRegion>) -> Vec<SoughtWord> {
    let words: Vec<_> = words.iter().map(|word| folded(word)).collect();
    let said = |word: &String| !word.trim().is_empty();
    let words: Vec<_> = words.into_iter().filter(said).collect();
    let mut sought = Vec::with_capacity(words.len());
    let mut rest = &words[..];
    while let Some(first) = rest.first() {
        let (word, taken) = match number::begins(rest, region) {
            Some((number, parts)) => (number, parts),
            None => (first.clone(), 1),
        };
        sought.push(SoughtWord::new(word, region));
        rest = &rest[taken..];
    }
    sought
}

impl SoughtWord {
    /// Whether it may be a phone number, or a part of one.
    pub fn may_be_of_number(&self) -> bool {
        let may_be = |letter: char| {
            letter.is_ascii_digit() || letter == '#' || number::is_between_digits(letter)
        };
        self.folded.chars().all(may_be)
    }

    fn new(folded: String, region: Option<PhoneRegion>) -> Self {
        let mut all = vec![folded.clone()];
        if let Some(number) = Number::written(&folded) {
            all.extend(number.spellings(region));
        }
        // One that another one stands in is found with that.
        let mut spellings: Vec<String> = Vec::with_capacity(all.len());
        all.sort_by_key(String::len);
        for spelling in all {
            if !spellings.iter().any(|shorter| spelling.contains(shorter)) {
                spellings.push(spelling);
            }
        }
        Self { folded, spellings }
    }
}
