//! Clients from a file, in steps: each is a transaction of its own, and between two of them others have their turn.
//! A file that was broken off is imported again: what is there already is recognised.

mod bad_lines;
mod check;
mod header;
mod lines;
mod report;
mod sentences;
mod update;
mod vocabulary;

pub use report::CsvReport;
pub use sentences::Sentences;

use super::create::batch;
use crate::app::App;
use crate::audit::{self, By};
use crate::blocking;
use crate::error::{Error, Result, Thing};
use crate::pace::Pace;
use crate::progress::Progress;
use crate::sheet::{Layout, Limits, Sheet, SheetError, read_file};
use bad_lines::BadLines;
use check::{Checked, check};
use header::Header;
use lines::{Line, Lines};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::{Read, Write};
use tawzi_core::audit::AuditEvent;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_store::Tx;
use tokio::sync::Semaphore;
use vocabulary::Vocabulary;

/// How many lines one step takes.
const STEP: usize = 1_000;

/// How many lines one step takes when it may change clients, which is done one by one.
const STEP_OF_CHANGES: usize = 100;

/// Files that are unpacked and decoded at the same time.
static READING: Semaphore = Semaphore::const_new(2);

/// Why a file was not imported. Nothing was written, unless the database failed between two steps.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// The file is no table, or too large a one.
    #[error("{0}")]
    File(SheetError),
    /// Its columns are not those of clients.
    #[error("{0}")]
    Columns(String),
    /// Some lines are wrong.
    #[error("{0}")]
    Lines(Sentences),
    /// The report of the lines that are wrong cannot be written.
    #[error("the report of what is wrong cannot be written")]
    Report(#[source] std::io::Error),
    /// The database failed between two steps.
    #[error("broken off after {created} clients; import the file again to go on")]
    BrokenOff {
        /// Clients that were created before.
        created: usize,
        /// Why.
        #[source]
        source: Error,
    },
    /// The database failed, or there is no such company.
    #[error(transparent)]
    App(#[from] Error),
}

impl From<tawzi_store::Error> for CsvError {
    fn from(error: tawzi_store::Error) -> Self {
        Self::App(error.into())
    }
}

impl From<SheetError> for CsvError {
    fn from(error: SheetError) -> Self {
        Self::File(error)
    }
}

/// What an import does with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// Says what would be imported; nothing is written, and nobody has to wait.
    DryRun,
    /// Imports in steps. What is broken off goes on when the same file is imported again.
    InSteps,
    /// Imports everything in one transaction or nothing at all. Whoever works in the company waits meanwhile; on
    /// `SQLite` everybody does.
    AllOrNothing,
}

/// What is done with lines that say, by their `id`, which client of the company they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownClients {
    /// They were there already.
    Stay,
    /// What differs is changed, as if somebody edited them.
    Change,
}

/// How a file is imported.
pub struct Import<'r> {
    /// What is done with it.
    pub mode: ImportMode,
    /// What it does not say itself.
    pub layout: Layout,
    /// Columns that are passed over, whatever they are called.
    pub ignored: Vec<String>,
    /// Lines that are wrong are left out and written there, as they were and with a sentence each. Without it
    /// nothing is imported from a file that has some.
    pub bad_lines: Option<&'r mut (dyn Write + Send)>,
    /// What is done with clients that are there already.
    pub known: KnownClients,
}

/// Who imports a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Importer {
    /// The company that receives the clients.
    pub(crate) company: CompanyId,
    /// Who does it.
    pub(crate) by: By,
    /// How large the file may be.
    pub(crate) limits: Limits,
}

impl From<ImportMode> for Import<'_> {
    fn from(mode: ImportMode) -> Self {
        Self {
            mode,
            layout: Layout::default(),
            ignored: Vec::new(),
            bad_lines: None,
            known: KnownClients::Stay,
        }
    }
}

/// Imports clients: each line becomes one, by the same rule as any client that arrives. A file with wrong lines is
/// refused before anything is written, unless they are to be left out; one that is imported again creates nothing
/// twice.
pub async fn import_clients(
    app: &App,
    by: By,
    company: CompanyId,
    file: impl Read,
    import: impl Into<Import<'_>>,
    progress: &dyn Progress,
) -> Result<CsvReport, CsvError> {
    let operator = Importer {
        company,
        by,
        limits: Limits::NONE,
    };
    import_as(app, operator, file, import.into(), progress).await
}

/// Imports clients for whoever that is.
pub(crate) async fn import_as(
    app: &App,
    importer: Importer,
    file: impl Read,
    import: Import<'_>,
    progress: &dyn Progress,
) -> Result<CsvReport, CsvError> {
    let Import {
        mode,
        layout,
        ignored,
        bad_lines,
        known: clients,
    } = import;
    let (sheet, fingerprint) = understand(file, layout, importer.limits).await?;
    let mut reader = app.db.read().await?;
    let settings = reader.company(importer.company).await?;
    let settings = settings.ok_or(Error::NotFound(Thing::Company))?;
    let vocabulary = Vocabulary::read(&mut reader, importer.company).await?;
    drop(reader);
    let from = (importer, &*fingerprint);
    let lines = Lines::new(&sheet, from, &vocabulary, &ignored)?;

    let bad = BadLines::new(bad_lines);
    let checked = check(app, &settings, &lines, (mode, clients), bad, progress).await?;
    if !checked.bad.may_be_left_out() {
        return Err(CsvError::Lines(checked.bad.sentences));
    }
    let Checked {
        report,
        good,
        known,
        bad,
    } = checked;
    let report = CsvReport {
        recognised: sheet.recognised().to_owned(),
        unread: lines.header.unread(),
        bad: bad.sentences,
        ..report
    };
    if mode == ImportMode::DryRun {
        return Ok(report);
    }
    progress.begin("clients", u64::try_from(good).unwrap_or(0));
    let report = report.of_nothing_written();
    let good_lines = lines
        .read()
        .filter(|line| !bad.numbers.contains(&line.row.line));
    let import = Importing {
        app,
        importer,
        lines: i64::try_from(good).unwrap_or(i64::MAX),
        header: &lines.header,
        known,
        clients,
    };
    let report = match mode {
        ImportMode::DryRun | ImportMode::InSteps => {
            import.in_steps(good_lines, report, progress).await?
        }
        ImportMode::AllOrNothing => import.at_once(good_lines, report, progress).await?,
    };
    if report.created >= MANY {
        tell_the_planner(app).await;
    }
    Ok(report)
}

