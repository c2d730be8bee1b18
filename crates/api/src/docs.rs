//! The document as a page that people can read and try out: Swagger UI, which is part of the
//! program and loads nothing from elsewhere.

use crate::state::Shared;
use crate::wire::caller::Access;
use crate::wire::endpoint::mounted;
use crate::wire::failure::Failure;
use axum::Router;
use axum::extract::Path;
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::{Arc, LazyLock};
use utoipa_swagger_ui::Config;

/// What the page needs is beside it, but for a few pictures in its style sheet; nobody may put it
/// into a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    // The validator would be asked over the network.
    let config = Config::from("/api/openapi.json").validator_url("none");
    let config = config.persist_authorization(false).try_it_out_enabled(true);
    // The other layout has a bar for loading other documents, whose picture the policy forbids to style
    // itself.
    Arc::new(config.use_base_layout())
});

/// The page and what belongs to it.
pub(crate) fn routes() -> Router<Shared> {
    const ALLOW: &str = "GET, HEAD, OPTIONS";
    let part = get(async |Path(name): Path<String>| file(&name));
    Router::new()
        .merge(mounted(
            "/api/docs/",
            ALLOW,
            Access::Anyone,
            get(async || file("")),
        ))
        .merge(mounted("/api/docs/{file}", ALLOW, Access::Anyone, part))
}

fn file(name: &str) -> Response {
    let Ok(Some(file)) = utoipa_swagger_ui::serve(name, CONFIG.clone()) else {
        return Failure::not_found().into_response();
    };
    let mut response = (
        [
            (CONTENT_TYPE, file.content_type.as_str()),
            (CONTENT_SECURITY_POLICY, POLICY),
        ],
        file.bytes.into_owned(),
    )
        .into_response();
    if file.gzpipped {
        let gzip = axum::http::HeaderValue::from_static("gzip");
        response.headers_mut().insert(CONTENT_ENCODING, gzip);
    }
    response
}
