//! What came of an import.

use super::Sentences;
use super::lines::Line;
use crate::clients::create::batch::CreateResult;
use crate::error::{Error, Result};

/// What was imported, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvReport {
    /// What the file was taken for.
    pub recognised: String,
    /// Columns that are there and are not read.
    pub unread: Vec<&'static str>,
    /// Clients that were created.
    pub created: usize,
    /// Of those, clients that went to somebody.
    pub assigned: usize,
    /// Lines whose client is there already, or stands twice in the file.
    pub repeated: usize,
    /// Clients that were changed.
    pub changed: usize,
    /// What was changed in them.
    pub changes: Sentences,
    /// Lines that say the same client as an earlier one of the file.
    pub twice: Sentences,
    /// Lines that are wrong, and were left out.
    pub bad: Sentences,
    /// Lines that were left out, as somebody else took their phone number meanwhile.
    pub left_out: Sentences,
}

impl CsvReport {
    /// The same before anything is written, not counting what would come of it.
    pub(super) fn of_nothing_written(self) -> Self {
        Self {
            created: 0,
            assigned: 0,
            repeated: 0,
            changed: 0,
            changes: Sentences::default(),
            ..self
        }
    }

    /// Adds what came of lines, which are all good.
    pub(super) fn add(&mut self, outcomes: Vec<CreateResult>, lines: &[Line<'_>]) -> Result<()> {
        for (outcome, line) in outcomes.into_iter().zip(lines) {
            match outcome {
                CreateResult::Created(created) => {
                    self.created += 1;
                    self.assigned += usize::from(created.client.assigned_to.is_some());
                }
                CreateResult::Repeated(..) => self.repeated += 1,
                CreateResult::Refused(error @ Error::PhoneTaken { .. }) => {
                    self.left_out.add(line.row.line, error);
                }
                CreateResult::Refused(error) => return Err(error),
            }
        }
        Ok(())
    }
}
