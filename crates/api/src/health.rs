//! Whether the server can do its work.

use crate::Shared;
use crate::failure::Answer;
use axum::Json;
use axum::extract::State;
use serde::Serialize;

/// The body of a good answer.
#[derive(Debug, Serialize)]
pub(crate) struct HealthBody {
    status: &'static str,
}

/// `GET /api/health/`: good as long as the database answers.
pub(crate) async fn read(State(state): State<Shared>) -> Answer<Json<HealthBody>> {
    state.db.read().await?.count_companies().await?;
    Ok(Json(HealthBody { status: "ok" }))
}
