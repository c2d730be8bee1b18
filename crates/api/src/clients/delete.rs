//! Deleting a client.

use crate::state::Shared;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::Answer;
use axum::extract::State;
use axum::http::StatusCode;
use tawzi_app::Thing;
use tawzi_core::id::ClientId;

/// Deletes a client with its timeline.
#[utoipa::path(
    delete,
    path = "/api/clients/{id}/",
    tag = "clients",
    responses((status = 204))
)]
pub(crate) async fn delete(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<StatusCode> {
    let id = ClientId::new(id.number(Thing::Client)?);
    tawzi_app::delete_client(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
