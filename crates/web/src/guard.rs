//! What surrounds all handlers: limits of size and time, answers to panics, and headers for
//! browsers.

use crate::cors::cross_origin;
use crate::failure::Failure;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::CorsLayer;

/// The longest body of a request.
const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// How long a request may take, with the arrival of its body.
const MAX_TIME: Duration = Duration::from_secs(30);

/// The routes, guarded. Everything that answers is inside of CORS: a browser hides from a page what
/// comes without its headers.
pub(crate) fn guarded(routes: Router, cors: CorsLayer) -> Router {
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(within_time))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(from_fn_with_state(cors, cross_origin))
        .layer(map_response(secured))
}

async fn within_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(MAX_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Failure::Detail(
            StatusCode::GATEWAY_TIMEOUT,
            "The request took too long; try again in a moment.".into(),
        )
        .into_response(),
    }
}

fn after_panic(_panic: Box<dyn Any + Send + 'static>) -> Response {
    // The panic itself was reported where it happened; its text may hold what is no log's business.
    tracing::error!("a request ended in a panic");
    Failure::internal().into_response()
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
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn answer_to(path: &str) -> (StatusCode, HeaderValue, String) {
        let routes = Router::new()
            .route("/panic", get(async || -> () { panic!("as it must") }))
            .route("/slow", get(std::future::pending::<()>));
        let guarded = guarded(routes, crate::cors::layer(&[]));
        let request = Request::get(path)
            .header("Origin", "http://localhost:3000")
            .body(Body::empty())
            .unwrap();

        let response = guarded.oneshot(request).await.unwrap();

        let status = response.status();
        let origin = response.headers()["access-control-allow-origin"].clone();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, origin, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_an_answer_that_the_page_may_read() {
        let (status, origin, body) = answer_to("/panic").await;

        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(origin, "http://localhost:3000");
        assert_eq!(body, r#"{"detail":"Internal server error."}"#);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_takes_too_long_is_given_up() {
        let (status, _, body) = answer_to("/slow").await;

        assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
        assert!(body.contains("try again"), "{body}");
    }
}
