//! The conditions of lists: a name in the address that a list does not know is refused, since whoever sends one
//! expects fewer rows than there would be. What a list knows is what the document says about it. Where a whole file
//! is sent or asked for, the same goes for what is to be done with it.

mod read;

pub(crate) use read::{ConditionReader, day_or_moment, id};

use crate::wire::failure::{Answer, Failure};
use std::sync::Arc;

/// What only says which part of a list is wanted, and in which order: it means nothing where rows are counted.
const OF_PAGES: [&str; 3] = ["page", "page_size", "ordering"];

/// As many names are repeated in a sentence about them.
const NAMED: usize = 5;

/// And as many letters of each.
const REPEATED: usize = 50;

/// The names in the address that a list knows.
#[derive(Clone, Debug)]
pub(crate) enum Conditions {
    /// These.
    Known(Arc<[String]>),
    /// Whatever it is: a list that is always empty has no fewer rows by it.
    Any,
}

impl Conditions {
    /// Those that the document names.
    pub(crate) fn named(names: impl Iterator<Item = String>) -> Self {
        Self::Known(names.collect())
    }

    /// `Err` names what is not known, and all that is.
    pub(crate) fn require<'n>(&self, names: impl Iterator<Item = &'n str>) -> Answer<()> {
        let Self::Known(known) = self else {
            return Ok(());
        };
        let has_pages = known.iter().any(|known| known == "page");
        let is_known = |name: &str| {
            known.iter().any(|known| known == name) || (!has_pages && OF_PAGES.contains(&name))
        };
        refuse(
            "This list has no condition",
            known,
            names.filter(|name| !is_known(name)),
        )
    }

    /// The same for an address that is no list's.
    pub(crate) fn require_exactly<'n>(&self, names: impl Iterator<Item = &'n str>) -> Answer<()> {
        let Self::Known(known) = self else {
            return Ok(());
        };
        let is_known = |name: &str| known.iter().any(|known| known == name);
        refuse(
            "This address has no parameter",
            known,
            names.filter(|name| !is_known(name)),
        )
    }
}

fn refuse<'n>(what: &str, known: &[String], unknown: impl Iterator<Item = &'n str>) -> Answer<()> {
    let unknown: Vec<_> = unknown.collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let known = known.iter().map(String::as_str);
    Err(Failure::bad_request(no_such(what, &unknown, known)))
}

/// The sentence about names that are not known there, with those that are; `what` is its beginning.
pub(crate) fn no_such<'n>(
    what: &str,
    names: &[&str],
    known: impl Iterator<Item = &'n str>,
) -> String {
    let cut = |name: &&str| name.chars().take(REPEATED).collect::<String>();
    let names: Vec<_> = names
        .iter()
        .take(NAMED)
        .map(|name| format!("\"{}\"", cut(name)))
        .collect();
    let known: Vec<_> = known.collect();
    let (names, known) = (names.join(", "), known.join(", "));
    format!("{what} {names}. It has: {known}.")
}
