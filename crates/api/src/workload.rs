//! How busy the employees of one's company are.

use crate::Shared;
use crate::wire::answer::answer;
use crate::wire::caller::Overseer;
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
use tawzi_app::Workload;
use tawzi_core::id::{ClientId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;

answer! {
    /// How busy an employee is.
    pub(crate) struct WorkloadBody of workload: Workload {
        always user: UserId = workload.employee.load.user;
        always username: String = workload.employee.username.clone();
        always name: String = workload.employee.name().to_string();
        /// How many clients the person holds.
        always clients: i64 = workload.employee.load.clients.total();
        /// Those of them whose status is in this category, and so on.
        always active: i64 = workload.employee.load.clients.of(StatusCategory::Active);
        always follow_up: i64 = workload.employee.load.clients.of(StatusCategory::FollowUp);
        always inactive: i64 = workload.employee.load.clients.of(StatusCategory::Inactive);
        always closed: i64 = workload.employee.load.clients.of(StatusCategory::Closed);
        /// Those without a status.
        always without_status: i64 = workload.employee.load.clients.of(StatusCategory::None);
        /// When the person last received one.
        nullable last_received_at: Timestamp =
            workload.employee.load.last_received.map(|received| received.at);
        /// How many of them are neglected.
        always stale: i64 = workload.stale.as_ref().map_or(0, |stale| stale.stale);
        /// The one neglected for longest.
        nullable oldest_stale_client: ClientId = workload.stale.as_ref().map(|stale| stale.id);
        /// Since when.
        nullable oldest_stale_since: Timestamp = workload.stale.map(|stale| stale.touched_at);
    }
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
    Ok(Json(employees.into_iter().map(WorkloadBody::new).collect()))
}
