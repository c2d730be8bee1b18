//! What a company sets up for itself: channels, stages and statuses (contract, section 2.11).
//! Everybody of the company reads them, its administrators change them.

pub(crate) mod channels;
pub(crate) mod stages;
pub(crate) mod statuses;
