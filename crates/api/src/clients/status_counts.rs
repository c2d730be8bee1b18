//! How many clients there are of each status.

use super::search::{self, ClientQuery};
use crate::state::Shared;
use crate::wire::caller::Subscriber;
use crate::wire::failure::Answer;
use crate::wire::list::{ListQuery, SearchQuery};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// How many clients there are of each status.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusCountsBody {
    /// How many clients there are altogether.
    total: i64,
    statuses: Vec<StatusCountBody>,
}

#[derive(Debug, Serialize, ToSchema)]
struct StatusCountBody {
    /// Null for clients without one.
    #[schema(required)]
    status: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    status_name: Option<String>,
    count: i64,
}

/// Counts clients by status, with the conditions of the list.
#[utoipa::path(
    get,
    path = "/api/clients/status-counts/",
    tag = "clients",
    params(SearchQuery, ClientQuery),
    responses((status = 200, body = StatusCountsBody))
)]
pub(crate) async fn status_counts(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<StatusCountsBody>> {
    let search = search::search(&query)?;
    let counts = tawzi_app::count_clients_by_status(&state.app, &actor, search).await?;
    Ok(Json(StatusCountsBody {
        total: counts.iter().map(|count| count.clients).sum(),
        statuses: counts
            .into_iter()
            .map(|count| StatusCountBody {
                status: count.status_id,
                status_name: count.status_name,
                count: count.clients,
            })
            .collect(),
    }))
}
