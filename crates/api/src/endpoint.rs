//! What every path has in common: who may come in, which methods it allows, and how it answers the
//! others (Django REST framework's order: sign-in, subscription, method, body).

use crate::Shared;
use crate::caller::{Caller, Subscriber};
use crate::failure::{Answer, Failure};
use axum::Router;
use axum::http::header::{ALLOW, LOCATION};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};

/// Who may come in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// Everybody.
    Anyone,
    /// Whoever has a token.
    SignedIn,
    /// Whoever has a token and a company with a subscription.
    Subscribed,
}

/// A path with its methods. `allow` is what the answers say about them, in the reference's order.
pub(crate) fn endpoint(
    path: &str,
    allow: &'static str,
    access: Access,
    methods: MethodRouter<Shared>,
) -> Router<Shared> {
    let methods = match access {
        Access::Anyone => methods.fallback(other_method),
        Access::SignedIn => methods.fallback(other_method_signed_in),
        Access::Subscribed => methods.fallback(other_method_subscribed),
    };
    let say_allowed = map_response(move |mut response: Response| async move {
        let value = HeaderValue::from_static(allow);
        response.headers_mut().insert(ALLOW, value);
        response
    });
    Router::new()
        .route(path, methods.layer(say_allowed))
        .route(path.trim_end_matches('/'), any(missing_slash))
}

/// Everything below `/api/` that is nothing.
pub(crate) fn unknown_paths() -> Router<Shared> {
    Router::new()
        .route("/api", any(unknown_path))
        .route("/api/", any(unknown_path))
        .route("/api/{*path}", any(unknown_path))
}

async fn other_method(method: Method) -> Answer<()> {
    if method == Method::OPTIONS {
        return Ok(());
    }
    Err(Failure::Detail(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("Method \"{method}\" not allowed.").into(),
    ))
}

async fn other_method_signed_in(_: Caller, method: Method) -> Answer<()> {
    other_method(method).await
}

async fn other_method_subscribed(_: Subscriber, method: Method) -> Answer<()> {
    other_method(method).await
}

async fn missing_slash(method: Method, uri: Uri) -> Response {
    let path = uri.path();
    let query = uri
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    let safe = method == Method::GET || method == Method::HEAD;
    match HeaderValue::try_from(format!("{path}/{query}")) {
        Ok(location) if safe => {
            (StatusCode::MOVED_PERMANENTLY, [(LOCATION, location)]).into_response()
        }
        _ => Failure::Detail(
            StatusCode::NOT_FOUND,
            format!("Not found. Add the slash at the end: {path}/").into(),
        )
        .into_response(),
    }
}

async fn unknown_path() -> Failure {
    Failure::not_found()
}
