//! What is said about lines.

use std::fmt;

/// How many lines are kept with what is said about them.
const KEPT: usize = 100;

/// How many of them are told of one after the other.
const TOLD: usize = 20;

/// Sentences about lines, of which the first hundred are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentences {
    first: Vec<(u64, String)>,
    more: usize,
}

impl Sentences {
    pub(super) fn add(&mut self, line: u64, sentence: impl fmt::Display) {
        if self.first.len() < KEPT {
            self.first.push((line, sentence.to_string()));
        } else {
            self.more += 1;
        }
    }

    /// How many lines there are.
    pub const fn count(&self) -> usize {
        self.first.len() + self.more
    }

    /// The first hundred lines, by their numbers, with what is said about them.
    pub fn first(&self) -> impl Iterator<Item = (u64, &str)> {
        let first = self.first.iter();
        first.map(|(line, sentence)| (*line, sentence.as_str()))
    }

    /// The first twenty sentences, and how many more lines there are.
    pub fn told(&self) -> Vec<String> {
        let first = self.first().take(TOLD);
        let first = first.map(|(line, sentence)| format!("line {line}: {sentence}"));
        let more = self.count().saturating_sub(TOLD);
        let more = (more > 0).then(|| format!("and {more} more lines"));
        first.chain(more).collect()
    }
}

impl fmt::Display for Sentences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told().join("\n"))
    }
}
