//! Pages of lists.

use crate::error::{Error, Result};
use tawzi_store::RowCount;

/// Which page of a list.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// The page, from 1.
    pub number: i64,
    /// How many rows a page has.
    pub size: i64,
}

impl PageRequest {
    /// How many rows come before the page.
    pub(crate) const fn offset(self) -> i64 {
        (self.number - 1).saturating_mul(self.size)
    }

    /// What is said about how many rows a list has whose page has so many: further pages are told of
    /// even where nobody has counted on. `Err` when the list does not have the page.
    pub(crate) fn count(self, rows: RowCount, on_page: usize) -> Result<i64> {
        match rows {
            RowCount::Exactly(rows) => {
                self.require_within(rows)?;
                Ok(rows)
            }
            RowCount::AtLeast(rows) => {
                let on_page = i64::try_from(on_page).unwrap_or(0);
                if on_page == 0 {
                    self.require_within(0)?;
                }
                let more = i64::from(on_page == self.size);
                Ok(rows.max(self.offset().saturating_add(on_page + more)))
            }
        }
    }

    /// `Err` when a list of that many rows does not have the page; the first is always there.
    pub(crate) fn require_within(self, rows: i64) -> Result<()> {
        if self.number == 1 || self.offset() < rows {
            Ok(())
        } else {
            Err(Error::NotFound("page"))
        }
    }
}
