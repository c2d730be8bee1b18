//! Parts of lists: pages by their numbers, or what stands behind a row.

mod cursor;

pub use cursor::Cursor;

use crate::error::{Result, Thing, require};
use tawzi_store::{Counting, Position, Result as StoreResult, RowCount, Start};

/// Which part of a list.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// The page, from 1.
    pub number: i64,
    /// How many rows a page has.
    pub size: i64,
    /// How far the rows are counted where they may be very many.
    pub counting: Counting,
    /// Where the list is read on instead, and nothing is counted.
    pub reading: Reading,
}

/// How the parts of a list follow each other.
#[derive(Clone, Debug)]
pub enum Reading {
    /// By the numbers of pages.
    ByNumber,
    /// From the first row.
    FromBeginning,
    /// From behind the row that stands there, whichever rows come or go.
    Behind(Position),
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// How many rows there are on all pages, or at least.
    pub count: i64,
    /// Whether there may be more than that.
    pub is_lower_bound: bool,
    /// Those of this part, in the order of the list.
    pub rows: Vec<T>,
    /// Where the last row stands, when a list is read on and may have rows behind it.
    pub next: Option<Position>,
}

impl<T> Page<T> {
    /// The rows of a page of a list that has so many.
    pub(crate) const fn of_all(count: i64, rows: Vec<T>) -> Self {
        Self {
            count,
            is_lower_bound: false,
            rows,
            next: None,
        }
    }
}

impl PageRequest {
    /// The page of that number, from 1.
    pub const fn new(number: i64, size: i64) -> Self {
        Self {
            number,
            size,
            counting: Counting::AsEver,
            reading: Reading::ByNumber,
        }
    }

    /// How many rows come before the page.
    pub(crate) const fn offset(&self) -> i64 {
        (self.number - 1).saturating_mul(self.size)
    }

    /// From where on the list is read.
    pub(crate) fn start(&self) -> Start {
        match &self.reading {
            Reading::ByNumber => Start::Offset(self.offset()),
            Reading::FromBeginning => Start::Offset(0),
            Reading::Behind(place) => Start::After(place.clone()),
        }
    }

    /// How many rows there are, as far as that is wanted.
    pub(crate) async fn counted(
        &self,
        count: impl Future<Output = StoreResult<RowCount>>,
    ) -> Result<RowCount> {
        match self.reading {
            Reading::ByNumber => Ok(count.await?),
            Reading::FromBeginning | Reading::Behind(_) => Ok(RowCount::AtLeast(0)),
        }
    }

    /// The part with those rows, each of which says where it stands.
    pub(crate) fn placed<T>(
        &self,
        count: RowCount,
        rows: Vec<T>,
        place: impl FnOnce(&T) -> Position,
    ) -> Result<Page<T>> {
        let is_full = i64::try_from(rows.len()).is_ok_and(|rows| rows == self.size);
        match self.reading {
            Reading::ByNumber => self.of(count, rows),
            Reading::FromBeginning | Reading::Behind(_) => Ok(Page {
                count: 0,
                is_lower_bound: true,
                next: rows.last().filter(|_| is_full).map(place),
                rows,
            }),
        }
    }

    /// The page with those rows. Further pages are told of even where nobody has counted on. `Err` when the list
    /// does not have the page.
    pub(crate) fn of<T>(&self, count: RowCount, rows: Vec<T>) -> Result<Page<T>> {
        let (count, is_lower_bound) = match count {
            RowCount::Exactly(count) => {
                self.require_within(count)?;
                (count, false)
            }
            RowCount::AtLeast(count) => {
                let on_page = i64::try_from(rows.len()).unwrap_or(0);
                if on_page == 0 {
                    self.require_within(0)?;
                }
                let more = i64::from(on_page == self.size);
                let known = self.offset().saturating_add(on_page + more);
                (count.max(known), true)
            }
        };
        Ok(Page {
            count,
            is_lower_bound,
            rows,
            next: None,
        })
    }

    /// The page of a list without rows.
    pub(crate) fn of_nothing<T>(&self) -> Result<Page<T>> {
        self.of(RowCount::Exactly(0), Vec::new())
    }

    /// `Err` when a list of that many rows does not have the page; the first is always there.
    pub fn require_within(&self, rows: i64) -> Result<()> {
        require(self.number == 1 || self.offset() < rows, Thing::Page)
    }
}
