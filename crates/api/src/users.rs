//! People (contract, section 2.5).

mod body;
mod fields;
mod form;

use crate::Shared;
use crate::address::ServerAddress;
use crate::body::Object;
use crate::caller::{Administrator, PathId, Person, Subscriber};
use crate::failure::{Answer, ErrorBody, Failure};
use crate::fields::{Demand, Fields, filled_text, flag};
use crate::limits::{SignInStep, Visitor};
use crate::list::{ListQuery, Listed, PageQuery, SearchQuery};
use crate::openapi::TooManyAttempts;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use body::{UserBody, UserRow};
use fields::{NotCreated, UserRequest};
pub(crate) use form::MAX_FORM_BYTES;
use form::{UserForm, UserFormRequest};
use serde::Serialize;
use tawzi_app::{PasswordChange, UserOrder};
use tawzi_core::id::UserId;
use utoipa::{IntoParams, ToSchema};

/// A sentence about what was done.
#[derive(Debug, Serialize, ToSchema)]
struct Done {
    message: &'static str,
}

/// What deactivating somebody would be about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewBody {
    /// How many clients the person holds.
    assigned_leads_count: usize,
    /// Whether there is somebody to take them.
    can_reassign: bool,
    /// Whether there are any.
    show_lead_reassign_options: bool,
}

/// What came of deactivating somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeactivatedBody {
    user: UserBody,
    /// How many clients went to others.
    assigned_lead_count: usize,
    /// How many became unassigned.
    skipped_lead_count: usize,
    leads_remaining_on_user: usize,
}

/// Somebody who may work again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReactivatedBody {
    user: UserBody,
}

/// Whether the clients of somebody who is deactivated go to others.
#[derive(ToSchema)]
#[schema(examples(json!({"reassign_leads": true})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
struct DeactivationRequest {
    /// To the least busy employees; otherwise they become unassigned.
    #[schema(required = false, default = false)]
    reassign_leads: bool,
}

/// A new password.
#[derive(ToSchema)]
#[expect(
    clippy::struct_field_names,
    dead_code,
    reason = "it describes the fields for the document"
)]
struct PasswordRequest {
    /// The password that is good now.
    #[schema(min_length = 1)]
    current_password: String,
    /// The one that will be: more than digits, and not one's own name.
    #[schema(min_length = 8)]
    new_password: String,
    /// The same again.
    #[schema(min_length = 8)]
    confirm_password: String,
}

/// In which order people come.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
struct UserOrderQuery {
    /// `date_joined`, `last_login`, `username`; several with commas, `-` before one reverses it.
    #[param(required = false, example = "-date_joined")]
    ordering: String,
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
    Person(actor): Person,
    server: ServerAddress,
) -> Answer<Json<UserBody>> {
    let me = tawzi_app::me(&state.app, &actor).await?;
    Ok(Json(UserBody::new(me, actor.id(), &server)))
}

