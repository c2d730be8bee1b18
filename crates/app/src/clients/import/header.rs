//! The first row of a file: which column is what.

use super::CsvError;
use crate::clients::columns::{Column, REPORTED, WRITTEN, plain};
use crate::sheet::Row;
use std::borrow::Cow;
use std::collections::HashMap;

/// Columns that are written, and passed over when they are read.
const UNREAD: [Column; 5] = [
    Column::CreatedAt,
    Column::AssignedAt,
    Column::LastContactedAt,
    Column::Line,
    Column::Problem,
];

/// Which column is what.
#[derive(Debug)]
pub(super) struct Header {
    /// The names as they stand in the file.
    names: Vec<String>,
    places: HashMap<Column, usize>,
    /// Columns without a name, in which nothing may stand.
    nameless: Vec<usize>,
    /// How many columns there are up to the last one that has a name.
    width: usize,
}

impl Header {
    /// Understands the first row. Columns that are to be ignored may have any name.
    pub(super) fn read(row: Option<Row<'_>>, ignored: &[String]) -> Result<Self, CsvError> {
        let Some(row) = row else {
            return Err(nothing_named());
        };
        let line = row.line;
        let cells = row.cells;
        let cells = cells.map_err(|problem| CsvError::Columns(format!("line {line} {problem}")))?;
        let ignored: Vec<_> = ignored.iter().map(|name| plain(name)).collect();
        let mut header = Self {
            names: cells.iter().map(|name| name.clone().into_owned()).collect(),
            places: HashMap::new(),
            nameless: Vec::new(),
            width: 0,
        };
        let mut unknown = Vec::new();
        for (place, name) in cells.iter().enumerate() {
            if name.is_empty() {
                header.nameless.push(place);
                continue;
            }
            header.width = place + 1;
            if ignored.contains(&plain(name)) {
                continue;
            }
            let Some(column) = Column::called(name) else {
                unknown.push(&**name);
                continue;
            };
            if header.places.insert(column, place).is_some() {
                let name = column.name();
                return Err(CsvError::Columns(format!(
                    "the first line names the column {name} twice"
                )));
            }
        }
        if unknown.is_empty() && !header.places.contains_key(&Column::Name) {
            return Err(nothing_named());
        }
        header.require_known(&unknown)
    }

    fn require_known(self, unknown: &[&str]) -> Result<Self, CsvError> {
        if unknown.is_empty() {
            return Ok(self);
        }
        let named: Vec<_> = unknown.iter().map(|name| format!("{name:?}")).collect();
        let column = if named.len() == 1 {
            "a column"
        } else {
            "columns"
        };
        Err(CsvError::Columns(format!(
            "the first line names {column} {}, which clients do not have; use {}, or have it ignored",
            named.join(", "),
            readable()
        )))
    }

    /// Whether the file has that column.
    pub(super) fn has(&self, column: Column) -> bool {
        self.places.contains_key(&column)
    }

    /// What stands in that column of a row; `None` when it is empty.
    pub(super) fn cell<'c>(&self, cells: &'c [Cow<'_, str>], column: Column) -> Option<&'c str> {
        let cell = cells.get(*self.places.get(&column)?)?;
        Some(&**cell).filter(|text| !text.is_empty())
    }

    /// What is wrong with how many cells a row has.
    pub(super) fn misfit(&self, cells: &[Cow<'_, str>]) -> Option<String> {
        let filled = cells.iter().rposition(|cell| !cell.is_empty());
        let filled = filled.map_or(0, |last| last + 1);
        if cells.len() < self.width || filled > self.names.len() {
            let columns = self.width;
            return Some(format!(
                "has {} fields, but the first line names {columns} columns",
                cells.len()
            ));
        }
        let mut nameless = self.nameless.iter();
        let odd = nameless.find(|&&place| cells.get(place).is_some_and(|cell| !cell.is_empty()))?;
        Some(format!(
            "something stands in column {}, which has no name in the first line",
            odd + 1
        ))
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// The names of the columns that are there and are not read.
    pub(super) fn unread(&self) -> Vec<&'static str> {
        let unread = UNREAD
            .into_iter()
            .filter(|column| self.places.contains_key(column));
        unread.map(Column::name).collect()
    }

    /// Every column as it stands in the file, but for those of a report.
    pub(super) fn own_columns(&self) -> impl Iterator<Item = (usize, &str)> {
        let reported = REPORTED.map(|column| self.places.get(&column).copied());
        let names = self.names.iter().enumerate();
        let own = names.filter(move |(place, _)| !reported.contains(&Some(*place)));
        own.map(|(place, name)| (place, name.as_str()))
    }
}

fn nothing_named() -> CsvError {
    CsvError::Columns(format!(
        "the first line must name the columns, at least `name`; use {}",
        readable()
    ))
}

/// The columns that are read.
fn readable() -> String {
    let read = WRITTEN
        .into_iter()
        .filter(|column| !UNREAD.contains(column));
    let names: Vec<_> = read.map(Column::name).collect();
    names.join(", ")
}
