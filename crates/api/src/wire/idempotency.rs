//! The key by which whoever sends a request wants its repetitions to be recognised.

use crate::Shared;
use crate::wire::failure::{Answer, Failure};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// The longest `Idempotency-Key`.
const MAX_BYTES: usize = 255;

/// The `Idempotency-Key` of a request, if it has one.
#[derive(Debug)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl FromRequestParts<Shared> for IdempotencyKey {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Answer<Self> {
        let Some(header) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        let key = header.to_str().unwrap_or_default();
        let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && (1..=MAX_BYTES).contains(&key.len()) {
            return Ok(Self(Some(key.to_owned())));
        }
        Err(Failure::bad_request(format!(
            "Idempotency-Key must have 1 to {MAX_BYTES} visible ASCII characters."
        )))
    }
}
