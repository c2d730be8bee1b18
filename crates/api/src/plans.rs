//! The plans that a company can subscribe to (contract, section 1.4).

use crate::Shared;
use crate::failure::Answer;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tawzi_app::Plan;

/// A plan.
#[derive(Debug, Serialize)]
pub(crate) struct PlanBody {
    id: i64,
    name: String,
    name_ar: String,
}

/// `GET /api/public/plans/`
pub(crate) async fn list(State(state): State<Shared>) -> Answer<Json<Vec<PlanBody>>> {
    let plans = tawzi_app::list_plans(&state.db).await?;
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
