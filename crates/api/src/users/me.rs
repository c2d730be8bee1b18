//! Showing somebody themselves.

use super::body::UserBody;
use crate::state::Shared;
use crate::wire::caller::SignedIn;
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
use tawzi_web::ServerAddress;

/// Shows the caller.
#[utoipa::path(
    get,
    path = "/api/users/me/",
    tag = "users",
    responses((status = 200, body = UserBody))
)]
pub(crate) async fn me(
    State(state): State<Shared>,
    SignedIn(actor): SignedIn,
    server: ServerAddress,
) -> Answer<Json<UserBody>> {
    let me = tawzi_app::me(&state.app, &actor).await?;
    Ok(Json(UserBody::new(me, actor.id(), &server)))
}
