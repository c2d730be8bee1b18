//! Signing in with a password alone.

use super::body::LoginBody;
use crate::Shared;
use crate::wire::body::Object;
use crate::wire::failure::{Answer, Unauthenticated};
use crate::wire::fields::{Demand, request, said, valid};
use crate::wire::openapi::TooManyAttempts;
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value};
use tawzi_app::find_account;
use tawzi_core::text::{FilledText, ShownPassword};
use tawzi_web::{ServerAddress, SignInStep, Visitor};

request! {
    /// Who signs in. Either `username` or `email` is needed; the first one counts.
    #[schema(examples(json!({"username": "salma", "password": "Passw0rd!x"})))]
    pub(crate) struct LoginRequest for Login {
        /// The user name or the e-mail address.
        #[schema(required = false, min_length = 1, max_length = 4096)]
        required username: FilledText;
        /// The same under another name.
        #[schema(required = false)]
        elsewhere email: String;
        /// The password.
        #[schema(min_length = 1, max_length = 1024)]
        required password: ShownPassword;
    }
}

/// Who signs in, and with what.
#[derive(Default)]
pub(crate) struct Login {
    username: Option<FilledText>,
    password: Option<ShownPassword>,
}

/// Signs in with a user name or an e-mail address, and a password.
#[utoipa::path(
    post,
    path = "/api/auth/login/",
    tag = "auth",
    request_body = LoginRequest,
    responses(
        (status = 200, body = LoginBody),
        (status = 401, body = Unauthenticated, description = "Nobody can sign in like that."),
        TooManyAttempts,
    )
)]
pub(crate) async fn login(
    State(state): State<Shared>,
    visitor: Visitor,
    server: ServerAddress,
    Object(mut body, ..): Object<LoginRequest>,
) -> Answer<Json<LoginBody>> {
    name_the_login(&mut body);
    let shown = valid(LoginRequest::read(body, Demand::Required))?;
    let (login, password) = (said(shown.username), said(shown.password));
    let asker = state.sign_in_limits.enter(visitor)?;
    let account = find_account(&state.app, &login).await?;
    let step = SignInStep::Password;
    state.sign_in_limits.count(step, asker, account.key())?;
    let signed_in = tawzi_app::sign_in(&state.app, asker, account, &password).await?;
    Ok(Json(LoginBody::new(signed_in, &server)))
}

/// Who signs in may be called `username` or `email`, and errors are about the first.
fn name_the_login(body: &mut Map<String, Value>) {
    let named = match body.get("username") {
        None | Some(Value::Null) => false,
        Some(name) => name != "",
    };
    if !named && let Some(email) = body.remove("email") {
        body.insert("username".to_owned(), email);
    }
}
