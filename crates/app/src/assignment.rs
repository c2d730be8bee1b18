//! Which employee has which client, and how that changes.

pub(crate) mod bulk;
pub(crate) mod company_sweeps;
pub(crate) mod handover;
pub(crate) mod inactive;
pub(crate) mod load_changes;
pub(crate) mod preview;
pub(crate) mod sweep;
pub(crate) mod unassigned;
pub(crate) mod waiting;
pub(crate) mod workload;
