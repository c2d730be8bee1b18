//! Running an installation: its state, what is wrong with it, and how it is filled.

pub(crate) mod clocks;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod privacy;
pub(crate) mod server_state;
pub(crate) mod take_over;
