//! Creating a client.

use super::body::ClientBody;
use super::fields::ClientRequest;
use crate::state::Shared;
use crate::wire::body::Object;
use crate::wire::caller::Subscriber;
use crate::wire::failure::{Answer, Failure};
use crate::wire::fields::Demand;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use tawzi_app::create_client;

/// The longest `Idempotency-Key`.
const MAX_IDEMPOTENCY_KEY_BYTES: usize = 255;

/// Creates a client, who goes to the least busy employee if the company assigns by itself.
///
/// The same client sent again by the same person within 10 seconds, or with the same
/// `Idempotency-Key`, is not created again: the first answer comes back.
#[utoipa::path(
    post,
    path = "/api/clients/",
    tag = "clients",
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255,
        pattern = "^[!-~]+$", description = "What a repetition is recognised by",
        example = "5f0c6a52-lead-8841")),
    request_body = ClientRequest,
    responses((status = 201, body = ClientBody))
)]
pub(crate) async fn create(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    headers: HeaderMap,
    Object(body): Object,
) -> Answer<(StatusCode, Json<ClientBody>)> {
    let client = ClientRequest::read(body, Demand::Required);
    let idempotency_key = idempotency_key(&headers)?;
    let created = create_client(&state.app, &actor, client, idempotency_key).await?;
    let body = ClientBody::detail(created, &actor);
    Ok((StatusCode::CREATED, Json(body)))
}

/// The key by which the sender wants a repetition to be recognised.
fn idempotency_key(headers: &HeaderMap) -> Answer<Option<&str>> {
    let Some(header) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = header.to_str().unwrap_or_default();
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if visible && (1..=MAX_IDEMPOTENCY_KEY_BYTES).contains(&key.len()) {
        return Ok(Some(key));
    }
    Err(Failure::bad_request(format!(
        "Idempotency-Key must have 1 to {MAX_IDEMPOTENCY_KEY_BYTES} visible ASCII characters."
    )))
}
