//! Changing one's own password.

use super::fields::weaknesses;
use crate::fields::{Demand, Fields, filled_text};
use crate::state::Shared;
use crate::wire::body::Object;
use crate::wire::caller::Person;
use crate::wire::failure::{Answer, Failure};
use crate::wire::openapi::TooManyAttempts;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tawzi_app::PasswordChange;
use tawzi_web::{SignInStep, Visitor};
use utoipa::ToSchema;

/// A sentence about what was done.
#[derive(Debug, Serialize, ToSchema)]
struct Done {
    message: &'static str,
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
    for sentence in weaknesses(&new, user) {
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
