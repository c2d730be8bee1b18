//! How much of the security log is kept. A worker deletes what is older or more, in steps.

use crate::app::App;
use crate::error::Result;
use crate::pace::Pace;
use tawzi_store::AuditBounds;

/// For how long a line is kept, in seconds: a year, and time to look back at it.
const KEPT_SECONDS: i64 = 400 * 24 * 3600;

/// How many lines of a company, and of what concerns none, may be about what strangers did.
const COUNTED_OF_COMPANY: i64 = 10_000;

/// How many lines about what strangers did are kept altogether.
const COUNTED: i64 = 100_000;

/// How many lines one transaction deletes.
const STEP: i64 = 1_000;

/// Deletes what is too old or too much; `stop` is asked now and then whether to leave off. Gives how many lines that
/// were.
pub async fn prune_audit(app: &App, stop: &(dyn Fn() -> bool + Send + Sync)) -> Result<u64> {
    let bounds = AuditBounds {
        since: app.now().plus_seconds(-KEPT_SECONDS),
        counted_of_company: COUNTED_OF_COMPANY,
        counted: COUNTED,
    };
    let mut pace = Pace::new();
    let mut deleted = 0;
    while !stop() {
        let step = async {
            let mut tx = app.db.begin().await?;
            let deleted = tx.prune_audit(&bounds, STEP).await?;
            tx.commit().await?;
            Ok::<_, tawzi_store::Error>(deleted)
        };
        match pace.step(step).await? {
            0 => break,
            lines => deleted += lines,
        }
    }
    Ok(deleted)
}
