//! Which sources were imported, and when.

use tawzi_core::time::Timestamp;

statements! {
    impl Reader {
        /// When a source with that fingerprint was imported.
        pub fn imported_at(fingerprint: &str) -> Option<Timestamp> {
            "SELECT imported_at FROM import_run WHERE fingerprint = $1"
        }
    }

    impl Tx {
        /// Notes that a source was imported; [`crate::Error::Conflict`] when it was before.
        pub fn note_import(fingerprint: &str, at: Timestamp) {
            "INSERT INTO import_run (fingerprint, imported_at) VALUES ($1, $2)"
        }
    }
}
