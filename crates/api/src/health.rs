//! Whether the server can do its work.

use crate::state::Shared;
use crate::wire::failure::Answer;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The body of a good answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HealthBody {
    /// `ok`.
    status: &'static str,
}

/// Says whether the server can do its work: as long as the database answers.
#[utoipa::path(
    get,
    path = "/api/health/",
    tag = "server",
    operation_id = "health",
    responses((status = 200, body = HealthBody))
)]
pub(crate) async fn read(State(state): State<Shared>) -> Answer<Json<HealthBody>> {
    state.app.db().read().await?.count_companies().await?;
    Ok(Json(HealthBody { status: "ok" }))
}
