//! What surrounds all handlers: limits of size and time, answers to panics, and headers for
//! browsers.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::Response;
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;

/// The longest body of a request, unless its route says otherwise.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// How long a request may take, with the arrival of its body.
const MAX_TIME: Duration = Duration::from_secs(30);

/// What can happen to any request, whatever its handler does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It was given up because it took too long.
    TookTooLong,
    /// Its handler panicked, which is in the log.
    Panicked,
}

impl Trouble {
    /// The status of the answer.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::TookTooLong => StatusCode::GATEWAY_TIMEOUT,
            Self::Panicked => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The routes with limits of size and time, and with `answer` to what may happen to a request.
pub fn guarded(routes: Router, answer: fn(Trouble) -> Response) -> Router {
    let after_panic = move |_panic: Box<dyn Any + Send + 'static>| {
        // It was reported where it happened; its text may hold what is no log's business.
        tracing::error!("a request ended in a panic");
        answer(Trouble::Panicked)
    };
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(answer, within_time))
        .layer(CatchPanicLayer::custom(after_panic))
}

async fn within_time(
    State(answer): State<fn(Trouble) -> Response>,
    request: Request,
    next: Next,
) -> Response {
    let response = tokio::time::timeout(MAX_TIME, next.run(request)).await;
    response.unwrap_or_else(|_| answer(Trouble::TookTooLong))
}

/// The routes, whose answers tell browsers to keep nothing, to guess nothing, and to tell other
/// servers nothing.
pub fn with_browser_headers(routes: Router) -> Router {
    routes.layer(map_response(secured))
}

async fn secured(mut response: Response) -> Response {
    let headers = response.headers_mut();
    // Only a photo may be kept, and says so itself.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
