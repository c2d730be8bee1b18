//! Which web pages may call the API from a browser (contract, section 2.1).

use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, DNT, ORIGIN, PRAGMA,
    USER_AGENT,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use std::time::Duration;
use tower::{Layer as _, ServiceExt as _};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// The rules: pages on this machine, and those of the listed origins and domains.
pub(crate) fn layer(allowed: &[String]) -> CorsLayer {
    let allowed = allowed.iter();
    let listed: Vec<_> = allowed
        .map(|origin| origin.trim().trim_end_matches('/').to_lowercase())
        .collect();
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| {
            origin.to_str().is_ok_and(|origin| allows(&listed, origin))
        }))
        .allow_credentials(true)
        .allow_methods([
            Method::DELETE,
            Method::GET,
            Method::OPTIONS,
            Method::PATCH,
            Method::POST,
            Method::PUT,
        ])
        .allow_headers([
            ACCEPT,
            ACCEPT_ENCODING,
            ACCEPT_LANGUAGE,
            AUTHORIZATION,
            CONTENT_TYPE,
            DNT,
            ORIGIN,
            USER_AGENT,
            HeaderName::from_static("x-csrftoken"),
            HeaderName::from_static("x-requested-with"),
            CACHE_CONTROL,
            PRAGMA,
        ])
        .max_age(Duration::from_hours(1))
        .vary([ORIGIN])
}

/// Applies the rules to one request.
pub(crate) async fn cross_origin(
    State(cors): State<CorsLayer>,
    request: Request,
    next: Next,
) -> Response {
    let preflight = request
        .headers()
        .contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    if request.method() == Method::OPTIONS && !preflight {
        // The layer would answer it itself, as if it were a preflight.
        return next.run(request).await;
    }
    let Ok(mut response) = cors.layer(next).oneshot(request).await;
    if !response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        say_nothing(response.headers_mut());
    }
    response
}

/// An origin that is not allowed learns nothing of what others may do.
fn say_nothing(headers: &mut HeaderMap<HeaderValue>) {
    let names: Vec<HeaderName> = headers
        .keys()
        .filter(|name| name.as_str().starts_with("access-control-"))
        .cloned()
        .collect();
    for name in names {
        headers.remove(name);
    }
}

/// Whether that origin is one of the listed, or is reached by `http` or `https` and on this machine or of a listed
/// domain: `*.` stands for the domain itself and its sub-domains.
fn allows(listed: &[String], origin: &str) -> bool {
    let origin = origin.to_lowercase();
    let uri = origin.parse::<Uri>().ok();
    let uri = uri.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    let host = uri.as_ref().and_then(Uri::host);
    let is_within = |domain: &str| {
        let rest = host.and_then(|host| host.strip_suffix(domain));
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    matches!(host, Some("127.0.0.1" | "0.0.0.0"))
        || is_within("localhost")
        || listed.iter().any(|one| match one.strip_prefix("*.") {
            Some(domain) => is_within(domain),
            None => *one == origin,
        })
}
