//! Text with separators to rows. A library would be lenient: it takes `"Sara "Umm Ali" Ahmad"` for something else,
//! and does not count the lines of files whose lines end in CR.

use super::formula::undefused;
use super::separator::Separator;
use std::borrow::Cow;

/// The longest row, in bytes: a client has less than a thousandth part.
const LONGEST_ROW: usize = 64 << 10;

/// The most cells of a row.
const MOST_CELLS: usize = 1_000;

/// A row, and the line on which it begins, as an editor counts.
#[derive(Debug)]
pub(crate) struct Row<'t> {
    /// The line.
    pub(crate) line: u64,
    /// The row as it stands in the file; of one that cannot be taken apart the first line.
    pub(crate) raw: &'t str,
    /// Its cells, without the blanks around them.
    pub(crate) cells: Result<Vec<Cow<'t, str>>, BadRow>,
}

/// Why a row cannot be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadRow {
    /// A quotation mark opens a cell, and the file ends before it is closed.
    #[error("a quotation mark opens a field that never ends")]
    NeverEnds,
    /// A quotation mark opens a cell, and the row is longer than any before it is closed.
    #[error("a quotation mark opens a field that does not end within {} KiB", LONGEST_ROW >> 10)]
    EndsTooLate,
    /// There is a quotation mark within a quoted cell.
    #[error("a quotation mark stands in the middle of a field in quotation marks; double it")]
    QuoteInside,
    /// It is too long.
    #[error("is longer than {} KiB", LONGEST_ROW >> 10)]
    TooLong,
    /// It has too many cells.
    #[error("has more than {MOST_CELLS} fields")]
    TooManyCells,
}

impl<'t> Row<'t> {
    /// The row that a text is, which has that number.
    pub(super) fn alone(text: &'t str, line: u64, separator: Separator) -> Option<Self> {
        if text.len() <= LONGEST_ROW {
            return Records::new(text, line, separator).next();
        }
        Some(Self {
            line,
            raw: without_end(text),
            cells: Err(BadRow::TooLong),
        })
    }

    /// What was meant by its cells, some of which may begin with an apostrophe lest a spreadsheet runs them.
    pub(crate) fn undefused(mut self) -> Self {
        for cell in self.cells.iter_mut().flatten() {
            if let Cow::Owned(meant) = undefused(cell) {
                *cell = Cow::Owned(meant);
            }
        }
        self
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self) -> bool {
        let cells = self.cells.as_ref();
        cells.is_ok_and(|cells| cells.iter().all(|cell| cell.is_empty()))
    }
}

/// The rows of a text, one after the other. One that cannot be taken apart ends with its first line: a quotation mark too
/// many costs that line, not those behind it.
#[derive(Debug)]
pub(super) struct Records<'t> {
    rest: &'t str,
    line: u64,
    separator: char,
    /// How long the rest is where the longest row would end.
    beyond: usize,
}

/// What ends a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Cell,
    Row,
}

impl<'t> Records<'t> {
    /// The rows of the text, whose first line has that number.
    pub(super) const fn new(text: &'t str, line: u64, separator: Separator) -> Self {
        Self {
            rest: text,
            line,
            separator: separator.letter(),
            beyond: 0,
        }
    }

    fn cells(&mut self) -> Result<Vec<Cow<'t, str>>, BadRow> {
        let mut cells = Vec::new();
        loop {
            let (cell, end) = self.cell()?;
            cells.push(cell);
            if end == End::Row {
                return Ok(cells);
            }
            if cells.len() == MOST_CELLS {
                return Err(BadRow::TooManyCells);
            }
        }
    }

    fn cell(&mut self) -> Result<(Cow<'t, str>, End), BadRow> {
        let begin = self.without_blanks();
        if let Some(quoted) = begin.strip_prefix('"') {
            self.rest = quoted;
            return self.quoted();
        }
        let separator = self.separator;
        let ends = |letter| letter == separator || matches!(letter, '\r' | '\n');
        let (cell, rest) = self
            .rest
            .split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        Ok((Cow::Borrowed(cell.trim()), self.end()))
    }

    /// A cell whose opening quotation mark is behind us.
    fn quoted(&mut self) -> Result<(Cow<'t, str>, End), BadRow> {
        let mut cell = Cow::Borrowed("");
        loop {
            let (part, rest) = self.closed()?;
            self.line += count_line_ends(part);
            cell += part;
            // A doubled one stands for itself.
            let Some(rest_of_cell) = rest.strip_prefix('"') else {
                self.rest = rest;
                break;
            };
            cell += "\"";
            self.rest = rest_of_cell;
        }
        let rest = self.without_blanks();
        let ends = [self.separator, '\r', '\n'];
        if !rest.is_empty() && !rest.starts_with(ends) {
            return Err(BadRow::QuoteInside);
        }
        self.rest = rest;
        let cell = match cell {
            Cow::Borrowed(cell) => Cow::Borrowed(cell.trim()),
            Cow::Owned(cell) => Cow::Owned(cell.trim().to_owned()),
        };
        Ok((cell, self.end()))
    }

    /// What stands before the next quotation mark, and behind it. No farther than the longest row reaches: a mark that
    /// is never closed is looked for on each line that has one.
    fn closed(&self) -> Result<(&'t str, &'t str), BadRow> {
        let within = self.rest.len().saturating_sub(self.beyond);
        let within = &self.rest[..self.rest.floor_char_boundary(within)];
        match within.find('"') {
            Some(place) => Ok((&self.rest[..place], &self.rest[place + 1..])),
            None if within.len() == self.rest.len() => Err(BadRow::NeverEnds),
            None => Err(BadRow::EndsTooLate),
        }
    }

    /// The rest without the blanks before it.
    fn without_blanks(&self) -> &'t str {
        let separator = self.separator;
        self.rest
            .trim_start_matches(|letter| matches!(letter, ' ' | '\t') && letter != separator)
    }

    /// Goes past what ends a cell.
    fn end(&mut self) -> End {
        if let Some(rest) = self.rest.strip_prefix(self.separator) {
            self.rest = rest;
            return End::Cell;
        }
        let rest = self.rest;
        let ended = rest
            .strip_prefix("\r\n")
            .or_else(|| rest.strip_prefix(['\r', '\n']));
        if let Some(ended) = ended {
            self.rest = ended;
            self.line += 1;
        }
        End::Row
    }

    /// Goes to the next line.
    fn skip_line(&mut self) {
        let end = self.rest.find(['\r', '\n']).unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
        self.end();
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = Row<'t>;

    fn next(&mut self) -> Option<Row<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, begin) = (self.line, self.rest);
        self.beyond = begin.len().saturating_sub(LONGEST_ROW);
        let mut cells = self.cells();
        if cells.is_ok() && begin.len() - self.rest.len() > LONGEST_ROW {
            cells = Err(BadRow::TooLong);
        }
        if cells.is_err() {
            (self.line, self.rest) = (line, begin);
            self.skip_line();
        }
        let raw = without_end(&begin[..begin.len() - self.rest.len()]);
        Some(Row { line, raw, cells })
    }
}

/// A row without what ends it.
fn without_end(row: &str) -> &str {
    row.trim_end_matches(['\r', '\n'])
}

/// How many lines end in a text: in LF, CR, or both.
pub(super) fn count_line_ends(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let ends = (0..bytes.len()).filter(|&place| match bytes[place] {
        b'\n' => true,
        b'\r' => bytes.get(place + 1) != Some(&b'\n'),
        _ => false,
    });
    u64::try_from(ends.count()).unwrap_or(u64::MAX)
}
