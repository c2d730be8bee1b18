//! Signing in as the web client does: with a code that is sent by e-mail, and the password.

use super::body::LoginBody;
use super::{OneText, only_text};
use crate::Shared;
use crate::wire::body::{Declared, Object};
use crate::wire::failure::{Answer, ErrorBody, Failure, ForbiddenBody};
use crate::wire::fields::{Demand, request, text};
use crate::wire::openapi::TooManyAttempts;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{CodeSignIn, Language, find_account, request_code, sign_in_with_code};
use tawzi_core::text::{FilledText, ShownPassword};
use tawzi_web::{ServerAddress, SignInStep, Visitor};
use utoipa::ToSchema;

/// A code is on its way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestedBody {
    message: &'static str,
    /// Whether the code goes out by mail; otherwise it is in the log of the server.
    sent: bool,
    /// To be sent with the code.
    token: String,
}

request! {
    /// Who wants a code.
    #[schema(examples(json!({"username": "salma"})))]
    pub(crate) struct CodeRequest for OneText {
        /// The user name or the e-mail address.
        #[schema(min_length = 1, max_length = 4096)]
        required username: FilledText => text;
    }
}

/// Who signs in, and with what.
#[derive(ToSchema)]
#[schema(examples(json!({"username": "salma", "password": "Passw0rd!x", "code": "123456"})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
pub(crate) struct CodeSignInRequest {
    /// The user name or the e-mail address.
    #[schema(min_length = 1, max_length = 4096)]
    username: String,
    /// The password.
    #[schema(min_length = 1, max_length = 1024)]
    password: String,
    /// The code from the mail.
    code: String,
    /// What came with the answer to the request for the code.
    token: Option<String>,
}

impl Declared for CodeSignInRequest {
    const FIELDS: &'static [&'static str] = &["username", "password", "code", "token"];
}

/// Sends a code to sign in with by e-mail.
///
/// The code is good for a few minutes, once, and together with the password. Without a mail server
/// it is in the log of the server.
#[utoipa::path(
    post,
    path = "/api/auth/request-2fa/",
    tag = "auth",
    operation_id = "request_code",
    params(("Accept-Language" = Option<String>, Header,
        description = "The language of the mail: Arabic unless English is asked for", example = "en")),
    request_body = CodeRequest,
    responses(
        (status = 200, body = RequestedBody),
        (status = 403, body = ForbiddenBody, description = "The person may not sign in now."),
        TooManyAttempts,
    )
)]
pub(crate) async fn request(
    State(state): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Object(body, ..): Object<CodeRequest>,
) -> Answer<Json<RequestedBody>> {
    let login = only_text(CodeRequest::read(body, Demand::Required))?;
    let limits = &state.sign_in_limits;
    let asker = limits.enter(visitor).map_err(Failure::unable_to_sign_in)?;
    let account = find_account(&state.app, &login).await?;
    limits
        .count(SignInStep::Code, asker, account.key())
        .map_err(Failure::unable_to_sign_in)?;
    let asked = request_code(&state.app, asker, account, language(&headers)).await?;
    Ok(Json(RequestedBody {
        message: "2FA code has been sent to your email.",
        sent: asked.sent,
        token: asked.token,
    }))
}

/// Signs in with a code and the password.
#[utoipa::path(
    post,
    path = "/api/auth/verify-2fa/",
    tag = "auth",
    operation_id = "verify_code",
    request_body = CodeSignInRequest,
    responses(
        (status = 200, body = LoginBody),
        (status = 401, body = ErrorBody, description = "The password is wrong."),
        (status = 403, body = ForbiddenBody, description = "The person may not sign in now."),
        TooManyAttempts,
    )
)]
pub(crate) async fn verify(
    State(state): State<Shared>,
    visitor: Visitor,
    server: ServerAddress,
    Object(body, ..): Object<CodeSignInRequest>,
) -> Answer<Json<LoginBody>> {
    let login = body.get("username").map(text(FilledText::parse));
    let (Some(Ok(Some(login))), Some(password)) = (login, sent(&body, "password")) else {
        return Err(Failure::refused("Username and password are required."));
    };
    if ShownPassword::parse(&password).is_err() {
        return Err(Failure::refused(
            "The password is too long, or has a null character.",
        ));
    }
    let asker = state.sign_in_limits.enter(visitor)?;
    let account = find_account(&state.app, &login).await?;
    let step = SignInStep::Password;
    state.sign_in_limits.count(step, asker, account.key())?;
    let (code, token) = (sent(&body, "code"), sent(&body, "token"));
    let shown = CodeSignIn {
        password: &password,
        code: code.as_deref().map(str::trim),
        token: token.as_deref().map(str::trim),
    };
    let signed_in = sign_in_with_code(&state.app, asker, account, shown).await?;
    Ok(Json(LoginBody::after_code(signed_in, &server)))
}

/// The text of a field as it was sent; `None` when there is none.
fn sent(body: &Map<String, Value>, name: &str) -> Option<String> {
    let text = match body.get(name)? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.trim().is_empty())
}

/// Arabic unless English is asked for.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(ACCEPT_LANGUAGE);
    let text = header.and_then(|header| header.to_str().ok());
    text.and_then(Language::named).unwrap_or(Language::Arabic)
}
