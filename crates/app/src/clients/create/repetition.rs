//! Recognising the lines of a file that is imported again.

use super::NewClientRequest;
use crate::repetition::{Repetition, fingerprint};
use tawzi_core::time::Timestamp;
use tawzi_store::CreateKey;

impl Repetition {
    /// A line of a file. With a phone number it is the same client whenever the same was imported before, from
    /// whichever file. Without one it identifies nobody: it is the same client only when that very file, told by its
    /// fingerprint, was imported before.
    pub(crate) fn of_line(client: &NewClientRequest, file: &[u8], line: u64) -> Self {
        let key = if client.written_numbers().next().is_some() {
            fingerprint(&("line", client))
        } else {
            fingerprint(&("line of that file", file, line))
        };
        Self {
            key: CreateKey::of_content(key),
            since: Timestamp::from_microseconds(i64::MIN),
        }
    }
}
