//! What people may be called, as far as it takes more than one field to say.

use crate::error::{Error, FieldProblem, Problem, Result, require};
use tawzi_core::text::{TextProblem, is_of_timelines};
use tawzi_core::user::DisplayName;
use tawzi_store::User;

/// Whoever is called what timelines call nobody, or the program, would pass for them. A name that is there already,
/// as imported ones may be, stays until it is changed.
pub(super) fn require_a_name_of_ones_own(
    before: Option<&User>,
    username: &str,
    first_name: &str,
    last_name: &str,
) -> Result<()> {
    let renamed = before.is_none_or(|user| user.username != username);
    let called_anew =
        before.is_none_or(|user| user.first_name != first_name || user.last_name != last_name);
    let full_name = DisplayName::new(first_name, last_name, "");
    let field = if last_name.is_empty() {
        "first_name"
    } else {
        "last_name"
    };
    let looked_at = [
        (renamed, username, "username"),
        (called_anew, full_name.as_str(), field),
    ];
    let problems: Vec<FieldProblem> = looked_at
        .into_iter()
        .filter(|(new, name, _)| *new && is_of_timelines(name))
        .map(|(_, _, field)| Problem::Text(TextProblem::OfTimelines).of(field))
        .collect();
    require(problems.is_empty(), Error::Invalid(problems))
}
