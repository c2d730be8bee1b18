//! Tokens: exchanging them, looking at them, and taking them back.

use super::{OneText, only_text};
use crate::Shared;
use crate::wire::body::Object;
use crate::wire::caller::SignedInUser;
use crate::wire::failure::{Answer, Failure, Unauthenticated};
use crate::wire::fields::{Demand, request};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tawzi_core::text::FilledText;
use utoipa::ToSchema;

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

request! {
    /// What new tokens are given for.
    pub(crate) struct RefreshRequest for OneText {
        /// A refresh token.
        #[schema(min_length = 1, max_length = 4096)]
        required refresh: FilledText => text;
    }
}

request! {
    /// What is looked at.
    pub(crate) struct VerifyRequest for OneText {
        /// A token.
        #[schema(min_length = 1, max_length = 4096)]
        required token: FilledText => text;
    }
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
    Object(body, ..): Object<RefreshRequest>,
) -> Answer<Json<TokensBody>> {
    let token = only_text(RefreshRequest::read(body, Demand::Required))?;
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
    Object(body, ..): Object<VerifyRequest>,
) -> Answer<Json<VerifiedBody>> {
    let token = only_text(VerifyRequest::read(body, Demand::Required))?;
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
    SignedInUser(actor): SignedInUser,
) -> Answer<StatusCode> {
    tawzi_app::sign_out(&state.app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
