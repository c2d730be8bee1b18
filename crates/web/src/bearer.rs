//! Who asks, as the head of a request proves it.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use tawzi_app::{Actor, App, Error, authenticate};

/// Why it is not known who asks.
#[derive(Debug)]
pub enum NotAuthenticated {
    /// The head does not try to bring a token.
    Missing,
    /// What it brings is not `Bearer TOKEN`.
    Malformed,
    /// The token is good for nothing, or could not be looked at.
    Refused(Error),
}

/// Who asks: the person or the API key whose token the head brings.
pub async fn authenticated(app: &App, headers: &HeaderMap) -> Result<Actor, NotAuthenticated> {
    let actor = authenticate(app, bearer(headers)?).await;
    actor.map_err(NotAuthenticated::Refused)
}

/// The token of an `Authorization: Bearer TOKEN` header; other schemes are as good as none.
pub fn bearer(headers: &HeaderMap) -> Result<&str, NotAuthenticated> {
    let header = headers.get(AUTHORIZATION);
    let text = header.map_or("", |header| header.to_str().unwrap_or("Bearer"));
    let mut words = text.split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some("Bearer"), Some(token), None) => Ok(token),
        (Some("Bearer"), _, _) => Err(NotAuthenticated::Malformed),
        _ => Err(NotAuthenticated::Missing),
    }
}
