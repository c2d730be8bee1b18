//! Lists of things that this server does not hold (contract, section 1.4): the web client reads
//! them on each page, and an empty list keeps it quiet.

use crate::Shared;
use crate::wire::caller::Caller;
use crate::wire::conditions::Conditions;
use crate::wire::endpoint::Routes;
use crate::wire::failure::{Answer, Failure};
use crate::wire::list::{ListQuery, Listed, PageQuery};
use axum::http::StatusCode;
use axum::routing::any;
use axum::{Extension, Json, Router};
use serde::Serialize;
use utoipa::openapi::path::{HttpMethod, Operation, Paths};
use utoipa::{Path as _, ToSchema};
use utoipa_axum::routes;

/// Paths below `/api/`, and what would be there.
const NOT_HELD: [(&str, &str); 15] = [
    ("deals", "deals"),
    ("tasks", "tasks of deals"),
    ("campaigns", "campaigns"),
    ("developers", "developers"),
    ("projects", "projects"),
    ("units", "units"),
    ("owners", "owners"),
    ("services", "services"),
    ("service-packages", "service packages"),
    ("service-providers", "service providers"),
    ("products", "products"),
    ("product-categories", "product categories"),
    ("suppliers", "suppliers"),
    ("integrations/accounts", "accounts of other systems"),
    ("integrations/logs", "logs of other systems"),
];

/// What is in no list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotHeld {}

/// The routes with the empty lists.
pub(crate) fn add_to(mut routes: Routes) -> Routes {
    for (path, things) in NOT_HELD {
        let refuse = move |_: Caller| async move {
            let sentence = format!("This server holds no {things}; their list is always empty.");
            Failure::detail(StatusCode::METHOD_NOT_ALLOWED, sentence)
        };
        let (schemas, _, methods) = routes!(list);
        let methods = methods
            .post(refuse)
            .put(refuse)
            .patch(refuse)
            .delete(refuse)
            .layer(Extension(Conditions::Any));
        let mut paths = Paths::new();
        let operation = documented(path, things);
        paths.add_path_operation(format!("/api/{path}/"), vec![HttpMethod::Get], operation);
        routes = routes.signed_in((schemas, paths, methods));
    }
    routes
}

/// Everything below the lists.
pub(crate) fn routes_below() -> Router<Shared> {
    let mut routes = Router::new();
    for (path, things) in NOT_HELD {
        let nothing = move |_: Caller| async move {
            let sentence = format!("Not found: this server holds no {things}.");
            Failure::detail(StatusCode::NOT_FOUND, sentence)
        };
        routes = routes.route(&format!("/api/{path}/{{*below}}"), any(nothing));
    }
    routes
}

/// What the document says about one of the lists.
fn documented(path: &str, things: &str) -> Operation {
    let mut operation = __path_list::operation();
    operation.tags = Some(vec!["not_held".to_owned()]);
    operation.operation_id = Some(path.replace(['/', '-'], "_"));
    operation.summary = Some(format!("An empty list: this server holds no {things}."));
    operation
}

/// An empty list.
#[utoipa::path(
    get,
    path = "/api/deals/",
    params(PageQuery),
    responses((status = 200, body = Listed<NotHeld>))
)]
async fn list(_: Caller, query: ListQuery) -> Answer<Json<Listed<NotHeld>>> {
    let page = query.page(async |_| Ok(Some(0))).await?;
    page.require_within(0)?;
    Ok(query.answer(&page, 0, Vec::new()))
}
