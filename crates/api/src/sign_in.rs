//! Signing in and keeping signed in (contract, sections 2.2 and 2.4).

pub(crate) mod code;

use crate::Shared;
use crate::address::ServerAddress;
use crate::body::Object;
use crate::caller::Person;
use crate::failure::{Answer, Failure, Unauthenticated};
use crate::fields::{Demand, Fields, filled_text};
use crate::limits::{SignInStep, Visitor};
use crate::openapi::TooManyAttempts;
use crate::photos::address_of_photo;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{SignedIn, User};
use tawzi_core::id::{CompanyId, UserId};
use utoipa::ToSchema;

/// Tokens and whose they are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LoginBody {
    /// Good for longer; it is exchanged for new tokens.
    refresh: String,
    /// What requests carry.
    access: String,
    user: LoginUser,
}

#[derive(Debug, Serialize, ToSchema)]
struct LoginUser {
    id: UserId,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    /// Unlike elsewhere, empty when there is none.
    phone: String,
    /// The path of a picture.
    #[schema(required)]
    profile_photo: Option<String>,
    /// `admin` or `employee`; imported people may have other words.
    role: String,
    #[schema(required)]
    company: Option<CompanyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_specialization: Option<String>,
    /// Not said to somebody who signs in with a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    is_active: Option<bool>,
    email_verified: bool,
}

/// New tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokensBody {
    /// What requests carry.
    access: String,
    /// Good for longer; it is exchanged for new tokens.
    refresh: String,
}

/// Nothing: the status says it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerifiedBody {}

/// Who signs in. Either `username` or `email` is needed; the first one counts.
#[derive(ToSchema)]
#[schema(examples(json!({"username": "salma", "password": "Passw0rd!x"})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
struct LoginRequest {
    /// The user name or the e-mail address.
    #[schema(required = false, min_length = 1)]
    username: String,
    /// The same under another name.
    #[schema(required = false)]
    email: String,
    /// The password.
    #[schema(min_length = 1)]
    password: String,
}

/// What new tokens are given for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the fields for the document")]
struct RefreshRequest {
    /// A refresh token.
    #[schema(min_length = 1)]
    refresh: String,
}

/// What is looked at.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the fields for the document")]
struct VerifyRequest {
    /// A token.
    #[schema(min_length = 1)]
    token: String,
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
    Object(mut body): Object,
) -> Answer<Json<LoginBody>> {
    name_the_login(&mut body);
    let mut fields = Fields::new(body, Demand::Required);
    let login = fields.required("username", filled_text);
    let password = fields.required("password", filled_text);
    let (Some(login), Some(password)) = (login, password) else {
        return Err(Failure::Fields(fields.into_errors()));
    };
    state
        .sign_in_limits
        .count(SignInStep::Password, visitor, &login)?;
    let signed_in = tawzi_app::sign_in(&state.app, &login, &password).await?;
    Ok(Json(LoginBody::new(signed_in, &server)))
}

/// Exchanges a refresh token for new tokens.
#[utoipa::path(
    post,
    path = "/api/auth/refresh/",
    tag = "auth",
    request_body = RefreshRequest,
    responses(
        (status = 200, body = TokensBody),
        (status = 401, body = Unauthenticated, description = "The token is good for nothing."),
    )
)]
pub(crate) async fn refresh(
    State(state): State<Shared>,
    Object(body): Object,
) -> Answer<Json<TokensBody>> {
    let token = only_field(body, "refresh")?;
    let tokens = tawzi_app::refresh(&state.app, &token).await;
    let (access, refresh) = tokens.map_err(Failure::of_token)?;
    Ok(Json(TokensBody { access, refresh }))
}

/// Says whether a token, of either kind, is still good.
#[utoipa::path(
    post,
    path = "/api/auth/verify/",
    tag = "auth",
    request_body = VerifyRequest,
    responses(
        (status = 200, body = VerifiedBody, description = "It is."),
        (status = 401, body = Unauthenticated, description = "The token is good for nothing."),
    )
)]
pub(crate) async fn verify(
    State(state): State<Shared>,
    Object(body): Object,
) -> Answer<Json<VerifiedBody>> {
    let token = only_field(body, "token")?;
    let verified = tawzi_app::verify(&state.app, &token).await;
    verified.map_err(Failure::of_token)?;
    Ok(Json(VerifiedBody {}))
}

/// Signs out everywhere.
///
/// All tokens of the caller, access and refresh, on this and every other device, are good for
/// nothing any more. A body is ignored.
#[utoipa::path(
    post,
    path = "/api/auth/logout/",
    tag = "auth",
    responses((status = 204))
)]
pub(crate) async fn logout(
    State(state): State<Shared>,
    Person(actor): Person,
) -> Answer<StatusCode> {
    tawzi_app::sign_out(&state.app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
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

fn only_field(body: Map<String, Value>, name: &'static str) -> Answer<String> {
    let mut fields = Fields::new(body, Demand::Required);
    let value = fields.required(name, filled_text);
    value.ok_or_else(|| Failure::Fields(fields.into_errors()))
}

impl LoginBody {
    fn new(signed_in: SignedIn, server: &ServerAddress) -> Self {
        Self {
            refresh: signed_in.refresh,
            access: signed_in.access,
            user: LoginUser::new(signed_in.user, server),
        }
    }

    /// The same without what the reference does not say after a code.
    fn after_code(signed_in: SignedIn, server: &ServerAddress) -> Self {
        let mut body = Self::new(signed_in, server);
        body.user.is_active = None;
        body
    }
}

impl LoginUser {
    fn new(user: User, server: &ServerAddress) -> Self {
        Self {
            profile_photo: address_of_photo(&user, server),
            id: user.id,
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            phone: user.phone.unwrap_or_default(),
            role: user.role_word,
            company: user.company_id,
            company_name: user.company_name,
            company_specialization: user.company_specialization,
            is_active: Some(user.is_active),
            email_verified: user.email_verified,
        }
    }
}
