//! Clients from a CSV file, in steps: each is a transaction of its own, and between two of them others have their
//! turn. A file that was broken off is imported again: what is there already is recognised.

mod lines;

use super::create::batch::{self, CreateResult, Foreseen};
use crate::app::App;
use crate::error::{Error, Result, Thing};
use crate::pace::Pace;
use crate::progress::Progress;
use lines::{Line, Vocabulary, parse, refused};
use std::collections::HashSet;
use std::io::Read;
use tawzi_core::id::CompanyId;
use tawzi_store::{Company, Tx};

/// How many lines one step takes.
const STEP: usize = 1_000;

/// Why a file was not imported. Nothing was written, unless the database failed between two steps.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// The file is no CSV file, or its columns are not those of clients.
    #[error("{0}")]
    File(String),
    /// Some lines are wrong.
    #[error("{}", .0.join("\n"))]
    Lines(Vec<String>),
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

/// What was imported, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvReport {
    /// Clients that were created.
    pub created: usize,
    /// Of those, clients that went to somebody.
    pub assigned: usize,
    /// Lines whose client was imported before, or stands twice in the file.
    pub repeated: usize,
    /// A sentence about each line that was left out, as somebody else took its phone number meanwhile.
    pub left_out: Vec<String>,
}

/// Imports clients: each line becomes one, by the same rule as any client that arrives. A file with wrong lines is
/// refused before anything is written; one that is imported again creates nothing twice.
pub async fn import_clients(
    app: &App,
    company: CompanyId,
    file: impl Read,
    mode: ImportMode,
    progress: &dyn Progress,
) -> Result<CsvReport, CsvError> {
    let mut reader = app.db.read().await?;
    let settings = reader.company(company).await?;
    let settings = settings.ok_or(Error::NotFound(Thing::Company))?;
    let vocabulary = Vocabulary::read(&mut reader, company).await?;
    drop(reader);
    let lines = parse(file, company, &vocabulary)?;
    if mode == ImportMode::DryRun || settings.unique_phones {
        let report = check(app, &settings, &lines, progress).await?;
        if mode == ImportMode::DryRun {
            return Ok(report);
        }
    }
    progress.begin("clients", u64::try_from(lines.len()).unwrap_or(0));
    let mut report = CsvReport::default();
    match mode {
        ImportMode::DryRun | ImportMode::InSteps => {
            let steps = in_steps(app, company, &lines, &mut report, progress).await;
            let created = report.created;
            steps.map_err(|source| CsvError::BrokenOff { created, source })?;
        }
        ImportMode::AllOrNothing => {
            let mut tx = app.db.begin().await?;
            for chunk in lines.chunks(STEP) {
                let outcomes = write(&mut tx, app, company, chunk).await?;
                report.add(outcomes, chunk)?;
                progress.advance(u64::try_from(chunk.len()).unwrap_or(0));
            }
            if !report.left_out.is_empty() {
                return Err(refused(report.left_out));
            }
            tx.commit().await?;
        }
    }
    Ok(report)
}

/// Writes a step after the other; those who work meanwhile have half of the time.
async fn in_steps(
    app: &App,
    company: CompanyId,
    lines: &[Line],
    report: &mut CsvReport,
    progress: &dyn Progress,
) -> Result<()> {
    let mut pace = Pace::new();
    for chunk in lines.chunks(STEP) {
        let step = async {
            let mut tx = app.db.begin().await?;
            let outcomes = write(&mut tx, app, company, chunk).await?;
            tx.commit().await?;
            Ok::<_, Error>(outcomes)
        };
        let outcomes = pace.step(step).await?;
        report.add(outcomes, chunk)?;
        progress.advance(u64::try_from(chunk.len()).unwrap_or(0));
    }
    Ok(())
}

async fn write(
    tx: &mut Tx,
    app: &App,
    company: CompanyId,
    lines: &[Line],
) -> Result<Vec<CreateResult>> {
    let companies = tx.lock_companies(&[company]).await?;
    let creates: Vec<_> = lines.iter().map(|(create, _)| create).collect();
    batch::write(tx, &companies, &creates, app.now()).await
}

/// What would come of the lines, if nobody else wrote meanwhile.
///
/// `Err` when phone numbers of some are other clients' already, or stand twice in the file.
async fn check(
    app: &App,
    company: &Company,
    lines: &[Line],
    progress: &dyn Progress,
) -> Result<CsvReport, CsvError> {
    progress.begin("lines", u64::try_from(lines.len()).unwrap_or(0));
    let mut report = CsvReport::default();
    let (mut keys, mut phones) = (HashSet::new(), HashSet::new());
    let mut reader = app.db.read().await?;
    for chunk in lines.chunks(STEP) {
        let creates: Vec<_> = chunk.iter().map(|(create, _)| create).collect();
        let foreseen = batch::foresee(&mut reader, company, &creates, app.now()).await?;
        for ((create, line), foreseen) in chunk.iter().zip(foreseen) {
            if !keys.insert(create.repetition.key.key) || foreseen == Foreseen::Repeated {
                report.repeated += 1;
                continue;
            }
            report.created += 1;
            report.assigned += usize::from(foreseen == Foreseen::Created { assigned: true });
            let refusal = match foreseen {
                Foreseen::Refused(sentence) => Some(sentence),
                Foreseen::Created { .. } | Foreseen::Repeated => None,
            };
            let numbers = super::phones::numbers(company, create.client.written_numbers());
            let twice = numbers
                .into_iter()
                .find(|number| !phones.insert(number.key.clone()));
            let twice = twice.map(|number| number.stands_twice());
            if let Some(sentence) = refusal.or(twice) {
                report.left_out.push(format!("line {line}: {sentence}"));
            }
        }
        progress.advance(u64::try_from(chunk.len()).unwrap_or(0));
    }
    if report.left_out.is_empty() {
        Ok(report)
    } else {
        Err(refused(report.left_out))
    }
}

impl CsvReport {
    /// Adds what came of lines.
    fn add(&mut self, outcomes: Vec<CreateResult>, lines: &[Line]) -> Result<()> {
        for (outcome, (_, line)) in outcomes.into_iter().zip(lines) {
            match outcome {
                CreateResult::Created(created) => {
                    self.created += 1;
                    self.assigned += usize::from(created.client.assigned_to.is_some());
                }
                CreateResult::Repeated(..) => self.repeated += 1,
                CreateResult::Refused(error @ Error::PhoneTaken { .. }) => {
                    self.left_out.push(format!("line {line}: {error}"));
                }
                CreateResult::Refused(error) => return Err(error),
            }
        }
        Ok(())
    }
}
