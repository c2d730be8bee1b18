//! The pages: HTML in Arabic and English.

mod home;
mod trouble;

use axum::Router;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tawzi_app::App;
use tawzi_web::{guarded, with_browser_headers};

/// What a page needs is on it or beside it, and nobody may put it into a frame.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The pages, everything that is not below `/api/`; it can be merged with other routes.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .route("/", get(home::show))
        .route("/assets/tawzi.css", get(style))
        .fallback(async || StatusCode::NOT_FOUND)
        .with_state(app);
    surrounded(routes)
}

/// The routes with what surrounds all of them, also those that lead nowhere.
fn surrounded(routes: Router) -> Router {
    let guarded = guarded(routes, trouble::answer);
    with_browser_headers(guarded).layer(map_response(with_policy))
}

async fn with_policy(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    response
}

async fn style() -> Response {
    let kind = [(CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("../assets/tawzi.css")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt as _;

    async fn answer_to(path: &str) -> (StatusCode, String) {
        let routes = Router::new()
            .route("/panic", get(async || -> () { panic!("as it must") }))
            .route("/slow", get(std::future::pending::<()>));
        let request = Request::get(path).body(Body::empty()).unwrap();

        let response = surrounded(routes).oneshot(request).await.unwrap();

        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["content-security-policy"], POLICY);
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_a_page_in_both_languages() {
        let (status, page) = answer_to("/panic").await;

        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(page.contains("could not be shown"), "{page}");
        assert!(page.contains("تعذّر عرض هذه الصفحة"), "{page}");
        assert!(page.contains("dir=\"rtl\""), "{page}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_that_takes_too_long_is_given_up() {
        let (status, page) = answer_to("/slow").await;

        assert_eq!(status, StatusCode::GATEWAY_TIMEOUT);
        assert!(page.contains("Try again"), "{page}");
    }
}
