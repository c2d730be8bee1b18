//! Going through all lines of a file before any is imported.

use super::bad_lines::BadLines;
use super::lines::{Line, Lines};
use super::{CsvError, CsvReport, ImportMode, STEP};
use crate::app::App;
use crate::clients::create::Create;
use crate::clients::create::batch::{self, Foreseen};
use crate::clients::phones::numbers;
use crate::error::Result;
use crate::progress::Progress;
use std::collections::{HashMap, HashSet};
use tawzi_core::phone::PhoneKey;
use tawzi_store::{Company, Reader};

/// What was found.
pub(super) struct Checked<'r> {
    /// What would come of the lines, as far as it was asked.
    pub(super) report: CsvReport,
    /// How many lines are good.
    pub(super) good: usize,
    pub(super) bad: BadLines<'r>,
}

/// What earlier lines of the file have.
#[derive(Default)]
struct Earlier {
    lines: HashMap<i64, u64>,
    phones: HashSet<PhoneKey>,
}

/// Checks every line. What the database says about them is asked in a dry run, and where phone numbers must be
/// nobody else's; it holds if nobody else writes meanwhile.
pub(super) async fn check<'r>(
    app: &App,
    company: &Company,
    lines: &Lines<'_>,
    mode: ImportMode,
    bad: BadLines<'r>,
    progress: &dyn Progress,
) -> Result<Checked<'r>, CsvError> {
    progress.begin("lines", lines.about_how_many());
    let asks = mode == ImportMode::DryRun || company.unique_phones;
    let mut checked = Checked {
        report: CsvReport::default(),
        good: 0,
        bad,
    };
    let mut earlier = Earlier::default();
    let mut reader = app.db.read().await?;
    let mut rest = lines.read();
    loop {
        let chunk: Vec<_> = rest.by_ref().take(STEP).collect();
        let Some(last) = chunk.last() else {
            return Ok(checked);
        };
        let begin = chunk.first().map_or(0, |line| line.row.line);
        let foreseen = if asks {
            foresee(app, &mut reader, company, &chunk).await?
        } else {
            HashMap::new()
        };
        for line in &chunk {
            let foreseen = foreseen.get(&line.row.line);
            let judged = match &line.create {
                Ok(create) => checked.judge(company, create, line, foreseen, &mut earlier),
                Err(problem) => Err(problem.clone()),
            };
            if let Err(problem) = judged {
                let added = checked.bad.add(&lines.header, &line.row, &problem);
                added.map_err(CsvError::Report)?;
            }
        }
        progress.advance(last.row.line - begin + 1);
        // So that others have their turn on this thread.
        tokio::task::yield_now().await;
    }
}

/// What would come of the good lines, by their numbers.
async fn foresee(
    app: &App,
    reader: &mut Reader,
    company: &Company,
    chunk: &[Line<'_>],
) -> Result<HashMap<u64, Foreseen>> {
    let good = chunk.iter().filter(|line| line.create.is_ok());
    let numbers = good.map(|line| line.row.line);
    let creates: Vec<_> = chunk
        .iter()
        .filter_map(|line| line.create.as_ref().ok())
        .collect();
    let foreseen = batch::foresee(reader, company, &creates, app.now()).await?;
    Ok(numbers.zip(foreseen).collect())
}

impl Checked<'_> {
    /// Counts what would come of a line; `Err` says why nothing would.
    fn judge(
        &mut self,
        company: &Company,
        create: &Create,
        line: &Line<'_>,
        foreseen: Option<&Foreseen>,
        earlier: &mut Earlier,
    ) -> Result<(), String> {
        let number = line.row.line;
        if let Some(first) = earlier.lines.get(&create.repetition.key.key) {
            self.good += 1;
            self.report.repeated += 1;
            let same = format!("says the same client as line {first}, phone number and all");
            self.report.twice.add(number, same);
            return Ok(());
        }
        earlier.lines.insert(create.repetition.key.key, number);
        match foreseen {
            Some(Foreseen::Repeated) => {
                self.good += 1;
                self.report.repeated += 1;
                return Ok(());
            }
            Some(Foreseen::Refused(sentence)) => return Err(sentence.clone()),
            Some(Foreseen::Created { .. }) | None => {}
        }
        for number in numbers(company, create.client.written_numbers()) {
            if !earlier.phones.insert(number.key.clone()) {
                return Err(number.stands_twice());
            }
        }
        self.good += 1;
        self.report.created += 1;
        let assigned = foreseen == Some(&Foreseen::Created { assigned: true });
        self.report.assigned += usize::from(assigned);
        Ok(())
    }
}
