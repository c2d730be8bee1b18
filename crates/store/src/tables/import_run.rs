//! Which sources were imported, and when.

use crate::db::engine::{Reader, Tx};
use crate::error::Result;
use tawzi_core::time::Timestamp;

statements! {
    FIND = ["SELECT imported_at FROM import_run WHERE fingerprint = $1"];
    INSERT = ["INSERT INTO import_run (fingerprint, imported_at) VALUES ($1, $2)"];
}

impl Reader {
    /// When a source with that fingerprint was imported.
    pub async fn imported_at(&mut self, fingerprint: &str) -> Result<Option<Timestamp>> {
        let found = fetch_optional!(self, (i64,), FIND, fingerprint)?;
        Ok(found.map(|(at,)| Timestamp::from_microseconds(at)))
    }
}

impl Tx {
    /// Notes that a source was imported; [`crate::Error::Conflict`] when it was before.
    pub async fn note_import(&mut self, fingerprint: &str, at: Timestamp) -> Result<()> {
        execute!(self, INSERT, fingerprint, at.microseconds())?;
        Ok(())
    }
}
