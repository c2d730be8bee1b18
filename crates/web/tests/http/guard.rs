//! What surrounds all handlers.

use axum::Router;
use axum::body::Body;
use axum::http::header::CACHE_CONTROL;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use std::time::Duration;
use tawzi_web::{guarded, with_browser_headers};
use tower::ServiceExt as _;

async fn answer_to(path: &str) -> Response {
    let routes = Router::new()
        .route("/panic", get(async || -> () { panic!("as it must") }))
        .route("/slow", get(std::future::pending::<()>))
        .route("/kept", get(async || [(CACHE_CONTROL, "max-age=1")]));
    let guarded = guarded(routes, |trouble| trouble.status().into_response());
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = with_browser_headers(guarded).oneshot(request).await;
    response.unwrap()
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
    assert_eq!(begun.elapsed(), Duration::from_secs(30));
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
