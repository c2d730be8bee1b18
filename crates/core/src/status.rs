//! Categories of client statuses: what a status means for the employee's load.

use serde::{Deserialize, Serialize};

crate::words! {
    /// What kind of status a client is in; a client without a status is [`StatusCategory::None`], which is never
    /// stored in a status.
    #[derive(PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    StatusCategory {
        /// Being worked on.
        Active = "active",
        /// Waiting for the next step.
        FollowUp = "follow_up",
        /// Dormant.
        Inactive = "inactive",
        /// Won or lost.
        Closed = "closed",
        /// No status at all.
        None = "none",
    }
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

    /// Its place in [`StatusCategory::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}
