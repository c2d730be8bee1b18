//! Changing a person.

use super::body::UserBody;
use super::fields::UserRequest;
use super::form::{UserForm, UserFormRequest};
use crate::state::Shared;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::Answer;
use crate::wire::fields::Demand;
use axum::Json;
use axum::extract::State;
use tawzi_app::Thing;
use tawzi_core::id::UserId;
use tawzi_web::ServerAddress;

/// Changes a person. Only administrators may change others.
#[utoipa::path(
    method(put, patch),
    path = "/api/users/{id}/",
    tag = "users",
    request_body(content(
        (UserRequest = "application/json"),
        (UserFormRequest = "multipart/form-data"),
    )),
    responses((status = 200, body = UserBody))
)]
pub(crate) async fn edit(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    server: ServerAddress,
    id: PathId,
    demand: Demand,
    form: UserForm,
) -> Answer<Json<UserBody>> {
    actor.require_user()?;
    let id = UserId::new(id.number(Thing::User)?);
    let change = form.read(demand).await?;
    let edited = tawzi_app::edit_user(&state.app, &actor, id, change).await?;
    Ok(Json(UserBody::new(edited, actor.id(), &server)))
}
