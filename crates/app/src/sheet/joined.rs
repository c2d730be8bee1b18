//! Several texts in one cell, with semicolons between them.

use super::records::{BadRow, Records};
use super::separator::Separator;
use std::borrow::Cow;

/// What stands between them.
const BETWEEN: Separator = Separator::SEMICOLON;

/// The texts in one cell. One that has a semicolon itself stands in quotation marks.
pub(crate) fn joined(texts: &[&str]) -> String {
    let quoted = texts.iter().map(|text| {
        if text.contains([BETWEEN.letter(), '"', '\r', '\n']) {
            Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
        } else {
            Cow::Borrowed(*text)
        }
    });
    let quoted: Vec<_> = quoted.collect();
    quoted.join(";")
}

/// The texts of a cell, without empty ones.
pub(crate) fn parted(cell: &str) -> Result<Vec<Cow<'_, str>>, BadRow> {
    let mut texts = Vec::new();
    for row in Records::new(cell, 1, BETWEEN) {
        texts.extend(row.cells?);
    }
    texts.retain(|text| !text.is_empty());
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were() {
        for texts in [
            &[][..],
            &["0501234567"],
            &["+966 50 123 4567", "011;22", "5\" \"x\"", "a\nb"],
        ] {
            assert_eq!(parted(&joined(texts)).unwrap(), texts);
        }
        assert_eq!(parted("1; 2\n3;;").unwrap(), ["1", "2", "3"]);
    }
}
