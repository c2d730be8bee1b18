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
    let origins = Origins::new(allowed);
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| {
            origin.to_str().is_ok_and(|origin| origins.allow(origin))
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
    let mut response = match cors.layer(next).oneshot(request).await {
        Ok(response) => response,
        Err(impossible) => match impossible {},
    };
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

#[derive(Debug)]
struct Origins {
    listed: Vec<String>,
    /// Each stands for itself and its sub-domains.
    domains: Vec<String>,
}

impl Origins {
    fn new(allowed: &[String]) -> Self {
        let (domains, listed) = allowed
            .iter()
            .map(|origin| origin.trim().trim_end_matches('/').to_lowercase())
            .partition::<Vec<_>, _>(|origin| origin.starts_with("*."));
        let domains = domains.iter().map(|domain| domain[2..].to_owned());
        Self {
            listed,
            domains: domains.chain(["localhost".to_owned()]).collect(),
        }
    }

    fn allow(&self, origin: &str) -> bool {
        let origin = origin.to_lowercase();
        if self.listed.contains(&origin) {
            return true;
        }
        let Ok(uri) = origin.parse::<Uri>() else {
            return false;
        };
        let (Some("http" | "https"), Some(host)) = (uri.scheme_str(), uri.host()) else {
            return false;
        };
        matches!(host, "127.0.0.1" | "0.0.0.0")
            || self.domains.iter().any(|domain| is_within(host, domain))
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
