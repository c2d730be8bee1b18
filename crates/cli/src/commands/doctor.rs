//! `tawzi doctor`

use crate::bar::Bar;
use crate::output;
use std::process::ExitCode;
use tawzi_app::{App, Severity, examine};
use tawzi_store::SchemaState;
use tawzi_worker::examine_schedule;

pub(super) async fn run(app: &App, repair: bool) -> anyhow::Result<ExitCode> {
    let bar = Bar::new();
    let mut findings = examine(app, repair, &bar).await?;
    if matches!(app.db().schema_state().await?, SchemaState::Current(_)) {
        findings.extend(examine_schedule(app).await?);
    }
    drop(bar);
    for finding in &findings {
        let mark = match finding.severity {
            Severity::Good => "good    ",
            Severity::Warning => "warning ",
            Severity::Bad => "WRONG   ",
            Severity::Mended => "mended  ",
        };
        output::line(format!("{mark} {}", finding.sentence))?;
    }
    let wrong = findings
        .iter()
        .any(|finding| finding.severity == Severity::Bad);
    Ok(output::verdict(wrong))
}
