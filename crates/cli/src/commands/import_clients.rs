//! `tawzi import clients`

use super::company;
use crate::bar::Bar;
use crate::output;
use anyhow::Context;
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;
use tawzi_app::{Clock, import_clients};
use tawzi_core::id::CompanyId;
use tawzi_store::Db;

pub(super) async fn run(
    db: &Db,
    path: &Path,
    company: CompanyId,
    dry_run: bool,
) -> anyhow::Result<ExitCode> {
    company::require(db, company).await?;
    let (now, bar) = (Clock::System.now(), Bar::new());
    let report = if path == Path::new("-") {
        import_clients(db, company, std::io::stdin(), dry_run, now, &bar).await
    } else {
        let file =
            File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
        import_clients(db, company, file, dry_run, now, &bar).await
    };
    drop(bar);
    let report = report.with_context(|| format!("{}: nothing was imported", path.display()))?;
    output::line(format!(
        "{} {} clients, {} of them assigned; {} were there already.",
        if dry_run { "Would import" } else { "Imported" },
        report.created,
        report.assigned,
        report.repeated
    ))?;
    Ok(ExitCode::SUCCESS)
}
