//! The conditions in a list's address. Several values stand behind one name, separated by commas.

use crate::wire::conditions::{ConditionReader, day_or_moment, id};
use crate::wire::failure::Answer;
use crate::wire::fields::FieldValue as _;
use crate::wire::list::ListQuery;
use crate::wire::openapi::DayOrMoment;
use tawzi_app::ClientFilter;
use tawzi_core::id::{StatusId, UserId};
use utoipa::IntoParams;

/// Which clients are looked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
pub(super) struct ClientQuery {
    /// `fresh`, `cold`; several with commas.
    #[param(required = false, example = "fresh")]
    r#type: String,
    /// `low`, `medium`, `high`; several with commas.
    #[param(required = false, example = "high,medium")]
    priority: String,
    /// Ids of statuses; several with commas.
    #[param(
        required = false,
        pattern = "^ *[0-9]{0,18} *(, *[0-9]{0,18} *)*$",
        example = "1,2"
    )]
    status: String,
    /// Ids of people, or `unassigned`; several with commas.
    #[param(
        required = false,
        pattern = "^ *([0-9]{0,18}|unassigned) *(, *([0-9]{0,18}|unassigned) *)*$",
        example = "unassigned"
    )]
    assigned_to: String,
    /// A moment, or a day for its first moment in UTC.
    #[param(required = false, inline, example = "2025-12-31")]
    created_after: DayOrMoment,
    /// The same; clients that were never contacted are not among them.
    #[param(required = false, inline, example = "2025-12-31T15:00:00Z")]
    contacted_before: DayOrMoment,
    /// Whether they are neglected, so that the next sweep moves them.
    #[param(required = false)]
    stale: bool,
}

/// What is looked for, or what is wrong with it.
pub(super) fn search(query: &ListQuery) -> Answer<ClientFilter> {
    let mut conditions = ConditionReader::of(query);
    let search = ClientFilter {
        words: query.words()?,
        types: conditions.values("type", |word| Ok(word.to_owned())),
        priorities: conditions.values("priority", |word| Ok(word.to_owned())),
        statuses: conditions.values("status", |text| id(text).map(StatusId::new)),
        assignees: conditions.values("assigned_to", |text| match text {
            "unassigned" => Ok(None),
            text => id(text).map(|id| Some(UserId::new(id))),
        }),
        created_after: conditions.value("created_after", day_or_moment),
        contacted_before: conditions.value("contacted_before", day_or_moment),
        stale: conditions.value("stale", bool::read),
    };
    conditions.require_good()?;
    Ok(search)
}
