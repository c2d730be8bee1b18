//! The plans that a company can subscribe to (contract, section 1.4).

use crate::state::Shared;
use crate::wire::answer::answer;
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
use tawzi_app::Plan;

answer! {
    /// A plan.
    pub(crate) struct PlanBody of plan: Plan {
        always id: i64;
        always name: String;
        always name_ar: String;
    }
}

/// Lists the plans that a company can subscribe to.
#[utoipa::path(
    get,
    path = "/api/public/plans/",
    tag = "server",
    operation_id = "list_plans",
    responses((status = 200, body = Vec<PlanBody>))
)]
pub(crate) async fn list(State(state): State<Shared>) -> Answer<Json<Vec<PlanBody>>> {
    let plans = tawzi_app::list_plans(&state.app).await?;
    Ok(Json(plans.into_iter().map(PlanBody::new).collect()))
}
