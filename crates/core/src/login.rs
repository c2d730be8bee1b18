//! By what people are found who sign in: their user name or e-mail address, however it is written.

use crate::id::UserId;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization as _;

/// What all ways to write a user name or an e-mail address have in common: it does not tell upper from lower case
/// in any script, nor composed letters from decomposed ones, nor wide letters and other forms of a letter from the
/// letter. No two people have the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoginKey(String);

impl LoginKey {
    /// The key of a user name or an e-mail address.
    pub fn of(text: &str) -> Self {
        // A letter may have several upper or lower cases (s and ſ, ß and ẞ): only after both they are all the same.
        // Folding may take a letter apart, which is put together again.
        let lower = text.nfkc().flat_map(char::to_lowercase);
        let upper = lower.flat_map(char::to_uppercase);
        let folded = upper.flat_map(char::to_lowercase);
        let folded = folded.filter(|&c| c != DOT_ABOVE);
        Self(folded.nfkc().collect())
    }

    /// The key as it is kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What lower-casing leaves of the Turkish İ beside the i.
const DOT_ABOVE: char = '\u{307}';

/// People who would have the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedLogin {
    /// What it is the key of.
    pub field: LoginField,
    /// Two of them, and how each writes it.
    pub people: [(UserId, String); 2],
}

/// What somebody can sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoginField {
    /// The user name.
    Username,
    /// The e-mail address.
    Email,
}

impl SharedLogin {
    /// Everybody who has the key of somebody before, among people with their user names and e-mail addresses.
    pub fn among<'p>(people: impl IntoIterator<Item = (UserId, &'p str, &'p str)>) -> Vec<Self> {
        let mut first = HashMap::new();
        let mut shared = Vec::new();
        for (id, username, email) in people {
            for (field, text) in [(LoginField::Username, username), (LoginField::Email, email)] {
                let before = *first
                    .entry((field, LoginKey::of(text)))
                    .or_insert((id, text));
                if before.0 != id {
                    let people = [before, (id, text)].map(|(id, text)| (id, text.to_owned()));
                    shared.push(Self { field, people });
                }
            }
        }
        shared
    }
}

impl std::fmt::Display for SharedLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let field = match self.field {
            LoginField::Username => "user name",
            LoginField::Email => "e-mail address",
        };
        let [(one, first), (other, second)] = &self.people;
        write!(
            f,
            "users {one} and {other} have one {field} ({first:?}, {second:?})"
        )
    }
}
