//! The policy of a company: what it has set about who receives its clients, and when they move on.

use crate::company::{AutoAssign, ReAssignHours};
use crate::load::Weights;

/// How a company distributes its clients. Every decision is made by one, and so can be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether new clients are given to an employee by themselves.
    pub auto_assign: AutoAssign,
    /// After how many hours without contact a client moves on; `None` when none does.
    pub re_assign: Option<ReAssignHours>,
    /// What a client adds to the load of an employee.
    pub weights: Weights,
}
