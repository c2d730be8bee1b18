//! Deleting a person.

use crate::state::Shared;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::{Answer, ErrorBody};
use axum::extract::State;
use axum::http::StatusCode;
use tawzi_app::Thing;
use tawzi_core::id::UserId;

/// Deletes a person, who leaves no client behind: theirs become unassigned.
#[utoipa::path(
    delete,
    path = "/api/users/{id}/",
    tag = "users",
    responses(
        (status = 204),
        (status = 400, body = ErrorBody, description = "The person is needed, such as the owner."),
    )
)]
pub(crate) async fn delete(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<StatusCode> {
    actor.require_user()?;
    let id = UserId::new(id.number(Thing::User)?);
    tawzi_app::delete_user(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
