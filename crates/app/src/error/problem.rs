//! What is wrong with the fields of a request.

use super::{Error, Refusal, Result};
use tawzi_core::company::BadHours;
use tawzi_core::money::BadBudget;
use tawzi_core::phone::BadRegion;
use tawzi_core::photo::BadPhoto;
use tawzi_core::text::TextProblem;

/// A field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The name of the field in requests.
    pub field: &'static str,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is not there, and must be.
    #[error("is missing")]
    Missing,
    /// It is null, and must not be.
    #[error("is null")]
    Null,
    /// It is no text.
    #[error("is no text")]
    NotText,
    /// The text breaks a rule.
    #[error(transparent)]
    Text(#[from] TextProblem),
    /// It is none of the words that are known.
    #[error("is {0:?}, which is none of the words it can be")]
    NotAChoice(String),
    /// It is neither yes nor no.
    #[error("is neither true nor false")]
    NotAFlag,
    /// It is no whole number.
    #[error("is no whole number")]
    NotWhole,
    /// The number is too small.
    #[error("is less than {0}")]
    LessThan(i64),
    /// The number is too large.
    #[error("is more than {0}")]
    MoreThan(i64),
    /// The text is too long to be a number.
    #[error("is too long for a number")]
    NumberTooLong,
    /// It is no amount of money.
    #[error(transparent)]
    Budget(#[from] BadBudget),
    /// It is no moment.
    #[error("is no moment")]
    NotAMoment,
    /// Hours after which clients move cannot be that many.
    #[error(transparent)]
    Hours(#[from] BadHours),
    /// It is no country.
    #[error(transparent)]
    Region(#[from] BadRegion),
    /// It cannot be an id; the word says what was sent, in the reference's language.
    #[error("is no id but {0}")]
    NotAnId(&'static str),
    /// Hours after which clients move are whole.
    #[error("is no whole number of hours")]
    HoursNotWhole,
    /// It is no list but what the word says, in the reference's language.
    #[error("is no list but {0}")]
    NotAList(&'static str),
    /// The list is too long.
    #[error("has more than {most} entries")]
    TooMany {
        /// How many it can have.
        most: usize,
    },
    /// An entry of the list is no object but what the word says, in the reference's language.
    #[error("has an entry {place}, which is no object but {given}")]
    NotAnObject {
        /// Which entry, from 1.
        place: usize,
        /// What it is.
        given: &'static str,
    },
    /// A field of an entry of the list is wrong.
    #[error("has an entry {place}, whose {} {}", .problem.field, .problem.problem)]
    InEntry {
        /// Which entry, from 1.
        place: usize,
        /// The field of the entry, and what is wrong with it.
        problem: Box<FieldProblem>,
    },
    /// An entry is in the list again.
    #[error("has {0:?} twice")]
    Twice(String),
    /// The photo cannot be taken.
    #[error(transparent)]
    Photo(#[from] BadPhoto),
    /// Both passwords must be alike.
    #[error("differs from the first one")]
    Differs,
    /// Passwords that say who somebody is are guessed.
    #[error("is the user's own name or address; use another")]
    OwnName,
    /// Nothing that may be referred to has that id.
    #[error("refers to {0}, which is not there")]
    NoSuchId(String),
    /// It is somebody of that name, who may not work now.
    #[error("is {0}, who is inactive")]
    Inactive(String),
    /// It belongs to another company.
    #[error("belongs to another company")]
    OtherCompany,
    /// Somebody else has it.
    #[error("is somebody else's")]
    Taken,
    /// It cannot become that.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl Problem {
    /// Nothing that may be referred to has that id.
    pub(crate) fn no_such(id: i64) -> Self {
        Self::NoSuchId(id.to_string())
    }

    /// The problem of a field.
    pub const fn of(self, field: &'static str) -> FieldProblem {
        FieldProblem {
            field,
            problem: self,
        }
    }
}

/// What somebody sent: the values that could be read, and everything that is wrong with the others. A verb
/// requires permission before it looks at the problems, and adds its own.
#[derive(Clone, Debug)]
pub struct Submitted<T> {
    /// The values.
    pub value: T,
    /// What is wrong, by field.
    pub problems: Vec<FieldProblem>,
    /// The fields, in the order in which problems are answered.
    pub order: &'static [&'static str],
}

impl<T> Submitted<T> {
    /// The values, if nothing is wrong with them, nor anything else was found.
    pub(crate) fn require(self, found: impl IntoIterator<Item = FieldProblem>) -> Result<T> {
        let mut problems = self.problems;
        problems.extend(found);
        if problems.is_empty() {
            return Ok(self.value);
        }
        let place = |problem: &FieldProblem| self.order.iter().position(|f| *f == problem.field);
        problems.sort_by_key(place);
        Err(Error::Invalid(problems))
    }
}

impl<T> From<T> for Submitted<T> {
    fn from(value: T) -> Self {
        Self {
            value,
            problems: Vec::new(),
            order: &[],
        }
    }
}

pub(super) fn describe(problems: &[FieldProblem]) -> String {
    let sentence = |FieldProblem { field, problem }: &_| format!("{field} {problem}");
    problems.iter().map(sentence).collect::<Vec<_>>().join("; ")
}
