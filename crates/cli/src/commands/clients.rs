//! `tawzi import clients` and `tawzi export clients`

use super::company;
use crate::args::ImportClientsArgs;
use crate::bar::Bar;
use crate::output::{self, Stdout};
use anyhow::Context;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use tawzi_app::{App, CsvError, ImportMode, export_clients, import_clients};
use tawzi_core::id::CompanyId;

pub(super) async fn import(app: &App, args: &ImportClientsArgs) -> anyhow::Result<ExitCode> {
    let (path, company) = (&args.file, args.company);
    let mode = match (args.dry_run, args.all_or_nothing) {
        (true, _) => ImportMode::DryRun,
        (false, true) => ImportMode::AllOrNothing,
        (false, false) => ImportMode::InSteps,
    };
    company::require(app, company).await?;
    let file: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        let file = File::open(path);
        Box::new(file.with_context(|| format!("{} cannot be opened", path.display()))?)
    };
    let bar = Bar::new();
    let report = import_clients(app, company, file, mode, &bar).await;
    drop(bar);
    let report = match report {
        Err(error @ CsvError::BrokenOff { .. }) => return Err(error.into()),
        report => report.with_context(|| format!("{}: nothing was imported", path.display()))?,
    };
    output::line(format!(
        "{} {} clients, {} of them assigned; {} were there already.",
        if args.dry_run {
            "Would import"
        } else {
            "Imported"
        },
        report.created,
        report.assigned,
        report.repeated
    ))?;
    for line in &report.left_out {
        output::line(format!("Left out: {line}"))?;
    }
    Ok(output::verdict(!report.left_out.is_empty()))
}

pub(super) async fn export(app: &App, company: CompanyId) -> anyhow::Result<()> {
    company::require(app, company).await?;
    let bar = Bar::new();
    export_clients(app, company, Stdout, &bar).await?;
    Ok(())
}
