//! A company's settings for distributing its clients.

use serde::Serialize;

/// How many hours without contact make a client stale: 1 to 8760 (a year).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ReAssignHours(i64);

/// Why a number of hours was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadHours {
    /// Less than an hour.
    #[error("re_assign_hours must be at least 1 hour.")]
    TooFew,
    /// More than a year.
    #[error("re_assign_hours must be at most 8760 hours (one year).")]
    TooMany,
}

impl ReAssignHours {
    /// What the specification starts a company with.
    pub const DEFAULT: Self = Self(24);

    /// The longest window: a year of 365 days.
    pub const MAX: i64 = 8760;

    /// That many hours, or why not.
    pub const fn parse(hours: i64) -> Result<Self, BadHours> {
        match hours {
            ..1 => Err(BadHours::TooFew),
            1..=Self::MAX => Ok(Self(hours)),
            _ => Err(BadHours::TooMany),
        }
    }

    /// What a stored number means: the reference reads 0 and null as 24 (contract B12), and a
    /// number beyond a year, which stopped its job for every company (B11), is a year here.
    pub const fn from_reference(hours: Option<i64>) -> Self {
        match hours {
            None | Some(..1) => Self::DEFAULT,
            Some(hours @ 1..=Self::MAX) => Self(hours),
            Some(_) => Self(Self::MAX),
        }
    }

    /// The number of hours.
    pub const fn get(self) -> i64 {
        self.0
    }
}

crate::words! {
    /// What a company sells.
    Specialization {
        /// Houses, flats, land.
        RealEstate = "real_estate",
        /// Work for others.
        Services = "services",
        /// Goods.
        Products = "products",
    }
}

/// Whether new clients are given to an employee by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoAssign {
    /// A new client without an assignee goes to the least busy employee.
    On,
    /// A new client stays as it came.
    Off,
}

impl From<bool> for AutoAssign {
    fn from(enabled: bool) -> Self {
        if enabled { Self::On } else { Self::Off }
    }
}
