//! Lines that are wrong: told, and written to a report from which they can be imported once they are mended.

use super::header::Header;
use super::sentences::Sentences;
use crate::clients::columns::{Column, REPORTED};
use crate::sheet::{Row, defused};
use std::collections::HashSet;
use std::io::{Result, Write};

/// Lines that are wrong.
pub(super) struct BadLines<'r> {
    /// Which they are.
    pub(super) numbers: HashSet<u64>,
    pub(super) sentences: Sentences,
    report: Option<Report<'r>>,
}

/// A file of them, as they were.
struct Report<'r> {
    target: &'r mut (dyn Write + Send),
    begun: bool,
}

impl<'r> BadLines<'r> {
    /// None so far.
    pub(super) fn new(report: Option<&'r mut (dyn Write + Send)>) -> Self {
        let begun = false;
        Self {
            numbers: HashSet::new(),
            sentences: Sentences::default(),
            report: report.map(|target| Report { target, begun }),
        }
    }

    /// Whether the others may be imported without them.
    pub(super) const fn may_be_left_out(&self) -> bool {
        self.report.is_some() || self.sentences.count() == 0
    }

    pub(super) fn add(&mut self, header: &Header, row: &Row<'_>, problem: &str) -> Result<()> {
        self.numbers.insert(row.line);
        self.sentences.add(row.line, problem);
        match &mut self.report {
            Some(report) => report.write(header, row, problem),
            None => Ok(()),
        }
    }
}

impl Report<'_> {
    fn write(&mut self, header: &Header, row: &Row<'_>, problem: &str) -> Result<()> {
        let columns: Vec<_> = header.own_columns().collect();
        let mut lines = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Vec::new());
        if !self.begun {
            self.begun = true;
            // Spreadsheets know UTF-8 by it.
            self.target.write_all("\u{feff}".as_bytes())?;
            let names = columns.iter().map(|(_, name)| *name);
            lines.write_record(REPORTED.map(Column::name).into_iter().chain(names))?;
        }
        // The sentence says again what stands there.
        let mut cells = vec![row.line.to_string(), defused(problem).into_owned()];
        match &row.cells {
            Ok(there) => {
                let texts = columns.iter().map(|(place, _)| there.get(*place));
                let texts = texts.map(|text| text.map_or("", |text| &**text));
                cells.extend(texts.map(|text| defused(text).into_owned()));
                let beyond = there.iter().skip(header.width());
                cells.extend(beyond.map(|text| defused(text).into_owned()));
            }
            Err(_) => cells.push(defused(row.raw).into_owned()),
        }
        lines.write_record(&cells)?;
        let lines = lines
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)?;
        self.target.write_all(&lines)
    }
}
