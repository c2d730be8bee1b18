//! Lists of things that this server does not hold (contract, section 1.4): the web client reads
//! them on each page, and an empty list keeps it quiet.

use crate::Shared;
use crate::caller::Caller;
use crate::endpoint::{Access, endpoint};
use crate::failure::{Answer, Failure};
use crate::list::{ListQuery, Listed};
use axum::http::StatusCode;
use axum::routing::{any, get};
use axum::{Json, Router};
use serde_json::Value;
use tawzi_app::Error;

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

/// The empty lists, and everything below them.
pub(crate) fn routes() -> Router<Shared> {
    let mut routes = Router::new();
    for (path, things) in NOT_HELD {
        let refuse = move |_: Caller| async move {
            let sentence = format!("This server holds no {things}; their list is always empty.");
            Failure::Detail(StatusCode::METHOD_NOT_ALLOWED, sentence.into())
        };
        let nothing = move |_: Caller| async move {
            let sentence = format!("Not found: this server holds no {things}.");
            Failure::Detail(StatusCode::NOT_FOUND, sentence.into())
        };
        let methods = get(list)
            .post(refuse)
            .put(refuse)
            .patch(refuse)
            .delete(refuse);
        routes = routes
            .merge(endpoint(
                &format!("/api/{path}/"),
                "GET, HEAD, OPTIONS",
                Access::SignedIn,
                methods,
            ))
            .route(&format!("/api/{path}/{{*below}}"), any(nothing));
    }
    routes
}

async fn list(_: Caller, query: ListQuery) -> Answer<Json<Listed<Value>>> {
    let page = query.page(async |_| Ok(0)).await?;
    if page.number > 1 {
        return Err(Error::NotFound("page").into());
    }
    Ok(query.answer(page, 0, Vec::new()))
}
