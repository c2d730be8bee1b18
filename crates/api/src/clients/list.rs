//! Listing clients.

use super::body::ClientBody;
use super::search::{self, ClientQuery};
use crate::state::Shared;
use crate::wire::caller::Subscriber;
use crate::wire::failure::Answer;
use crate::wire::list::{ListQuery, Listed, PageQuery, SearchQuery};
use axum::Json;
use axum::extract::State;
use tawzi_app::{ClientOrder, SortKey};
use utoipa::IntoParams;

/// In which order clients come.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
struct ClientOrderQuery {
    /// `created_at`, `name`, `priority`, `budget`, `assigned_at`, `last_contacted_at`, `updated_at`;
    /// several with commas, `-` before one reverses it.
    #[param(required = false, example = "-priority,name")]
    ordering: String,
}

/// Lists clients: all of the company for its administrators, their own for employees.
#[utoipa::path(
    get,
    path = "/api/clients/",
    tag = "clients",
    params(PageQuery, SearchQuery, ClientOrderQuery, ClientQuery),
    responses((status = 200, body = Listed<ClientBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<ClientBody>>> {
    let search = search::search(&query)?;
    let order = query.order(|name| match name {
        "created_at" => Some(SortKey::CreatedAt),
        "name" => Some(SortKey::Name),
        "priority" => Some(SortKey::Priority),
        "budget" => Some(SortKey::Budget),
        "assigned_at" => Some(SortKey::AssignedAt),
        "last_contacted_at" => Some(SortKey::LastContactedAt),
        "updated_at" => Some(SortKey::UpdatedAt),
        _ => None,
    });
    let order: Vec<_> = order
        .into_iter()
        .map(|(key, descending)| ClientOrder { key, descending })
        .collect();
    let fetch = |page| tawzi_app::list_clients(&state.app, &actor, search.clone(), &order, page);
    query
        .list(fetch, |client| ClientBody::row(client, &actor))
        .await
}
