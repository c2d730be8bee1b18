//! The document as a page that people can read and try out: Swagger UI, which is part of the
//! program and loads nothing from elsewhere.

use crate::Shared;
use crate::wire::caller::Access;
use crate::wire::endpoint::mounted;
use crate::wire::failure::Failure;
use axum::Router;
use axum::extract::Path;
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// What the page needs is beside it, but for a few pictures in its style sheet; nobody may put it
/// into a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What a compressed file starts with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A file of the page, or its compressed form.
macro_rules! asset {
    ($name:literal) => {
        include_bytes!(concat!("../assets/swagger-ui/", $name)).as_slice()
    };
}

/// The page and what belongs to it.
pub(crate) fn routes() -> Router<Shared> {
    const ALLOW: &str = "GET, HEAD, OPTIONS";
    let page = get(async || file(""));
    let part = get(async |Path(name): Path<String>| file(&name));
    Router::new()
        .merge(mounted("/api/docs/", ALLOW, Access::Anyone, page))
        .merge(mounted("/api/docs/{file}", ALLOW, Access::Anyone, part))
}

fn file(name: &str) -> Response {
    let (kind, content) = match name {
        "" | "index.html" => ("text/html", asset!("index.html")),
        "index.css" => ("text/css", asset!("index.css")),
        "swagger-ui.css" => ("text/css", asset!("swagger-ui.css.gz")),
        "swagger-initializer.js" => ("text/javascript", asset!("swagger-initializer.js")),
        "swagger-ui-bundle.js" => ("text/javascript", asset!("swagger-ui-bundle.js.gz")),
        "swagger-ui-standalone-preset.js" => (
            "text/javascript",
            asset!("swagger-ui-standalone-preset.js.gz"),
        ),
        "favicon-16x16.png" => ("image/png", asset!("favicon-16x16.png")),
        "favicon-32x32.png" => ("image/png", asset!("favicon-32x32.png")),
        _ => return Failure::not_found().into_response(),
    };
    let headers = [(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY)];
    // Every browser can read them so.
    if content.starts_with(&GZIP) {
        return (headers, [(CONTENT_ENCODING, "gzip")], content).into_response();
    }
    (headers, content).into_response()
}
