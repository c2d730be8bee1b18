//! Showing a person.

use super::body::UserBody;
use crate::state::Shared;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
use tawzi_app::Thing;
use tawzi_core::id::UserId;
use tawzi_web::ServerAddress;

/// Shows a person.
#[utoipa::path(
    get,
    path = "/api/users/{id}/",
    tag = "users",
    responses((status = 200, body = UserBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    server: ServerAddress,
    id: PathId,
) -> Answer<Json<UserBody>> {
    let id = UserId::new(id.number(Thing::User)?);
    let user = tawzi_app::read_user(&state.app, &actor, id).await?;
    Ok(Json(UserBody::new(user, actor.id(), &server)))
}
