//! The wrong lines of a file, for the answer.

use std::io::{Result, Write};

/// How long it can be. Escaped as JSON, which takes six times as much at worst, it stays within an answer.
const MAX_BYTES: usize = 1024 * 1024;

/// As much of the file of wrong lines as there is room for.
#[derive(Debug, Default)]
pub(super) struct Report {
    text: Vec<u8>,
    is_cut: bool,
}

impl Report {
    /// Whether there was no room for all of it.
    pub(super) const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The file, if there is any.
    pub(super) fn into_text(self) -> Option<String> {
        let text = String::from_utf8(self.text).ok();
        text.filter(|text| !text.is_empty())
    }
}

impl Write for Report {
    /// What is written at once are whole lines, which are there as a whole or not at all.
    fn write(&mut self, lines: &[u8]) -> Result<usize> {
        self.is_cut |= self.text.len() + lines.len() > MAX_BYTES;
        if !self.is_cut {
            self.text.extend_from_slice(lines);
        }
        Ok(lines.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_ends_with_the_last_line_that_fits() {
        let mut report = Report::default();
        let line = [b'x'; 1000];

        for _ in 0..2000 {
            report.write_all(&line).unwrap();
        }

        assert!(report.is_cut());
        assert_eq!(report.into_text().unwrap().len(), MAX_BYTES / 1000 * 1000);
    }
}
