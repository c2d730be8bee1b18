//! What a company sets up for itself: channels, stages and statuses (contract, section 2.11).
//! Everybody of the company reads them, its administrators change them.

pub(crate) mod channels;
pub(crate) mod stages;
pub(crate) mod statuses;

use crate::Shared;
use crate::failure::Failure;
use crate::fields::FieldErrors;
use tawzi_app::{Actor, check_references};
use tawzi_core::id::CompanyId;

/// The longest name of a channel, a stage or a status.
const MAX_NAME: usize = 255;

/// The longest colour: `#rrggbb`.
const MAX_COLOR: usize = 7;

/// The colour of what was given none.
const GREY: &str = "#808080";

/// Everything that is wrong with a request: its fields, and that its company is another.
async fn refusal(
    state: &Shared,
    actor: &Actor,
    company: Option<CompanyId>,
    mut errors: FieldErrors,
    fields: &[&str],
) -> Failure {
    match check_references(&state.app, actor, company, None, None, None).await {
        Err(error) => error.into(),
        Ok(problems) => {
            errors.add_problems(&problems);
            Failure::Fields(errors.in_order_of(fields))
        }
    }
}
