//! People (contract, section 2.5).

mod body;
mod fields;

use crate::Shared;
use crate::body::Object;
use crate::caller::{Caller, PathId, Subscriber};
use crate::failure::{Answer, Failure};
use crate::fields::{Demand, Fields, filled_text, flag};
use crate::list::{ListQuery, Listed};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use body::{UserBody, UserRow};
use fields::UserFields;
use serde::Serialize;
use tawzi_app::{PasswordChange, UserOrder};
use tawzi_core::id::UserId;

/// A sentence about what was done.
#[derive(Debug, Serialize)]
struct Done {
    message: &'static str,
}

/// What deactivating somebody would be about.
#[derive(Debug, Serialize)]
pub(crate) struct PreviewBody {
    assigned_leads_count: usize,
    can_reassign: bool,
    show_lead_reassign_options: bool,
}

/// What came of deactivating somebody.
#[derive(Debug, Serialize)]
pub(crate) struct DeactivatedBody {
    user: UserBody,
    assigned_lead_count: usize,
    skipped_lead_count: usize,
    leads_remaining_on_user: usize,
}

/// Somebody who may work again.
#[derive(Debug, Serialize)]
pub(crate) struct ReactivatedBody {
    user: UserBody,
}

/// `GET /api/users/me/`
pub(crate) async fn me(
    State(state): State<Shared>,
    Caller(actor): Caller,
) -> Answer<Json<UserBody>> {
    let me = tawzi_app::me(&state.db, &actor).await?;
    Ok(Json(UserBody::new(me, actor.id())))
}

/// `GET /api/users/`
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<UserRow>>> {
    let words = query.words()?;
    let order = query.order(|name| match name {
        "date_joined" => Some(UserOrder::DateJoined),
        "last_login" => Some(UserOrder::LastLogin),
        "username" => Some(UserOrder::Username),
        _ => None,
    });
    let fetch = |page| tawzi_app::list_users(&state.db, &actor, &words, &order, page);
    let page = query
        .page(async |page| Ok(fetch(page).await?.count))
        .await?;
    let found = fetch(page).await?;
    let rows = found.users.into_iter();
    let rows = rows.map(|user| UserRow::new(user, actor.id())).collect();
    Ok(query.answer(page, found.count, rows))
}

/// `POST /api/users/`
pub(crate) async fn create(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    Object(body): Object,
) -> Answer<(StatusCode, Json<UserBody>)> {
    // Whoever may not create anybody learns nothing about who is there.
    if !actor.user().is_superuser {
        actor.require_admin()?;
    }
    let draft = UserFields::read(body, Demand::Required).into_draft()?;
    let created = tawzi_app::create_user(&state.db, &actor, &draft, state.clock.now()).await?;
    Ok((
        StatusCode::CREATED,
        Json(UserBody::new(created, actor.id())),
    ))
}

/// `GET /api/users/{id}/`
pub(crate) async fn read(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<UserBody>> {
    let id = UserId::new(id.number("User")?);
    let user = tawzi_app::read_user(&state.db, &actor, id).await?;
    Ok(Json(UserBody::new(user, actor.id())))
}

/// `DELETE /api/users/{id}/`
pub(crate) async fn delete(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<StatusCode> {
    let id = UserId::new(id.number("User")?);
    tawzi_app::delete_user(&state.db, &actor, id, state.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/users/{id}/deactivate-preview/`
pub(crate) async fn preview_deactivation(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<PreviewBody>> {
    let id = UserId::new(id.number("User")?);
    let preview = tawzi_app::preview_deactivation(&state.db, &actor, id).await?;
    Ok(Json(PreviewBody {
        assigned_leads_count: preview.clients,
        can_reassign: preview.can_reassign,
        show_lead_reassign_options: preview.clients > 0,
    }))
}

/// `POST /api/users/{id}/deactivate/`
pub(crate) async fn deactivate(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
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
    let now = state.clock.now();
    let done = tawzi_app::deactivate_employee(&state.db, &actor, id, reassign, now).await?;
    Ok(Json(DeactivatedBody {
        user: UserBody::new(done.person, actor.id()),
        assigned_lead_count: done.reassigned,
        skipped_lead_count: done.unassigned,
        // Nobody keeps what they cannot look after.
        leads_remaining_on_user: 0,
    }))
}

/// `POST /api/users/{id}/reactivate/`
pub(crate) async fn reactivate(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
) -> Answer<Json<ReactivatedBody>> {
    let id = UserId::new(id.number("User")?);
    let person = tawzi_app::reactivate_employee(&state.db, &actor, id).await?;
    let user = UserBody::new(person, actor.id());
    Ok(Json(ReactivatedBody { user }))
}

/// `POST /api/users/change_password/`
pub(crate) async fn change_password(
    State(state): State<Shared>,
    Caller(actor): Caller,
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
    for sentence in fields::weaknesses(&new, actor.user()) {
        errors.add("new_password", sentence);
    }
    if !errors.is_empty() {
        return Err(Failure::Fields(errors));
    }
    match tawzi_app::change_password(&state.db, &actor, &current, &new, state.clock.now()).await? {
        PasswordChange::WrongCurrent => Err(Failure::refused("Current password is incorrect.")),
        PasswordChange::Changed => {
            let message = "Password changed successfully.";
            Ok(Json(Done { message }).into_response())
        }
    }
}

/// `PUT` and `PATCH /api/users/{id}/`
pub(crate) async fn edit(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    id: PathId,
    demand: Demand,
    Object(body): Object,
) -> Answer<Json<UserBody>> {
    let id = UserId::new(id.number("User")?);
    // What cannot be seen is not there, whatever the request says about it.
    tawzi_app::read_user(&state.db, &actor, id).await?;
    let change = UserFields::read(body, demand).into_change()?;
    let edited = tawzi_app::edit_user(&state.db, &actor, id, change, state.clock.now()).await?;
    Ok(Json(UserBody::new(edited, actor.id())))
}
