//! Passwords that say whose they are.

use crate::error::Problem;
use tawzi_core::text::password::says_who;
use tawzi_store::User;

/// What is wrong with a password that is its owner's name or address.
pub fn own_name(password: &str, user: &User) -> Option<Problem> {
    let User {
        username,
        email,
        first_name,
        last_name,
        ..
    } = user;
    named(password, [username, email, first_name, last_name])
}

/// What is wrong with a password that is one of its owner's names.
pub(super) fn named(password: &str, names: [&str; 4]) -> Option<Problem> {
    says_who(password, &names).then_some(Problem::OwnName)
}
