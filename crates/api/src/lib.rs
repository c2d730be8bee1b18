//! The JSON API: the reference CRM's paths, bodies and answers, so that its web client works
//! unmodified (contract, sections 1 and 2). Where it differs on purpose: rules, section 4.
//!
//! A handler takes the request apart, calls one verb and shapes the answer, and says in its
//! `#[utoipa::path]` where it is and what it reads and answers. The handlers of a resource are in the
//! file or folder of its name, `routes.rs` lists them all, and `wire` is what they share.

mod api_keys;
mod audit;
mod client_events;
mod client_tasks;
mod clients;
mod companies;
mod docs;
mod not_held;
mod photos;
mod routes;
mod server;
mod settings;
mod sign_in;
mod sweeps;
mod users;
mod wire;
mod workload;

pub use routes::document;
pub use tawzi_web::{AddressFrom, SignInLimits};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse as _;
use std::sync::Arc;
use tawzi_app::App;
use tawzi_web::{guarded, with_browser_headers};
use tower_http::cors::CorsLayer;
use wire::failure::Failure;
use wire::under_way::{self, UnderWay};
use wire::{cors, endpoint};

/// What the handlers work with.
#[derive(Debug)]
pub struct ApiState {
    /// What the verbs work with.
    pub app: App,
    /// Origins whose pages may call the API, such as `https://crm.example`; `*.crm.example` is that
    /// domain with all of its sub-domains. Pages on this machine always may.
    pub allowed_origins: Vec<String>,
    /// How often one may try to sign in.
    pub sign_in_limits: SignInLimits,
}

/// The state, as handlers get it.
type Shared = Arc<ApiState>;

/// The API, everything below `/api/`; it can be merged with other routes.
pub fn router(mut state: ApiState) -> Router {
    let refusals = state.app.refusals().clone();
    state.sign_in_limits = state.sign_in_limits.telling(refusals);
    let cors = cors::layer(&state.allowed_origins);
    let routes = routes::routes()
        .into_router()
        .layer(from_fn_with_state(UnderWay::new(), under_way::limited))
        .merge(not_held::routes_below())
        .merge(docs::routes())
        .merge(endpoint::unknown_paths())
        .with_state(Arc::new(state));
    surrounded(routes, cors)
}

/// The routes with what surrounds all of them. Everything that answers is inside of CORS: a browser
/// hides from a page what comes without its headers.
fn surrounded(routes: Router, cors: CorsLayer) -> Router {
    let guarded = guarded(routes, |trouble| Failure::from(trouble).into_response());
    with_browser_headers(guarded.layer(from_fn_with_state(cors, cors::cross_origin)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::{HeaderValue, Request, StatusCode};
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn answer_to(path: &str) -> (StatusCode, HeaderValue, String) {
        let routes = Router::new()
            .route("/panic", get(async || -> () { panic!("as it must") }))
            .route("/slow", get(std::future::pending::<()>));
        let routes = surrounded(routes, cors::layer(&[]));
        let request = Request::get(path)
            .header("Origin", "http://localhost:3000")
            .body(Body::empty())
            .unwrap();

        let response = routes.oneshot(request).await.unwrap();

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
