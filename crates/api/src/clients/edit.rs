//! Changing a client.

use super::body::ClientBody;
use super::fields::ClientRequest;
use crate::state::Shared;
use crate::wire::body::Object;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::Answer;
use crate::wire::fields::Demand;
use axum::Json;
use axum::extract::State;
use tawzi_app::Thing;
use tawzi_core::id::ClientId;

/// Changes a client, and says so in its timeline.
#[utoipa::path(
    method(put, patch),
    path = "/api/clients/{id}/",
    tag = "clients",
    request_body = ClientRequest,
    responses((status = 200, body = ClientBody))
)]
pub(crate) async fn edit(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
    demand: Demand,
    Object(body): Object,
) -> Answer<Json<ClientBody>> {
    let id = ClientId::new(id.number(Thing::Client)?);
    let change = ClientRequest::read(body, demand);
    let edited = tawzi_app::edit_client(&state.app, &actor, id, change).await?;
    Ok(Json(ClientBody::detail(edited, &actor)))
}
