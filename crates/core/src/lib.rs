//! The vocabulary and the rules of client distribution: who receives a client, which clients are
//! neglected, and where they move.
//!
//! Everything here is pure, total and deterministic: the clock is an argument, nothing is read or
//! written, and the same input gives the same answer. The crates around this one gather the
//! input, call a rule, and record what it decided.

pub mod audit;
pub mod choice;
pub mod client;
pub mod company;
pub mod digits;
pub mod event;
pub mod found;
pub mod id;
pub mod load;
pub mod login;
pub mod money;
pub mod password_hash;
pub mod phone;
pub mod photo;
pub mod policy;
pub mod roster;
pub mod stale;
pub mod status;
pub mod sweep;
pub mod text;
pub mod time;
pub mod user;
