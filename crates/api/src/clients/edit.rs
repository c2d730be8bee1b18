//! Changing a client.

use super::body::ClientBody;
use super::fields::{ClientFields, ClientRequest};
use crate::fields::{Demand, FieldErrors};
use crate::state::Shared;
use crate::wire::body::Object;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
use tawzi_app::Error;
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
    let id = ClientId::new(id.number("Client")?);
    let fields = ClientFields::read(body, demand);
    let wanted = fields.wanted();
    let (errors, known) = match fields.into_change() {
        Err(errors) => (errors, Vec::new()),
        Ok(change) => match tawzi_app::edit_client(&state.app, &actor, id, change).await {
            Err(Error::Invalid(problems)) => (FieldErrors::default(), problems),
            edited => return Ok(Json(ClientBody::detail(edited?, &actor))),
        },
    };
    // What cannot be seen is not there, whatever the request says about it.
    let before = tawzi_app::read_client(&state.app, &actor, id).await?;
    let wanted = wanted.besides_holder(before.client.assigned_to);
    Err(wanted.refusal(&state, &actor, errors, known).await)
}
