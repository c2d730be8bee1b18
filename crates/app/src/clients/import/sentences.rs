//! What is said about lines.

/// How many lines are told of by themselves.
const TOLD: usize = 20;

/// Sentences about lines, of which the first twenty are told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentences {
    first: Vec<String>,
    more: usize,
}

impl Sentences {
    pub(super) fn add(&mut self, line: u64, sentence: impl std::fmt::Display) {
        if self.first.len() < TOLD {
            self.first.push(format!("line {line}: {sentence}"));
        } else {
            self.more += 1;
        }
    }

    /// How many lines there are.
    pub const fn count(&self) -> usize {
        self.first.len() + self.more
    }

    /// The sentences, and how many more there are.
    pub fn told(self) -> Vec<String> {
        let more = (self.more > 0).then(|| format!("and {} more lines", self.more));
        self.first.into_iter().chain(more).collect()
    }
}
