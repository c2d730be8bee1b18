//! `tawzi jobs`

use crate::output;
use tawzi_app::App;

pub(super) async fn run(app: &App, limit: i64) -> anyhow::Result<()> {
    let jobs = app.db().read().await?.jobs(limit).await?;
    if jobs.is_empty() {
        return output::line(
            "There have been no jobs yet; `tawzi schedule` says when the next is due.",
        );
    }
    let rows = jobs.into_iter().map(|job| {
        [
            job.id.to_string(),
            job.kind,
            job.state,
            job.attempt.to_string(),
            job.run_at.to_string(),
            job.finished_at
                .map_or_else(String::new, |at| at.to_string()),
            job.outcome.unwrap_or_default(),
        ]
    });
    let header = ["id", "kind", "state", "attempts", "due", "ended", "outcome"];
    output::table(header, rows)
}
