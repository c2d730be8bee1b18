//! Letting a person work again.

use super::body::UserBody;
use crate::state::Shared;
use crate::wire::caller::{Administrator, PathId};
use crate::wire::failure::{Answer, ErrorBody};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tawzi_app::Thing;
use tawzi_core::id::UserId;
use tawzi_web::ServerAddress;
use utoipa::ToSchema;

/// Somebody who may work again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReactivatedBody {
    user: UserBody,
}

/// Lets a person work again.
#[utoipa::path(
    post,
    path = "/api/users/{id}/reactivate/",
    tag = "users",
    responses(
        (status = 200, body = ReactivatedBody),
        (status = 400, body = ErrorBody, description = "It cannot be done as things are."),
    )
)]
pub(crate) async fn reactivate(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    server: ServerAddress,
    id: PathId,
) -> Answer<Json<ReactivatedBody>> {
    let id = UserId::new(id.number(Thing::User)?);
    let person = tawzi_app::reactivate_employee(&state.app, &actor, id).await?;
    let user = UserBody::new(person, actor.id(), &server);
    Ok(Json(ReactivatedBody { user }))
}
