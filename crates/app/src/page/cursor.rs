//! Where a list goes on, as a text that whoever reads it sends back.

use crate::repetition::fingerprint;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::hash::Hash;
use tawzi_store::Position;

/// The longest text that is looked at. The longest name in an order takes less.
const MAX_BYTES: usize = 8 * 1024;

/// A place in a list of some order and conditions. It tells nothing that its row does not, and lets nobody see more: what
/// may be seen is asked for every part of a list anew.
#[derive(Serialize, Deserialize)]
pub struct Cursor {
    #[serde(rename = "p")]
    position: Position,
    /// By this it is known whether the text is whole, and of which list.
    #[serde(rename = "c")]
    check: i64,
}

impl Cursor {
    /// A place in the list that was asked for so.
    pub fn new(position: Position, asked: &impl Hash) -> Self {
        Self {
            check: check(&position, asked),
            position,
        }
    }

    /// The place that a text says; `None` when it is none of the list that is asked for so.
    pub fn read(text: &str, asked: &impl Hash) -> Option<Position> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let json = URL_SAFE_NO_PAD.decode(text).ok()?;
        let cursor: Self = serde_json::from_slice(&json).ok()?;
        (cursor.check == check(&cursor.position, asked)).then_some(cursor.position)
    }

    /// Its text.
    pub fn text(&self) -> String {
        // Only a map whose keys are no text fails here.
        let json = serde_json::to_vec(self).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(json)
    }
}

fn check(position: &Position, asked: &impl Hash) -> i64 {
    fingerprint(&(position, asked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tawzi_store::PositionKey;

    fn place() -> Position {
        Position {
            keys: vec![
                PositionKey::Text("سارة".to_owned()),
                PositionKey::Number(Some(-7)),
                PositionKey::Number(None),
            ],
            id: 3,
        }
    }

    #[test]
    fn a_cursor_is_a_place_in_the_list_that_it_is_of() {
        let text = Cursor::new(place(), &"by name").text();

        assert_eq!(Cursor::read(&text, &"by name"), Some(place()));
        assert_eq!(Cursor::read(&text, &"by budget"), None);
    }

    #[test]
    fn a_cursor_that_is_spoilt_is_none() {
        let text = Cursor::new(place(), &"by name").text();

        assert_eq!(Cursor::read("", &"by name"), None);
        assert_eq!(Cursor::read(&"A".repeat(MAX_BYTES + 1), &"by name"), None);
        for place in 0..text.len() {
            let mut spoilt = text.clone().into_bytes();
            spoilt[place] = if spoilt[place] == b'A' { b'B' } else { b'A' };
            let spoilt = String::from_utf8(spoilt).unwrap();
            assert_eq!(Cursor::read(&spoilt, &"by name"), None, "{spoilt}");
            assert_eq!(Cursor::read(&text[..place], &"by name"), None);
        }
    }
}
