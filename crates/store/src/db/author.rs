//! Who has caused what stands in a timeline.

use tawzi_core::id::{ApiKeyId, UserId};

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// It happened by itself.
    Nobody,
    /// A person.
    Person(UserId),
    /// A program, with that key of the company.
    ApiKey(ApiKeyId),
}

impl Author {
    /// The person, if it was one.
    pub const fn person(self) -> Option<UserId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Nobody | Self::ApiKey(_) => None,
        }
    }

    /// The key, if it was a program.
    pub const fn api_key(self) -> Option<ApiKeyId> {
        match self {
            Self::ApiKey(id) => Some(id),
            Self::Nobody | Self::Person(_) => None,
        }
    }
}
