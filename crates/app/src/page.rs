//! Pages of lists.

use crate::error::{Result, Thing, require};
use tawzi_store::{Counting, RowCount};

/// Which page of a list.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// The page, from 1.
    pub number: i64,
    /// How many rows a page has.
    pub size: i64,
    /// How far the rows are counted where they may be very many.
    pub counting: Counting,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// How many rows there are on all pages, or at least.
    pub count: i64,
    /// Whether there may be more than that.
    pub is_lower_bound: bool,
    /// Those of this page, in the order of the list.
    pub rows: Vec<T>,
}

impl<T> Page<T> {
    /// The rows of a page of a list that has so many.
    pub(crate) const fn of_all(count: i64, rows: Vec<T>) -> Self {
        Self {
            count,
            is_lower_bound: false,
            rows,
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
        }
    }

    /// How many rows come before the page.
    pub(crate) const fn offset(self) -> i64 {
        (self.number - 1).saturating_mul(self.size)
    }

    /// The page with those rows. Further pages are told of even where nobody has counted on. `Err` when the list
    /// does not have the page.
    pub(crate) fn of<T>(self, count: RowCount, rows: Vec<T>) -> Result<Page<T>> {
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
        })
    }

    /// The page of a list without rows.
    pub(crate) fn of_nothing<T>(self) -> Result<Page<T>> {
        self.of(RowCount::Exactly(0), Vec::new())
    }

    /// `Err` when a list of that many rows does not have the page; the first is always there.
    pub fn require_within(self, rows: i64) -> Result<()> {
        require(self.number == 1 || self.offset() < rows, Thing::Page)
    }
}
