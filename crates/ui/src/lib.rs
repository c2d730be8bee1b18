//! The pages: HTML in Arabic and English.

mod home;

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tawzi_app::App;

/// What a page needs is on it or beside it, and nobody may put it into a frame.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The pages, everything that is not below `/api/`; it can be merged with other routes.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/assets/tawzi.css", get(style))
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(map_response(secured))
        .with_state(app)
}

/// The answer with headers for browsers, also when there is nothing.
async fn secured(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

async fn style() -> Response {
    let kind = [(CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("../assets/tawzi.css")).into_response()
}
