//! Signing in and keeping signed in (contract, sections 2.2 and 2.4).

pub(crate) mod code;

use crate::Shared;
use crate::body::Object;
use crate::caller::Caller;
use crate::failure::{Answer, Failure};
use crate::fields::{Demand, Fields, filled_text};
use crate::limits::{SignInStep, Visitor};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{SignedIn, User};
use tawzi_core::id::{CompanyId, UserId};

/// Tokens and whose they are.
#[derive(Debug, Serialize)]
pub(crate) struct LoginBody {
    refresh: String,
    access: String,
    user: LoginUser,
}

#[derive(Debug, Serialize)]
struct LoginUser {
    id: UserId,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    /// Unlike elsewhere, empty when there is none.
    phone: String,
    profile_photo: Option<String>,
    role: String,
    company: Option<CompanyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_specialization: Option<String>,
    /// Not said to somebody who signs in with a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_active: Option<bool>,
    email_verified: bool,
}

/// New tokens.
#[derive(Debug, Serialize)]
pub(crate) struct TokensBody {
    access: String,
    refresh: String,
}

/// `POST /api/auth/login/`
pub(crate) async fn login(
    State(state): State<Shared>,
    visitor: Visitor,
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
    let now = state.clock.now();
    let signed_in = tawzi_app::sign_in(&state.db, &state.keys, &login, &password, now).await?;
    Ok(Json(signed_in.into()))
}

/// `POST /api/auth/refresh/`
pub(crate) async fn refresh(
    State(state): State<Shared>,
    Object(body): Object,
) -> Answer<Json<TokensBody>> {
    let token = only_field(body, "refresh")?;
    let tokens = tawzi_app::refresh(&state.db, &state.keys, &token, state.clock.now()).await;
    let (access, refresh) = tokens.map_err(Failure::of_token)?;
    Ok(Json(TokensBody { access, refresh }))
}

/// `POST /api/auth/verify/`
pub(crate) async fn verify(
    State(state): State<Shared>,
    Object(body): Object,
) -> Answer<Json<Map<String, Value>>> {
    let token = only_field(body, "token")?;
    let verified = tawzi_app::verify(&state.db, &state.keys, &token, state.clock.now()).await;
    verified.map_err(Failure::of_token)?;
    Ok(Json(Map::new()))
}

/// `POST /api/auth/logout/`: signs out everywhere. All tokens of the person who asks, access and
/// refresh, on this and every other device, are good for nothing any more. 204; a body is ignored.
pub(crate) async fn logout(
    State(state): State<Shared>,
    Caller(actor): Caller,
) -> Answer<StatusCode> {
    tawzi_app::sign_out(&state.db, &actor, state.clock.now()).await?;
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
    /// The same without what the reference does not say after a code.
    fn after_code(signed_in: SignedIn) -> Self {
        let mut body = Self::from(signed_in);
        body.user.is_active = None;
        body
    }
}

impl From<SignedIn> for LoginBody {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            refresh: signed_in.refresh,
            access: signed_in.access,
            user: signed_in.user.into(),
        }
    }
}

impl From<User> for LoginUser {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            phone: user.phone.unwrap_or_default(),
            profile_photo: user.profile_photo.filter(|path| !path.is_empty()),
            role: user.role_word,
            company: user.company_id,
            company_name: user.company_name,
            company_specialization: user.company_specialization,
            is_active: Some(user.is_active),
            email_verified: user.email_verified,
        }
    }
}
