//! Bytes to text, in the encodings that spreadsheets write.

use super::SheetError;
use super::records::count_line_ends;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1256};

/// The text, without its byte order mark, and the name of its encoding.
///
/// What is no UTF-8 is Windows-1256, in which Excel writes Arabic, unless it begins with the mark of UTF-8, or most of its
/// letters are good UTF-8: then it is damaged. `Err` names the first line that is.
pub(super) fn decode(bytes: Vec<u8>) -> Result<(String, &'static str), SheetError> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes)
        && encoding != encoding_rs::UTF_8
    {
        return wide(&bytes[mark..], encoding);
    }
    if let Some(encoding) = unmarked_wide(&bytes) {
        return wide(&bytes, encoding);
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text = match text.strip_prefix('\u{feff}') {
                Some(unmarked) => unmarked.to_owned(),
                None => text,
            };
            Ok((text, "UTF-8"))
        }
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            if bytes.starts_with("\u{feff}".as_bytes()) || is_damaged(&bytes) {
                let before = String::from_utf8_lossy(&bytes[..good]);
                let line = count_line_ends(&before) + 1;
                let encoding = "UTF-8";
                return Err(SheetError::Damaged { line, encoding });
            }
            let (text, _) = WINDOWS_1256.decode_without_bom_handling(&bytes);
            Ok((text.into_owned(), "Windows-1256"))
        }
    }
}

/// UTF-16 without a mark: where half of the bytes of its separators and Latin letters are null.
fn unmarked_wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..4_096).unwrap_or(bytes);
    let nulls = |parity: usize| {
        let half = head.iter().skip(parity).step_by(2);
        half.filter(|byte| **byte == 0).count()
    };
    let (first, second) = (nulls(0), nulls(1));
    let (most, least) = (first.max(second), first.min(second));
    // A text with a null character here or there is no such text.
    if most < 4 || most * 20 < head.len() || least * 4 > most {
        return None;
    }
    Some(if first > second { UTF_16BE } else { UTF_16LE })
}

fn wide(bytes: &[u8], encoding: &'static Encoding) -> Result<(String, &'static str), SheetError> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let encoding = if encoding == UTF_16LE {
        "UTF-16"
    } else {
        "UTF-16 (big endian)"
    };
    if damaged {
        let before = text.split('\u{fffd}').next().unwrap_or_default();
        let line = count_line_ends(before) + 1;
        return Err(SheetError::Damaged { line, encoding });
    }
    Ok((text.into_owned(), encoding))
}

/// Whether more letters beyond ASCII are good UTF-8 than are not.
fn is_damaged(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk
            .valid()
            .chars()
            .filter(|letter| !letter.is_ascii())
            .count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}
