//! Showing a client.

use super::body::ClientBody;
use crate::state::Shared;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
use tawzi_app::Thing;
use tawzi_core::id::ClientId;

/// Shows a client.
#[utoipa::path(
    get,
    path = "/api/clients/{id}/",
    tag = "clients",
    responses((status = 200, body = ClientBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<ClientBody>> {
    let id = ClientId::new(id.number(Thing::Client)?);
    let client = tawzi_app::read_client(&state.app, &actor, id).await?;
    Ok(Json(ClientBody::detail(client, &actor)))
}
