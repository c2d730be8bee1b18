//! `tawzi setup-schedule` and `tawzi schedule`

use crate::output;
use tawzi_app::App;
use tawzi_worker::{HOURLY, ScheduleChange, set_up_schedule};

pub(super) async fn set_up(app: &App, cron: Option<&str>) -> anyhow::Result<()> {
    let change = set_up_schedule(app, cron).await?;
    let wanted = cron.unwrap_or(HOURLY);
    output::line(match change {
        ScheduleChange::Created { next } => {
            format!("The sweep is scheduled ({wanted}); it is due next at {next}.")
        }
        ScheduleChange::Unchanged { cron, next } => format!(
            "Nothing changed: the sweep is already scheduled ({cron}); it is due next at {next}."
        ),
        ScheduleChange::PutRight { from, next } => format!(
            "The sweep lay beyond its next tick, at {from}, since a clock was ahead; it is due next at {next}."
        ),
        ScheduleChange::Changed { from, next } => {
            format!(
                "The schedule changed from {from} to {wanted}; the sweep is due next at {next}."
            )
        }
    })
}

pub(super) async fn show(app: &App) -> anyhow::Result<()> {
    let lines = app.db().read().await?.schedule().await?;
    if lines.is_empty() {
        return output::line("Nothing is scheduled; run `tawzi setup-schedule`.");
    }
    let rows = lines.into_iter().map(|line| {
        [
            line.name,
            line.cron,
            line.time_zone,
            output::switch(line.enabled).to_owned(),
            line.next_run_at.to_string(),
            line.last_run_at
                .map_or_else(|| "never".to_owned(), |at| at.to_string()),
        ]
    });
    output::table(["name", "cron", "zone", "switched", "next", "last"], rows)
}
