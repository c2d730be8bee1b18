//! What a file is, by how it begins.

use super::SheetError;

/// What can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// A workbook of Excel since 2007, as other programs write it, too.
    Workbook,
}

const AS_WORKBOOK: &str =
    "open it, save it as an Excel workbook (.xlsx) or as CSV (UTF-8), and import that";
const AS_CSV: &str = "save the table as CSV (UTF-8) and import that";
const WITHOUT_PASSWORD: &str = "take its password away, save it again, and import that";

/// How files begin that are no tables of ours, what they are, and what to do.
const OTHERS: [(&[u8], &str, &str); 17] = [
    (b"\x09\x00\x04\x00", "a workbook of Excel 2", AS_WORKBOOK),
    (b"\x09\x02\x06\x00", "a workbook of Excel 3", AS_WORKBOOK),
    (b"\x09\x04\x06\x00", "a workbook of Excel 4", AS_WORKBOOK),
    (b"\x09\x08", "a workbook of Excel 5", AS_WORKBOOK),
    (b"%PDF", "a PDF document", AS_CSV),
    (b"{\\rtf", "a text document (RTF)", AS_CSV),
    (b"\x1f\x8b", "a compressed file (gzip)", "unpack it first"),
    (b"Rar!", "an archive (RAR)", "unpack it first"),
    (b"7z\xbc\xaf", "an archive (7z)", "unpack it first"),
    (b"\x89PNG", "a picture", AS_CSV),
    (b"\xff\xd8\xff", "a picture", AS_CSV),
    (b"SQLite format 3", "a database (SQLite)", AS_CSV),
    (b"\xff\xfe\0\0", "UTF-32 text", "save the file as UTF-8"),
    (b"\0\0\xfe\xff", "UTF-32 text", "save the file as UTF-8"),
    (b"<?xml", "an XML document", AS_WORKBOOK),
    (b"<html", "a web page", AS_WORKBOOK),
    (b"<table", "a web page", AS_WORKBOOK),
];

impl Kind {
    /// What the bytes are; `Err` says what else they are, and what to do.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, SheetError> {
        if bytes.starts_with(b"PK\x03\x04") {
            return of_archive(bytes);
        }
        if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return Err(of_compound(bytes));
        }
        let begin = bytes.trim_ascii_start();
        let head = begin.get(..16).unwrap_or(begin).to_ascii_lowercase();
        let is_other = |magic: &[u8]| bytes.starts_with(magic) || head.starts_with(magic);
        match OTHERS.iter().find(|(magic, ..)| is_other(magic)) {
            Some((_, what, advice)) => Err(SheetError::OtherKind { what, advice }),
            None if head.starts_with(b"<!doctype") => Err(SheetError::OtherKind {
                what: "a web page",
                advice: AS_WORKBOOK,
            }),
            None => Ok(Self::Text),
        }
    }
}

/// A zip archive is what is in it; the names stand in it as they are.
fn of_archive(bytes: &[u8]) -> Result<Kind, SheetError> {
    let (what, advice) = if contains(bytes, b"xl/workbook.bin") {
        ("a binary Excel workbook (.xlsb)", AS_WORKBOOK)
    } else if contains(bytes, b"xl/") {
        return Ok(Kind::Workbook);
    } else if contains(bytes, b"opendocument.spreadsheet") {
        ("an OpenDocument workbook (.ods)", AS_WORKBOOK)
    } else if contains(bytes, b"Index/Document.iwa") || contains(bytes, b"Index.zip") {
        ("a workbook of Numbers", AS_WORKBOOK)
    } else if contains(bytes, b"word/") || contains(bytes, b"opendocument.text") {
        ("a text document", AS_CSV)
    } else {
        ("an archive (zip)", "unpack it first")
    };
    Err(SheetError::OtherKind { what, advice })
}

/// A file in which old versions of Office keep everything, and new ones what has a password.
fn of_compound(bytes: &[u8]) -> SheetError {
    // Names in it are UTF-16.
    let wide = |name: &str| -> Vec<u8> { name.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let has = |name: &str| contains(bytes, &wide(name));
    let (what, advice) = if has("EncryptedPackage") {
        ("an Excel workbook with a password", WITHOUT_PASSWORD)
    } else if has("Workbook") || has("Book") {
        ("a workbook of Excel 97 to 2003 (.xls)", AS_WORKBOOK)
    } else {
        ("a document of an old version of Office", AS_WORKBOOK)
    };
    SheetError::OtherKind { what, advice }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
