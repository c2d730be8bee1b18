//! The pages: HTML in Arabic and English.

mod home;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tawzi_app::Db;

/// The pages, everything that is not below `/api/`; it can be merged with other routes.
pub fn router(db: Db) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/assets/tawzi.css", get(style))
        .with_state(db)
}

async fn style() -> Response {
    let kind = [(CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("../assets/tawzi.css")).into_response()
}
