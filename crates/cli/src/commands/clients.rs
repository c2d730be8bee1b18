//! `tawzi import clients` and `tawzi export clients`

use super::company;
use crate::args::{ExportClientsArgs, ImportClientsArgs};
use crate::bar::Bar;
use crate::output::{self, Stdout};
use anyhow::Context;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tawzi_app::{
    App, By, ByteOrderMark, CsvError, CsvReport, Import, ImportMode, KnownClients, Layout,
    export_clients, import_clients,
};
use tawzi_store::PrivateFile;

pub(super) async fn import(app: &App, args: &ImportClientsArgs) -> anyhow::Result<ExitCode> {
    let (path, company) = (&args.file, args.company);
    company::require(app, company).await?;
    let file: Box<dyn Read> = if is_standard_input(path) {
        Box::new(std::io::stdin())
    } else {
        let file = File::open(path);
        Box::new(file.with_context(|| format!("{} cannot be opened", path.display()))?)
    };
    let mut bad_lines = args.skip_bad.then(|| BadLinesFile::new(args)).transpose()?;
    let import = Import {
        mode: match (args.dry_run, args.all_or_nothing) {
            (true, _) => ImportMode::DryRun,
            (false, true) => ImportMode::AllOrNothing,
            (false, false) => ImportMode::InSteps,
        },
        layout: Layout {
            separator: args.separator,
            sheet: args.sheet.clone(),
        },
        ignored: args.ignored.clone(),
        known: if args.update {
            KnownClients::Change
        } else {
            KnownClients::Stay
        },
        bad_lines: bad_lines
            .as_mut()
            .map(|file| file as &mut (dyn Write + Send)),
    };
    let bar = Bar::new();
    let report = import_clients(app, By::OPERATOR, company, file, import, &bar).await;
    drop(bar);
    let report = match report {
        Err(error @ CsvError::BrokenOff { .. }) => return Err(error.into()),
        report => report.with_context(|| format!("{}: nothing was imported", path.display()))?,
    };
    tell(&report, args)?;
    if let Some(bad_lines) = bad_lines {
        bad_lines.keep()?;
    }
    let complete = report.bad.count() == 0 && report.left_out.count() == 0;
    Ok(output::verdict(!complete))
}

fn tell(report: &CsvReport, args: &ImportClientsArgs) -> anyhow::Result<()> {
    output::note(format!("{}: {}.", args.file.display(), report.recognised));
    if !report.unread.is_empty() {
        output::note(format!("Not read: {}.", report.unread.join(", ")));
    }
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
    if args.update {
        let change = if args.dry_run {
            "Would change"
        } else {
            "Changed"
        };
        output::line(format!("{change} {} clients.", report.changed))?;
    }
    for sentence in report.changes.told() {
        output::line(sentence)?;
    }
    for sentence in report.twice.told() {
        output::line(sentence)?;
    }
    for sentence in report.left_out.told() {
        output::line(format!("Left out: {sentence}"))?;
    }
    if report.bad.count() > 0 {
        output::line(format!(
            "{} lines are wrong and were left out:",
            report.bad.count()
        ))?;
    }
    for sentence in report.bad.told() {
        output::line(sentence)?;
    }
    Ok(())
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// The report of the lines that were left out, for nobody else to read. It is there once the import is done: one that
/// is broken off leaves nothing in the way of the next.
struct BadLinesFile {
    path: PathBuf,
    /// Made when there is something to write.
    draft: Option<PrivateFile>,
    is_dry_run: bool,
}

impl BadLinesFile {
    /// `Err` when there is a file where it is to be.
    fn new(args: &ImportClientsArgs) -> anyhow::Result<Self> {
        let beside = if is_standard_input(&args.file) {
            PathBuf::from("clients.bad.csv")
        } else {
            args.file.with_extension("bad.csv")
        };
        let path = args.report.clone().unwrap_or(beside);
        anyhow::ensure!(
            args.dry_run || path.symlink_metadata().is_err(),
            "{} is there already; move it away, or name another file with --report",
            path.display()
        );
        Ok(Self {
            path,
            draft: None,
            is_dry_run: args.dry_run,
        })
    }

    /// Keeps it, if there was anything to write, and says where it is.
    fn keep(self) -> anyhow::Result<()> {
        let (Some(draft), path) = (self.draft, self.path.display()) else {
            return Ok(());
        };
        draft.keep().with_context(|| {
            format!(
                "{path} cannot be written; import the file again, which brings the report alone"
            )
        })?;
        output::line(format!("Mend them in {path} and import that."))
    }
}

impl Write for BadLinesFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.is_dry_run {
            return Ok(bytes.len());
        }
        let draft = match &mut self.draft {
            Some(draft) => draft,
            none => none.insert(PrivateFile::to_become(&self.path)?),
        };
        draft.file().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let draft = self.draft.as_mut();
        draft.map_or(Ok(()), |draft| draft.file().flush())
    }
}

pub(super) async fn export(app: &App, args: ExportClientsArgs) -> anyhow::Result<()> {
    company::require(app, args.company).await?;
    let mark = if args.no_bom {
        ByteOrderMark::LeftOut
    } else {
        ByteOrderMark::Written
    };
    let bar = Bar::new();
    export_clients(app, By::OPERATOR, args.company, Stdout, mark, &bar).await?;
    Ok(())
}
