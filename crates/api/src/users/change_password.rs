//! Changing one's own password.

use crate::Shared;
use crate::wire::body::Object;
use crate::wire::caller::SignedInUser;
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::{Demand, request, said, valid};
use crate::wire::openapi::TooManyAttempts;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tawzi_app::{AccountKey, PasswordChange, Problem, User, own_name};
use tawzi_core::text::{NewPassword, ShownPassword};
use tawzi_web::{SignInStep, Visitor};
use utoipa::ToSchema;

/// A sentence about what was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    message: &'static str,
}

request! {
    /// A new password.
    #[expect(clippy::struct_field_names, reason = "the web client calls them so")]
    pub(crate) struct PasswordRequest for Passwords {
        /// The password that is good now.
        #[schema(min_length = 1, max_length = 1024)]
        required current_password: ShownPassword => current;
        /// The one that will be: more than digits, and not one's own name.
        #[schema(min_length = 8, max_length = 1024)]
        required new_password: ShownPassword => new;
        /// The same again.
        #[schema(min_length = 8, max_length = 1024)]
        required confirm_password: ShownPassword => confirm;
    }
}

/// The passwords of a request.
#[derive(Default)]
pub(crate) struct Passwords {
    current: Option<ShownPassword>,
    new: Option<ShownPassword>,
    confirm: Option<ShownPassword>,
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
    SignedInUser(actor): SignedInUser,
    Object(body, ..): Object<PasswordRequest>,
) -> Answer<Json<Done>> {
    let mut sent = PasswordRequest::read(body, Demand::Required);
    let user = actor.require_user()?;
    if let (Some(new), Some(confirm)) = (&sent.value.new, &sent.value.confirm)
        && sent.problems.is_empty()
    {
        let weaknesses = weaknesses(new.as_str(), user).into_iter();
        if new == confirm {
            sent.problems
                .extend(weaknesses.map(|problem| problem.of("new_password")));
        } else {
            sent.problems.push(Problem::Differs.of("confirm_password"));
        }
    }
    let passwords = valid(sent)?;
    let (current, new) = (said(passwords.current), said(passwords.new));
    // Whoever took over a session does not know the password, and may not guess it here, either.
    let asker = state.sign_in_limits.enter(visitor)?;
    let account = AccountKey::Person(user.id);
    state
        .sign_in_limits
        .count(SignInStep::Password, asker, account)?;
    match tawzi_app::change_password(&state.app, &actor, &current, &new).await? {
        PasswordChange::WrongCurrent => Err(Failure::refused("Current password is incorrect.")),
        PasswordChange::Changed => {
            let message = "Password changed successfully.";
            Ok(Json(Done { message }))
        }
    }
}

/// Why a password would be easy to guess for somebody who knows its owner.
fn weaknesses(password: &str, user: &User) -> Vec<Problem> {
    let mut problems = match NewPassword::parse(password) {
        Err(problems) => problems.into_iter().map(Problem::Text).collect(),
        Ok(_) => Vec::new(),
    };
    problems.extend(own_name(password, user));
    problems
}
