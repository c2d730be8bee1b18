//! The plans that a company can subscribe to.

use crate::app::App;
use crate::error::Result;
use tawzi_store::Plan;

/// All plans, for everybody to see.
pub async fn list_plans(app: &App) -> Result<Vec<Plan>> {
    Ok(app.db.read().await?.plans().await?)
}
