//! The plans that a company can subscribe to (contract, section 1.4).

use crate::state::Shared;
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tawzi_app::Plan;
use utoipa::ToSchema;

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanBody {
    id: i64,
    name: String,
    name_ar: String,
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
    Ok(Json(plans.into_iter().map(PlanBody::from).collect()))
}

impl From<Plan> for PlanBody {
    fn from(plan: Plan) -> Self {
        Self {
            id: plan.id,
            name: plan.name,
            name_ar: plan.name_ar,
        }
    }
}