/// Lists the people of the company.
#[utoipa::path(
    get,
    path = "/api/users/",
    tag = "users",
    params(PageQuery, SearchQuery, UserOrderQuery),
    responses((status = 200, body = Listed<UserRow>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    server: ServerAddress,
    query: ListQuery,
) -> Answer<Json<Listed<UserRow>>> {
    let words = query.words()?;
    let order = query.order(|name| match name {
        "date_joined" => Some(UserOrder::DateJoined),
        "last_login" => Some(UserOrder::LastLogin),
        "username" => Some(UserOrder::Username),
        _ => None,
    });
    let fetch = |page| tawzi_app::list_users(&state.app, &actor, &words, &order, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let rows = found.users.into_iter();
    let rows = rows
        .map(|user| UserRow::new(user, actor.id(), &server))
        .collect();
    Ok(query.answer(page, found.count, rows))
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
    let draft = form.into_draft().await?;
    let created = tawzi_app::create_user(&state.app, &actor, draft).await?;
    Ok((
        StatusCode::CREATED,
        Json(UserBody::new(created, actor.id(), &server)),
    ))
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
    id: PathId,
) -> Answer<Json<UserBody>> {
    let id = UserId::new(id.number("User")?);
    let user = tawzi_app::read_user(&state.app, &actor, id).await?;
    Ok(Json(UserBody::new(user, actor.id(), &server)))
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
    id: PathId,
) -> Answer<StatusCode> {
    actor.require_person()?;
    let id = UserId::new(id.number("User")?);
    tawzi_app::delete_user(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says what deactivating a person would be about.
#[utoipa::path(
    get,
    path = "/api/users/{id}/deactivate-preview/",
    tag = "users",
    responses((status = 200, body = PreviewBody))
)]
pub(crate) async fn preview_deactivation(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    id: PathId,
) -> Answer<Json<PreviewBody>> {
    let id = UserId::new(id.number("User")?);
    let preview = tawzi_app::preview_deactivation(&state.app, &actor, id).await?;
    Ok(Json(PreviewBody {
        assigned_leads_count: preview.clients,
        can_reassign: preview.can_reassign,
        show_lead_reassign_options: preview.clients > 0,
    }))
}

/// Deactivates a person, whose clients become unassigned or go to the others.
#[utoipa::path(
    post,
    path = "/api/users/{id}/deactivate/",
    tag = "users",
    request_body = DeactivationRequest,
    responses((status = 200, body = DeactivatedBody))
)]
pub(crate) async fn deactivate(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    server: ServerAddress,
    id: PathId,
    Object(body): Object,
) -> Answer<Json<DeactivatedBody>> {
    let id = UserId::new(id.number("User")?);
    let mut fields = Fields::new(body, Demand::Nothing);
    let reassign = fields.defaulted("reassign_leads", false, flag);
    let errors = fields.into_errors();
    if !errors.is_empty() {
        return Err(Failure::Fields(errors));
    }
    let done = tawzi_app::deactivate_employee(&state.app, &actor, id, reassign).await?;
    Ok(Json(DeactivatedBody {
        user: UserBody::new(done.person, actor.id(), &server),
        assigned_lead_count: done.reassigned,
        skipped_lead_count: done.unassigned,
        // Nobody keeps what they cannot look after.
        leads_remaining_on_user: 0,
    }))
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
    let id = UserId::new(id.number("User")?);
    let person = tawzi_app::reactivate_employee(&state.app, &actor, id).await?;
    let user = UserBody::new(person, actor.id(), &server);
    Ok(Json(ReactivatedBody { user }))
}

/// Changes the caller's password, and signs them out everywhere.
#[utoipa::path(
    post,
    path = "/api/users/change_password/",
    tag = "users",
    request_body = PasswordRequest,
    responses((status = 200, body = Done), TooManyAttempts)
)]
pub(crate) async fn change_password(
    State(state): State<Shared>,
    visitor: Visitor,
    Person(actor): Person,
    Object(body): Object,
) -> Answer<Response> {
    let mut fields = Fields::new(body, Demand::Required);
    let current = fields.required("current_password", filled_text);
    let new = fields.required("new_password", filled_text);
    let confirm = fields.required("confirm_password", filled_text);
    let mut errors = fields.into_errors();
    let (Some(current), Some(new), Some(confirm)) = (current, new, confirm) else {
        return Err(Failure::Fields(errors));
    };
    if new != confirm {
        let sentence = "New password and confirm password do not match.";
        errors.add("confirm_password", sentence);
        return Err(Failure::Fields(errors));
    }
    let user = actor.require_person()?;
    for sentence in fields::weaknesses(&new, user) {
        errors.add("new_password", sentence);
    }
    if !errors.is_empty() {
        return Err(Failure::Fields(errors));
    }
    // Whoever took over a session does not know the password, and may not guess it here, either.
    state
        .sign_in_limits
        .count(SignInStep::Password, visitor, &user.username)?;
    match tawzi_app::change_password(&state.app, &actor, &current, &new).await? {
        PasswordChange::WrongCurrent => Err(Failure::refused("Current password is incorrect.")),
        PasswordChange::Changed => {
            let message = "Password changed successfully.";
            Ok(Json(Done { message }).into_response())
        }
    }
}

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
