//! People who sign in.

use crate::text::made_one_line;
use serde::Serialize;

/// What a person may do within a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Manages the company: its people, settings and all clients.
    Admin,
    /// Receives clients and works on them.
    Employee,
    /// Neither: a super administrator's empty role, or one of a later version of the reference.
    Other,
}

impl Role {
    /// The role that somebody can be given by a word; `None` when it is another word.
    pub fn parse(word: &str) -> Option<Self> {
        let role = Self::from_stored(word);
        (role != Self::Other).then_some(role)
    }

    /// What a stored role means; an unknown word is [`Role::Other`], which may do nothing.
    pub fn from_stored(role: &str) -> Self {
        match role {
            "admin" => Self::Admin,
            "employee" => Self::Employee,
            _ => Self::Other,
        }
    }
}

/// How a person is called in events and messages: the full name, or the user name without one, in one line whatever
/// an imported name holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DisplayName(String);

impl DisplayName {
    /// The name made of its parts.
    pub fn new(first_name: &str, last_name: &str, username: &str) -> Self {
        let one_line = |text: &str| made_one_line(text).unwrap_or_else(|| text.to_owned());
        let full = one_line(&format!("{first_name} {last_name}"));
        match full.trim() {
            "" => Self(one_line(username)),
            full => Self(full.to_owned()),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DisplayName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
