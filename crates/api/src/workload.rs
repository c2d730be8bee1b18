//! How busy the employees of one's company are.

use crate::state::Shared;
use crate::wire::caller::Overseer;
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tawzi_app::Workload;
use tawzi_core::id::{ClientId, UserId};
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

/// How busy an employee is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkloadBody {
    user: UserId,
    username: String,
    name: String,
    /// How many clients the person holds.
    clients: i64,
    /// Those of them whose status is in this category, and so on.
    active: i64,
    follow_up: i64,
    inactive: i64,
    closed: i64,
    /// Those without a status.
    without_status: i64,
    /// When the person last received one.
    #[schema(required)]
    last_received_at: Option<Timestamp>,
    /// How many of them are neglected.
    stale: i64,
    /// The one neglected for longest.
    #[schema(required)]
    oldest_stale_client: Option<ClientId>,
    /// Since when.
    #[schema(required)]
    oldest_stale_since: Option<Timestamp>,
}

/// Shows how busy the active employees are: who comes first receives next. Only administrators
/// may.
#[utoipa::path(
    get,
    path = "/api/assignment/workload/",
    tag = "assignment",
    responses((status = 200, body = Vec<WorkloadBody>))
)]
pub(crate) async fn workload(
    State(state): State<Shared>,
    Overseer(actor): Overseer,
) -> Answer<Json<Vec<WorkloadBody>>> {
    let employees = tawzi_app::workload(&state.app, &actor).await?;
    Ok(Json(
        employees.into_iter().map(WorkloadBody::from).collect(),
    ))
}

impl From<Workload> for WorkloadBody {
    fn from(workload: Workload) -> Self {
        let load = workload.employee.load;
        // In the order of `StatusCategory::ALL`.
        let [active, follow_up, inactive, closed, without_status] = load.clients.by_category();
        Self {
            user: load.user,
            name: workload.employee.name().to_string(),
            username: workload.employee.username,
            clients: load.clients.total(),
            active,
            follow_up,
            inactive,
            closed,
            without_status,
            last_received_at: load.last_received.map(|received| received.at),
            stale: workload.stale.as_ref().map_or(0, |stale| stale.stale),
            oldest_stale_client: workload.stale.as_ref().map(|stale| stale.id),
            oldest_stale_since: workload.stale.map(|stale| stale.touched_at),
        }
    }
}
