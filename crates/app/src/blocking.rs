//! Computations that would keep the async threads from everything else.

use crate::error::{Error, Result};
use tokio::sync::Semaphore;

/// Computes when one of the places is free. It is given back when the computation ends, not when somebody stops
/// waiting for it.
pub(crate) async fn compute<T: Send + 'static>(
    places: &'static Semaphore,
    compute: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let place = places.acquire().await;
    let place = place.map_err(|error| Error::Internal(error.to_string()))?;
    let computed = tokio::task::spawn_blocking(move || {
        let _place = place;
        compute()
    });
    computed
        .await
        .map_err(|error| Error::Internal(error.to_string()))
}
