//! Creating a person.

use super::body::UserBody;
use super::fields::{NotCreated, UserRequest};
use super::form::{UserForm, UserFormRequest};
use crate::state::Shared;
use crate::wire::caller::Subscriber;
use crate::wire::failure::Answer;
use crate::wire::fields::Demand;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use tawzi_web::ServerAddress;

/// Creates a person. Only administrators may.
#[utoipa::path(
    post,
    path = "/api/users/",
    tag = "users",
    request_body(content(
        (UserRequest = "application/json"),
        (UserFormRequest = "multipart/form-data"),
    )),
    responses(
        (status = 201, body = UserBody),
        (status = 400, body = inline(NotCreated), description = "Something is wrong with it."),
    )
)]
pub(crate) async fn create(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    server: ServerAddress,
    form: UserForm,
) -> Answer<(StatusCode, Json<UserBody>)> {
    // Whoever may not create anybody learns nothing about who is there.
    if !actor.is_superuser() {
        actor.require_admin()?;
    }
    let new = form.read(Demand::Required).await?;
    let created = tawzi_app::create_user(&state.app, &actor, new).await?;
    Ok((
        StatusCode::CREATED,
        Json(UserBody::new(created, actor.id(), &server)),
    ))
}
