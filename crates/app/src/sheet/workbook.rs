//! A sheet of a workbook, written as text with separators.

use super::SheetError;
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use csv::Writer;
use std::io::Cursor;
use zip::ZipArchive;

/// The most columns that are read; what stands farther to the right is no table.
const MOST_COLUMNS: usize = 1_000;

/// A sheet as text, and its rows.
pub(super) struct Unpacked {
    pub(super) text: String,
    pub(super) rows: Vec<BookRow>,
    /// Its name.
    pub(super) sheet: String,
}

/// A row of a sheet: its number, and where its text ends; it begins where the one before it ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct BookRow {
    pub(super) number: u64,
    pub(super) end: usize,
}

/// Reads the sheet of that name, or else the first one that is not hidden. Neither what is unpacked nor the text has
/// more than `most` bytes.
pub(super) fn unpack(
    bytes: &[u8],
    wanted: Option<&str>,
    most: u64,
) -> Result<Unpacked, SheetError> {
    require_small(bytes, most)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(broken)?;
    let sheet = choose(&book, wanted)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let mut rows = Rows::new(most);
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let text = text_of(cell.get_value());
        if !text.is_empty() {
            rows.add(row, usize::try_from(column).unwrap_or(MOST_COLUMNS), text)?;
        }
    }
    rows.end_row()?;
    let text = rows.text.into_inner().map_err(broken)?;
    Ok(Unpacked {
        text: String::from_utf8(text).map_err(broken)?,
        rows: rows.ended,
        sheet,
    })
}

fn broken(error: impl std::fmt::Display) -> SheetError {
    SheetError::Workbook(error.to_string())
}

/// Nothing, if it does not unpack to more than the memory should hold: a few bytes can stand for very many.
fn require_small(bytes: &[u8], most: u64) -> Result<(), SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut left = most;
    for place in 0..archive.len() {
        let file = archive.by_index(place).map_err(broken)?;
        let mut some = std::io::Read::take(file, left + 1);
        let size = std::io::copy(&mut some, &mut std::io::sink()).map_err(broken)?;
        left = left
            .checked_sub(size)
            .ok_or(SheetError::WorkbookTooLarge { most })?;
    }
    Ok(())
}

fn choose(book: &Xlsx<Cursor<&[u8]>>, wanted: Option<&str>) -> Result<String, SheetError> {
    let sheets = book.sheets_metadata().iter();
    let tables = sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let found = match wanted {
        Some(wanted) => {
            let wanted = wanted.to_lowercase();
            tables
                .clone()
                .find(|sheet| sheet.name.to_lowercase() == wanted)
        }
        None => tables
            .clone()
            .find(|sheet| sheet.visible == SheetVisible::Visible),
    };
    let there = || tables.map(|sheet| sheet.name.clone()).collect();
    found
        .map(|sheet| sheet.name.clone())
        .ok_or_else(|| SheetError::NoSuchSheet {
            wanted: wanted.unwrap_or_default().to_owned(),
            there: there(),
        })
}

/// The rows that were read.
struct Rows {
    text: Writer<Vec<u8>>,
    /// How many bytes that may have: one text may stand in very many cells.
    most: u64,
    ended: Vec<BookRow>,
    row: u32,
    cells: Vec<String>,
    /// How many bytes stand in them.
    length: u64,
    /// How many cells the first row has: the others have as many.
    width: usize,
}

impl Rows {
    fn new(most: u64) -> Self {
        let text = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Vec::new());
        Self {
            text,
            most,
            ended: Vec::new(),
            row: 0,
            cells: Vec::new(),
            length: 0,
            width: 0,
        }
    }

    fn add(&mut self, row: u32, column: usize, text: String) -> Result<(), SheetError> {
        let number = |row| u64::from(row) + 1;
        if row < self.row {
            let (row, before) = (number(row), number(self.row));
            let sentence = format!("row {row} stands behind row {before}");
            return Err(SheetError::Workbook(sentence));
        }
        if row != self.row {
            self.end_row()?;
            self.row = row;
        }
        if column >= MOST_COLUMNS {
            return Err(SheetError::Workbook(format!(
                "row {} has something beyond column {MOST_COLUMNS}",
                number(row)
            )));
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.length += text.len() as u64;
        self.require_small(self.length)?;
        self.cells[column] = text;
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), SheetError> {
        if self.cells.is_empty() {
            return Ok(());
        }
        if self.ended.is_empty() {
            self.width = self.cells.len();
        }
        let width = self.cells.len().max(self.width);
        self.cells.resize(width, String::new());
        self.text.write_record(&self.cells).map_err(broken)?;
        self.text.flush().map_err(broken)?;
        let end = self.text.get_ref().len();
        self.require_small(end as u64)?;
        self.ended.push(BookRow {
            number: u64::from(self.row) + 1,
            end,
        });
        self.cells.clear();
        self.length = 0;
        Ok(())
    }

    fn require_small(&self, bytes: u64) -> Result<(), SheetError> {
        let most = self.most;
        if bytes > most {
            return Err(SheetError::WorkbookTooLarge { most });
        }
        Ok(())
    }
}

/// What a cell says: a number with all of its digits, a time as ISO 8601.
fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(time) => {
            let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
        }
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_with_a_text_in_very_many_cells_is_too_large_before_it_ends() {
        let mut rows = Rows::new(10);

        rows.add(0, 0, "x".repeat(6)).unwrap();
        let refused = rows.add(0, 1, "x".repeat(6)).unwrap_err();

        assert!(matches!(refused, SheetError::WorkbookTooLarge { most: 10 }));
    }

    #[test]
    fn rows_that_are_out_of_order_are_named() {
        let mut rows = Rows::new(10);

        rows.add(8, 0, "x".to_owned()).unwrap();
        let refused = rows.add(1, 0, "x".to_owned()).unwrap_err();

        assert_eq!(
            refused.to_string(),
            "the workbook cannot be read: row 2 stands behind row 9; save it as CSV (UTF-8)"
        );
    }
}
