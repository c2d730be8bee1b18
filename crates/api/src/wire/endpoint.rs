//! What every path has in common: who may come in, which methods it allows, what the document says
//! about it, and how it answers other methods (Django REST framework's order: sign-in, subscription, method, body).

use crate::Shared;
use crate::wire::caller::{Access, Caller, Subscriber};
use crate::wire::conditions::Conditions;
use crate::wire::failure::{Answer, Failure};
use crate::wire::openapi;
use axum::http::header::{ALLOW, LOCATION};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use axum::{Extension, Router};
use utoipa::openapi::path::{HttpMethod, PathItem, Paths};
use utoipa::openapi::{OpenApi, RefOr, Schema};
use utoipa_axum::router::UtoipaMethodRouter;

/// In which order `Allow` names methods nearly everywhere.
const IN_ORDER: &str = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS";

/// Addresses with their methods, each of which the document describes: a handler without
/// `#[utoipa::path]` cannot become a route.
#[derive(Default)]
pub(crate) struct Routes {
    router: Router<Shared>,
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Routes {
    /// Adds an address with its methods, into which everybody may come.
    pub(crate) fn anyone(self, endpoint: UtoipaMethodRouter<Shared>) -> Self {
        self.allowing(IN_ORDER, Access::Anyone, endpoint)
    }

    /// Adds an address with its methods, whose missing methods are named to whoever is signed in.
    pub(crate) fn signed_in(self, endpoint: UtoipaMethodRouter<Shared>) -> Self {
        self.allowing(IN_ORDER, Access::SignedIn, endpoint)
    }

    /// Adds an address with its methods, whose missing methods are named to those whose company has a subscription.
    pub(crate) fn subscribed(self, endpoint: UtoipaMethodRouter<Shared>) -> Self {
        self.allowing(IN_ORDER, Access::Subscribed, endpoint)
    }

    /// Adds an address with its methods, which `Allow` names in that order.
    pub(crate) fn allowing(
        mut self,
        order: &str,
        access: Access,
        (schemas, paths, methods): UtoipaMethodRouter<Shared>,
    ) -> Self {
        self.schemas.extend(schemas);
        for (path, mut item) in paths.paths {
            let allow = allowed(order, &mut item);
            openapi::complete(&path, access, &mut item, &mut self.schemas);
            let conditions = Conditions::named(openapi::conditions(&item));
            let methods = methods.clone().layer(Extension(conditions));
            let route = mounted(&path, &allow, access, methods);
            self.router = self.router.merge(route);
            self.paths.paths.insert(path, item);
        }
        self
    }

    /// The routes without the document.
    pub(crate) fn into_router(self) -> Router<Shared> {
        self.router
    }

    /// The document without the routes.
    pub(crate) fn into_document(self) -> OpenApi {
        openapi::assemble(self.paths, self.schemas)
    }
}

/// The methods that an address has, in that order.
fn allowed(order: &str, item: &mut PathItem) -> String {
    let mut methods = vec!["OPTIONS"];
    for (method, _) in openapi::operations(item) {
        methods.extend(match method {
            HttpMethod::Get => ["GET", "HEAD"].as_slice(),
            HttpMethod::Post => &["POST"],
            HttpMethod::Put => &["PUT"],
            HttpMethod::Patch => &["PATCH"],
            _ => &["DELETE"],
        });
    }
    let order = order.split(", ");
    let allowed: Vec<_> = order.filter(|name| methods.contains(name)).collect();
    allowed.join(", ")
}

/// An address with its methods that the document does not know. `allow` is what the answers say
/// about them.
pub(crate) fn mounted(
    path: &str,
    allow: &str,
    access: Access,
    methods: MethodRouter<Shared>,
) -> Router<Shared> {
    let methods = match access {
        Access::Anyone => methods.fallback(other_method::<()>),
        Access::SignedIn => methods.fallback(other_method::<Caller>),
        Access::Subscribed => methods.fallback(other_method::<Subscriber>),
    };
    let allow = HeaderValue::try_from(allow).ok();
    let say_allowed = map_response(move |mut response: Response| {
        let allow = allow.clone();
        async move {
            if let Some(allow) = allow {
                response.headers_mut().insert(ALLOW, allow);
            }
            response
        }
    });
    let router = Router::new().route(path, methods.layer(say_allowed));
    match path.strip_suffix('/') {
        Some(bare) => router.route(bare, any(missing_slash)),
        None => router,
    }
}

/// Everything below `/api/` that is nothing.
pub(crate) fn unknown_paths() -> Router<Shared> {
    Router::new()
        .route("/api", any(unknown_path))
        .route("/api/", any(unknown_path))
        .route("/api/{*path}", any(unknown_path))
}

/// Answers a method that an address does not have, provided that the request is from one who may come in.
async fn other_method<MayComeIn>(_: MayComeIn, method: Method) -> Answer<()> {
    if method == Method::OPTIONS {
        return Ok(());
    }
    Err(Failure::detail(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("Method \"{method}\" not allowed."),
    ))
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
        _ => Failure::detail(
            StatusCode::NOT_FOUND,
            format!("Not found. Add the slash at the end: {path}/"),
        )
        .into_response(),
    }
}

async fn unknown_path() -> Failure {
    Failure::not_found()
}
