//! What the API and the pages share of HTTP, from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bearer;
mod guard;
mod sign_in_limits;
mod visitor;
