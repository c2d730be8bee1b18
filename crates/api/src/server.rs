//! The server itself: whether it can do its work, what it offers (contract, section 1.4), and the document
//! about its API.

use crate::Shared;
use crate::routes;
use crate::wire::answer::answer;
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::Serialize;
use tawzi_app::Plan;
use tawzi_core::money::Budget;
use utoipa::ToSchema;

/// The body of a good answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthBody {
    /// `ok`.
    status: &'static str,
}

answer! {
    /// A plan.
    pub(crate) struct PlanBody of plan: Plan {
        always id: i64;
        always name: String;
        always name_ar: String;
        always description: String;
        always description_ar: String;
        always price_monthly: Budget;
        always price_yearly: Budget;
        always trial_days: i64;
        /// How many users a company can have: a number, or `unlimited`.
        always users: String;
        /// How many clients a company can have: a number, or `unlimited`.
        always clients: String;
        /// How many gigabytes a company can store.
        always storage: i64;
    }
}

/// Says whether the server can do its work: as long as the database answers.
#[utoipa::path(
    get,
    path = "/api/health/",
    tag = "server",
    responses((status = 200, body = HealthBody))
)]
pub(crate) async fn health(State(state): State<Shared>) -> Answer<Json<HealthBody>> {
    state.app.db().read().await?.count_companies().await?;
    Ok(Json(HealthBody { status: "ok" }))
}

/// Lists the plans that a company can subscribe to.
#[utoipa::path(
    get,
    path = "/api/public/plans/",
    tag = "server",
    responses((status = 200, body = Vec<PlanBody>))
)]
pub(crate) async fn list_plans(State(state): State<Shared>) -> Answer<Json<Vec<PlanBody>>> {
    let plans = tawzi_app::list_plans(&state.app).await?;
    Ok(Json(plans.into_iter().map(PlanBody::new).collect()))
}

/// This document.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "server",
    responses((status = 200, body = serde_json::Value, description = "OpenAPI 3.1."))
)]
pub(crate) async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], routes::document())
}
