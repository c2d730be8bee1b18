//! `tawzi doctor`

use crate::bar::Bar;
use crate::output;
use std::process::ExitCode;
use tawzi_app::{App, Severity, examine};

pub(super) async fn run(app: &App, repair: bool) -> anyhow::Result<ExitCode> {
    let bar = Bar::new();
    let findings = examine(app, repair, &bar).await?;
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
