//! Who has caused what stands in a timeline.

use tawzi_core::id::{ApiKeyId, UserId};

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// It happened by itself.
    Nobody,
    /// A user.
    User(UserId),
    /// A program, with that key of the company.
    ApiKey(ApiKeyId),
}

impl Author {
    /// The user, if it was one.
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::Nobody | Self::ApiKey(_) => None,
        }
    }

    /// The key, if it was a program.
    pub const fn api_key(self) -> Option<ApiKeyId> {
        match self {
            Self::ApiKey(id) => Some(id),
            Self::Nobody | Self::User(_) => None,
        }
    }
}
