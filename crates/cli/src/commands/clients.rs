//! `tawzi import clients` and `tawzi export clients`

use super::company;
use crate::args::{ExportClientsArgs, ImportClientsArgs};
use crate::bar::Bar;
use crate::output::{self, Stdout};
use anyhow::Context;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tawzi_app::{
    App, By, ByteOrderMark, CsvError, CsvReport, Import, ImportMode, KnownClients, Layout,
    export_clients, import_clients,
};

pub(super) async fn import(app: &App, args: &ImportClientsArgs) -> anyhow::Result<ExitCode> {
    let (path, company) = (&args.file, args.company);
    company::require(app, company).await?;
    let file: Box<dyn Read> = if is_standard_input(path) {
        Box::new(std::io::stdin())
    } else {
        let file = File::open(path);
        Box::new(file.with_context(|| format!("{} cannot be opened", path.display()))?)
    };
    let mut bad_lines = args.skip_bad.then(|| BadLinesFile::new(args));
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
    if let Some(written) = bad_lines.and_then(BadLinesFile::written) {
        output::line(format!(
            "Mend them in {} and import that.",
            written.display()
        ))?;
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

/// The report of the lines that were left out, for nobody else to read. It is made when there is one to write.
struct BadLinesFile {
    path: PathBuf,
    file: Option<File>,
    is_dry_run: bool,
}

impl BadLinesFile {
    fn new(args: &ImportClientsArgs) -> Self {
        let beside = if is_standard_input(&args.file) {
            PathBuf::from("clients.bad.csv")
        } else {
            args.file.with_extension("bad.csv")
        };
        Self {
            path: args.report.clone().unwrap_or(beside),
            file: None,
            is_dry_run: args.dry_run,
        }
    }

    /// Where it is, if there was anything to write.
    fn written(self) -> Option<PathBuf> {
        self.file.map(|_| self.path)
    }
}

impl Write for BadLinesFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.is_dry_run {
            return Ok(bytes.len());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(create_private(&self.path)?),
        };
        file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}

/// Makes a file that is not there yet and that only its owner can read.
fn create_private(path: &Path) -> std::io::Result<File> {
    let mut private = File::options();
    private.write(true).create_new(true).mode(0o600);
    private.open(path).map_err(|error| {
        let named = format!("{}: {error}", path.display());
        std::io::Error::new(error.kind(), named)
    })
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
