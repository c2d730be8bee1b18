//! Texts that commands are given, and what is said about those that break a rule.

use anyhow::anyhow;
use tawzi_app::{FieldProblem, Problem};
use tawzi_core::text::TextProblem;

/// The text, or a sentence about everything that is wrong with it.
pub(crate) fn text<T>(
    what: &str,
    text: &str,
    parse: fn(&str) -> Result<T, Vec<TextProblem>>,
) -> anyhow::Result<T> {
    parse(text).map_err(|problems| {
        let problems = problems.iter().map(|problem| match problem {
            TextProblem::NotAnEmail => format!("{text:?} {problem}"),
            TextProblem::NotAUsername => {
                "a user name has letters, digits and . + - _ only".to_owned()
            }
            problem => format!("the {what} {problem}"),
        });
        anyhow!(problems.collect::<Vec<_>>().join("; "))
    })
}

/// Whether somebody else has what was asked for.
pub(crate) fn is_taken(problems: &[FieldProblem]) -> bool {
    problems.iter().any(|found| found.problem == Problem::Taken)
}
