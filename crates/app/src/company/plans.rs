//! The plans that a company can subscribe to.

use crate::error::Result;
use tawzi_store::{Db, Plan};

/// All plans, for everybody to see.
pub async fn list_plans(db: &Db) -> Result<Vec<Plan>> {
    Ok(db.read().await?.plans().await?)
}