/// So many new clients change how a database finds them best. It would notice by itself after some minutes.
const MANY: usize = 1_000;

/// What was imported is there, whatever comes of this.
async fn tell_the_planner(app: &App) {
    let told = async {
        let mut tx = app.db.begin().await?;
        tx.analyze().await?;
        tx.commit().await
    };
    if let Err(error) = told.await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "lists may be slow for some minutes after the import"
        );
    }
}

/// The table in a file, and what no other file has.
async fn understand(
    file: impl Read,
    layout: Layout,
    limits: Limits,
) -> Result<(Sheet, Vec<u8>), CsvError> {
    let bytes = read_file(file)?;
    let understand = move || {
        let fingerprint = Sha256::digest(&bytes).to_vec();
        Sheet::read(bytes, &layout, limits).map(|sheet| (sheet, fingerprint))
    };
    let understood = blocking::compute(&READING, understand).await;
    // Nothing but a file that nobody has thought of ends it otherwise.
    Ok(understood.map_err(|_| SheetError::NotUnderstood)??)
}

/// What lines are written by.
struct Importing<'i> {
    app: &'i App,
    importer: Importer,
    /// How many lines there are to be written.
    lines: i64,
    header: &'i Header,
    /// Which lines are which clients.
    known: HashMap<u64, ClientId>,
    /// What is done with those.
    clients: KnownClients,
}

impl Importing<'_> {
    /// Writes a step after the other; those who work meanwhile have half of the time.
    async fn in_steps(
        &self,
        mut lines: impl Iterator<Item = Line<'_>>,
        mut report: CsvReport,
        progress: &dyn Progress,
    ) -> Result<CsvReport, CsvError> {
        let mut pace = Pace::new();
        let mut begun = false;
        loop {
            let chunk = self.next(&mut lines);
            if chunk.is_empty() {
                return Ok(report);
            }
            let count = u64::try_from(chunk.len()).unwrap_or(0);
            let mut next = report.clone();
            let step = async {
                let mut tx = self.app.db.begin().await?;
                self.write(&mut tx, chunk, &mut next).await?;
                // What is done in steps is told of in the first of them: the last may never come.
                let event = (!begun).then_some(AuditEvent::ClientsImported(self.lines));
                self.commit(tx, event).await
            };
            let created = report.created;
            let done = pace.step(step).await;
            done.map_err(|source| CsvError::BrokenOff { created, source })?;
            (report, begun) = (next, true);
            progress.advance(count);
        }
    }

    /// Writes everything in one transaction.
    async fn at_once(
        &self,
        mut lines: impl Iterator<Item = Line<'_>>,
        mut report: CsvReport,
        progress: &dyn Progress,
    ) -> Result<CsvReport, CsvError> {
        let mut tx = self.app.db.begin().await?;
        loop {
            let chunk = self.next(&mut lines);
            if chunk.is_empty() {
                break;
            }
            let count = u64::try_from(chunk.len()).unwrap_or(0);
            self.write(&mut tx, chunk, &mut report).await?;
            progress.advance(count);
        }
        if report.left_out.count() > 0 {
            return Err(CsvError::Lines(report.left_out));
        }
        let event = (self.lines > 0).then_some(AuditEvent::ClientsImported(self.lines));
        self.commit(tx, event).await?;
        Ok(report)
    }

    async fn commit(&self, tx: Tx, event: Option<AuditEvent>) -> Result<()> {
        audit::commit(
            tx,
            self.importer.by,
            Some(self.importer.company),
            event,
            self.app.now(),
        )
        .await
    }

    /// The lines of the next step.
    fn next<'s>(&self, lines: &mut impl Iterator<Item = Line<'s>>) -> Vec<Line<'s>> {
        let most = match self.clients {
            KnownClients::Stay => STEP,
            KnownClients::Change => STEP_OF_CHANGES,
        };
        lines.take(most).collect()
    }

    async fn write(&self, tx: &mut Tx, lines: Vec<Line<'_>>, report: &mut CsvReport) -> Result<()> {
        let companies = tx.lock_companies(&[self.importer.company]).await?;
        let (mut known, mut fresh) = (Vec::new(), Vec::new());
        for line in lines {
            match self.known.get(&line.row.line) {
                Some(&id) => known.push((id, line)),
                None => fresh.push(line),
            }
        }
        let creates = fresh.iter().filter_map(|line| line.create.as_ref().ok());
        let creates: Vec<_> = creates.collect();
        let outcomes = batch::write(tx, &companies, &creates, self.app.now()).await?;
        report.add(outcomes, &fresh)?;
        if let (KnownClients::Change, Some(settings)) = (self.clients, companies.first()) {
            let now = self.app.now();
            let by = (self.importer.by.author, now);
            return update::update(tx, settings, self.header, &known, by, report).await;
        }
        report.repeated += known.len();
        Ok(())
    }
}
