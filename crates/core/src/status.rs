//! Categories of client statuses: what a status means for the employee's load.

use serde::{Deserialize, Serialize};

/// What kind of status a client is in; a client without a status is [`StatusCategory::None`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusCategory {
    /// Being worked on.
    Active,
    /// Waiting for the next step.
    FollowUp,
    /// Dormant.
    Inactive,
    /// Won or lost.
    Closed,
    /// No status at all.
    None,
}

impl StatusCategory {
    /// Every category, in the order in which loads are stored.
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::FollowUp,
        Self::Inactive,
        Self::Closed,
        Self::None,
    ];

    /// The word it is stored as; `none` is never stored in a status.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::FollowUp => "follow_up",
            Self::Inactive => "inactive",
            Self::Closed => "closed",
            Self::None => "none",
        }
    }

    /// The category of a stored word; `None` when there is no such category.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| category.as_str() == word)
    }

    /// Its place in [`StatusCategory::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_is_read_back_and_stands_at_its_index() {
        for (place, category) in StatusCategory::ALL.into_iter().enumerate() {
            assert_eq!(StatusCategory::parse(category.as_str()), Some(category));
            assert_eq!(category.index(), place);
        }
        assert_eq!(StatusCategory::parse("Active"), None);
    }
}
