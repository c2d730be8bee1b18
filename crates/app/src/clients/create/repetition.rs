//! Recognising the lines of a file that is imported again.

use super::NewClientRequest;
use crate::repetition::{Repetition, fingerprint};
use tawzi_core::time::Timestamp;
use tawzi_store::CreateKey;

impl Repetition {
    /// The line of a file: whenever it was imported before, it is the same client.
    pub(crate) fn of_line(client: &NewClientRequest) -> Self {
        Self {
            key: CreateKey::of_content(fingerprint(&("line", client))),
            since: Timestamp::from_microseconds(i64::MIN),
        }
    }
}
