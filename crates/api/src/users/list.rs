//! Listing the people of a company.

use super::body::UserRow;
use crate::state::Shared;
use crate::wire::caller::Subscriber;
use crate::wire::failure::Answer;
use crate::wire::list::{ListQuery, Listed, PageQuery, SearchQuery};
use axum::Json;
use axum::extract::State;
use tawzi_app::UserOrder;
use tawzi_web::ServerAddress;
use utoipa::IntoParams;

/// In which order people come.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
struct UserOrderQuery {
    /// `date_joined`, `last_login`, `username`; several with commas, `-` before one reverses it.
    #[param(required = false, example = "-date_joined")]
    ordering: String,
}

/// Lists the people of the company.
#[utoipa::path(
    get,
    path = "/api/users/",
    tag = "users",
    params(PageQuery, SearchQuery, UserOrderQuery),
    responses((status = 200, body = Listed<UserRow>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    server: ServerAddress,
    query: ListQuery,
) -> Answer<Json<Listed<UserRow>>> {
    let words = query.words()?;
    let order = query.order(|name| match name {
        "date_joined" => Some(UserOrder::DateJoined),
        "last_login" => Some(UserOrder::LastLogin),
        "username" => Some(UserOrder::Username),
        _ => None,
    });
    let fetch = |page| tawzi_app::list_users(&state.app, &actor, &words, &order, page);
    query
        .list(fetch, |user| UserRow::new(user, actor.id(), &server))
        .await
}
