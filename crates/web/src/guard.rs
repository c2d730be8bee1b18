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

/// The longest body of a request.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::response::IntoResponse as _;
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn answer_to(path: &str) -> Response {
        let routes = Router::new()
            .route("/panic", get(async || -> () { panic!("as it must") }))
            .route("/slow", get(std::future::pending::<()>))
            .route("/kept", get(async || [(CACHE_CONTROL, "max-age=1")]));
        let guarded = guarded(routes, |trouble| trouble.status().into_response());
        let request = Request::get(path).body(Body::empty()).unwrap();
        with_browser_headers(guarded)
            .oneshot(request)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let response = answer_to("/panic").await;

        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_takes_too_long_is_given_up() {
        let begun = tokio::time::Instant::now();

        let response = answer_to("/slow").await;

        assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
        assert_eq!(begun.elapsed(), MAX_TIME);
    }

    #[tokio::test]
    async fn nothing_is_kept_but_what_says_so_itself() {
        for (path, kept) in [("/panic", "no-store"), ("/kept", "max-age=1")] {
            let response = answer_to(path).await;

            let headers = response.headers();
            assert_eq!(headers["cache-control"], kept, "{path}");
            assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
            assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        }
    }
}
