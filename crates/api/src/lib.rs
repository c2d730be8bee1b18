//! temporary
use tawzi_app::{Clock, Intake, Keys};
use tawzi_store::Db;
/// s
#[derive(Debug, Clone)]
pub struct ApiState {
    /// x
    pub db: Db,
    /// x
    pub intake: Intake,
    /// x
    pub keys: Keys,
    /// x
    pub clock: Clock,
    /// x
    pub allowed_origins: Vec<String>,
}
/// r
pub fn router(_state: ApiState) -> axum::Router {
    axum::Router::new()
}
