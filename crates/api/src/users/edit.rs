//! Changing a person.

use super::body::UserBody;
use super::fields::UserRequest;
use super::form::{UserForm, UserFormRequest};
use crate::fields::Demand;
use crate::state::Shared;
use crate::wire::caller::{PathId, Subscriber};
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
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
    actor.require_person()?;
    let id = UserId::new(id.number("User")?);
    // What cannot be seen is not there, whatever the request says about it.
    tawzi_app::read_user(&state.app, &actor, id).await?;
    let change = form.into_change(demand).await?;
    let edited = tawzi_app::edit_user(&state.app, &actor, id, change).await?;
    Ok(Json(UserBody::new(edited, actor.id(), &server)))
}
