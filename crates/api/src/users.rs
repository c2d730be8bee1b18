//! People (contract, section 2.5).

mod body;
pub(crate) mod change_password;
pub(crate) mod deactivate;
mod form;

pub(crate) use form::MAX_FORM_BYTES;

use crate::Shared;
use crate::sign_in::wish::Wish;
use crate::wire::caller::{Administrator, PathId, SignedInUser, Subscriber};
use crate::wire::failure::{Answer, DetailBody, ErrorBody};
use crate::wire::fields::Demand;
use crate::wire::list::{CursorQuery, ListQuery, Listed, PageQuery, SearchQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use body::{UserBody, UserRow};
use form::{NotCreated, SentForm, UserFormRequest, UserRequest};
use serde::Serialize;
use tawzi_app::{UserChange, UserOrder};
use tawzi_core::id::UserId;
use tawzi_web::ServerAddress;
use utoipa::ToSchema;

/// Somebody who may work again.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReactivatedBody {
    user: UserBody,
}

/// Lists the people of the company.
#[utoipa::path(
    get,
    path = "/api/users/",
    tag = "users",
    params(PageQuery, CursorQuery, SearchQuery, ("ordering" = Option<String>, Query, nullable = false,
        description = "`date_joined`, `last_login`, `username`; several with commas, `-` before one reverses it.",
        example = "-date_joined")),
    responses((status = 200, body = Listed<UserRow>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    server: ServerAddress,
    query: ListQuery,
) -> Answer<Json<Listed<UserRow>>> {
    let words = query.words()?;
    let order = query.order(&[
        ("date_joined", UserOrder::DateJoined),
        ("last_login", UserOrder::LastLogin),
        ("username", UserOrder::Username),
    ])?;
    let fetch = |page| tawzi_app::list_users(&state.app, &actor, &words, &order, page);
    query
        .list(fetch, |user| UserRow::new(user, actor.id(), &server))
        .await
}

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
        (status = 429, body = DetailBody, description = "Too many names of others were asked for."),
    )
)]
pub(crate) async fn create(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    server: ServerAddress,
    form: SentForm,
) -> Answer<(StatusCode, Json<UserBody>)> {
    // What somebody sends who may not create anybody is not worth reading.
    if !actor.is_superuser() {
        actor.require_admin()?;
    }
    let new = form.read(&state.app, &actor, Demand::Required).await?;
    let created = tawzi_app::create_user(&state.app, &actor, new).await?;
    let body = UserBody::of(created, actor.id(), &server);
    Ok((StatusCode::CREATED, Json(body)))
}

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
    PathId(id): PathId<UserId>,
) -> Answer<Json<UserBody>> {
    let user = tawzi_app::read_user(&state.app, &actor, id).await?;
    Ok(Json(UserBody::of(user, actor.id(), &server)))
}

/// Shows the caller.
#[utoipa::path(
    get,
    path = "/api/users/me/",
    tag = "users",
    responses((status = 200, body = UserBody))
)]
pub(crate) async fn me(
    State(state): State<Shared>,
    SignedInUser(actor): SignedInUser,
    server: ServerAddress,
) -> Answer<Json<UserBody>> {
    let me = tawzi_app::me(&state.app, &actor).await?;
    Ok(Json(UserBody::of(me, actor.id(), &server)))
}

/// Changes a person. Only administrators may change others.
///
/// One's own new e-mail address counts once it is confirmed with the code that is mailed to it.
#[utoipa::path(
    method(put, patch),
    path = "/api/users/{id}/",
    tag = "users",
    request_body(content(
        (UserRequest = "application/json"),
        (UserFormRequest = "multipart/form-data"),
    )),
    responses(
        (status = 200, body = UserBody),
        (status = 429, body = DetailBody, description = "Too many names of others were asked for."),
    )
)]
pub(crate) async fn edit(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    server: ServerAddress,
    PathId(id): PathId<UserId>,
    demand: Demand,
    Wish(mail): Wish,
    form: SentForm,
) -> Answer<Json<UserBody>> {
    // What somebody sends who may not change the person is not worth reading.
    let is_own = actor.require_user()?.id == id;
    let may = is_own || actor.is_superuser() || actor.require_admin().is_ok();
    let mut change = if may {
        form.read(&state.app, &actor, demand).await?
    } else {
        UserChange::default().into()
    };
    change.value.mail = mail;
    let edited = tawzi_app::edit_user(&state.app, &actor, id, change).await?;
    Ok(Json(UserBody::of(edited, actor.id(), &server)))
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
    PathId(id): PathId<UserId>,
) -> Answer<Json<ReactivatedBody>> {
    let person = tawzi_app::reactivate_employee(&state.app, &actor, id).await?;
    let user = UserBody::of(person, actor.id(), &server);
    Ok(Json(ReactivatedBody { user }))
}

/// Deletes a person, who leaves no client behind: theirs become unassigned.
#[utoipa::path(
    delete,
    path = "/api/users/{id}/",
    tag = "users",
    responses(
        (status = 204),
        (status = 400, body = ErrorBody, description = "The person is needed, such as the owner."),
    )
)]
pub(crate) async fn delete(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    PathId(id): PathId<UserId>,
) -> Answer<StatusCode> {
    tawzi_app::delete_user(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
