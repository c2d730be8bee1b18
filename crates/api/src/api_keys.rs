//! The API keys of a company, for its administrators. The key itself is answered once, when it is made.

use crate::state::Shared;
use crate::wire::body::Object;
use crate::wire::caller::{Administrator, PathId};
use crate::wire::failure::Answer;
use crate::wire::fields::{Demand, request};
use crate::wire::list::{ListQuery, Listed, PageQuery};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tawzi_app::{ApiKey, NewApiKey, Thing};
use tawzi_core::id::{ApiKeyId, UserId};
use tawzi_core::text::ApiKeyName;
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

/// A key, without what would let anybody use it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKeyBody {
    id: ApiKeyId,
    name: String,
    /// How the key begins, to recognise it by.
    #[schema(examples("twz_4fKq"))]
    prefix: String,
    #[schema(required)]
    created_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    created_by_username: Option<String>,
    created_at: Timestamp,
    /// To the minute.
    #[schema(required)]
    last_used_at: Option<Timestamp>,
    #[schema(required)]
    revoked_at: Option<Timestamp>,
}

request! {
    /// A key to be made.
    #[schema(examples(json!({"name": "Form on our website"})))]
    struct ApiKeyRequest for NewApiKey {
        /// What it is for.
        #[schema(min_length = 1, max_length = 100)]
        required name: ApiKeyName;
    }
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
#[schema(as = CreatedApiKeyBody)]
pub(crate) struct CreatedBody {
    #[serde(flatten)]
    listed: ApiKeyBody,
    /// The key itself.
    key: String,
}

/// Lists the keys of the company, the newest first. Only administrators may.
#[utoipa::path(
    get,
    path = "/api/api-keys/",
    tag = "api_keys",
    params(PageQuery),
    responses((status = 200, body = Listed<ApiKeyBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    query: ListQuery,
) -> Answer<Json<Listed<ApiKeyBody>>> {
    let fetch = |page| tawzi_app::list_api_keys(&state.app, &actor, page);
    query.list(fetch, ApiKeyBody::from).await
}

/// Makes a key for a program of the company. The key itself is told this once. Only administrators may.
#[utoipa::path(
    post,
    path = "/api/api-keys/",
    tag = "api_keys",
    request_body = ApiKeyRequest,
    responses((status = 201, body = CreatedBody))
)]
pub(crate) async fn create(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    Object(body): Object,
) -> Answer<(StatusCode, Json<CreatedBody>)> {
    let new = ApiKeyRequest::read(body, Demand::Required);
    let created = tawzi_app::create_api_key(&state.app, &actor, new).await?;
    let body = CreatedBody {
        listed: created.key.into(),
        key: created.secret.reveal().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// Shows a key of the company. Only administrators may.
#[utoipa::path(
    get,
    path = "/api/api-keys/{id}/",
    tag = "api_keys",
    responses((status = 200, body = ApiKeyBody))
)]
pub(crate) async fn read(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    id: PathId,
) -> Answer<Json<ApiKeyBody>> {
    let id = ApiKeyId::new(id.number(Thing::ApiKey)?);
    let key = tawzi_app::read_api_key(&state.app, &actor, id).await?;
    Ok(Json(key.into()))
}

/// Revokes a key, which stays listed; doing so again changes nothing. Only administrators may.
#[utoipa::path(
    delete,
    path = "/api/api-keys/{id}/",
    tag = "api_keys",
    responses((status = 204))
)]
pub(crate) async fn revoke(
    State(state): State<Shared>,
    Administrator(actor): Administrator,
    id: PathId,
) -> Answer<StatusCode> {
    let id = ApiKeyId::new(id.number(Thing::ApiKey)?);
    tawzi_app::revoke_api_key(&state.app, &actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the web client shows as the author of something: a person's user name, or `API: ` and the name
/// of the key with which it was done. No user name has a colon.
pub(crate) fn author_name(username: Option<String>, api_key: Option<String>) -> Option<String> {
    username.or_else(|| api_key.map(|name| format!("API: {name}")))
}

impl From<ApiKey> for ApiKeyBody {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            created_by: key.created_by,
            created_by_username: key.created_by_username,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}
