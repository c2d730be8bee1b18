//! Tables as people have them: the bytes of a text with separators, or of a workbook, become rows with the numbers of
//! their lines. What a file is says the file, never its name.

mod encoding;
mod formula;
mod joined;
mod kind;
mod records;
mod separator;
mod workbook;

pub(crate) use formula::{defused, undefused};
pub(crate) use joined::{joined, parted};
pub use separator::{BadSeparator, Separator};

use kind::Kind;
use records::Records;
pub(crate) use records::Row;
use std::io::Read;
use workbook::BookRow;

/// The largest file that is read at all, in bytes. A million clients have some 100 MB.
const LARGEST_FILE: u64 = 1 << 30;

/// What somebody says about a file that does not say it itself, or says it wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// What stands between two cells.
    pub separator: Option<Separator>,
    /// Which sheet of a workbook; otherwise the first one that is not hidden.
    pub sheet: Option<String>,
}

/// How large a table may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// How many rows it has below the first.
    pub(crate) lines: usize,
    /// How many bytes a workbook unpacks to, and its rows as text have.
    pub(crate) unpacked: u64,
}

impl Limits {
    /// What fits into a memory. A million rows of clients have some 300 MB.
    pub(crate) const NONE: Self = Self {
        lines: usize::MAX,
        unpacked: 512 << 20,
    };
}

/// Why a file is no table. Each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// It cannot be read at all.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It is too large.
    #[error("the file has more than {} MiB; split it", LARGEST_FILE >> 20)]
    TooLarge,
    /// It is of another kind.
    #[error("this is {what}; {advice}")]
    OtherKind {
        /// What it is.
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// Its text is damaged.
    #[error("line {line} is not {encoding} text; save the file as UTF-8")]
    Damaged {
        /// The first line that is.
        line: u64,
        /// What it would be otherwise.
        encoding: &'static str,
    },
    /// The workbook cannot be understood.
    #[error("the workbook cannot be read: {0}; save it as CSV (UTF-8)")]
    Workbook(String),
    /// A workbook would fill the memory.
    #[error("the workbook unpacks to more than {} MiB; save it as CSV (UTF-8)", .most >> 20)]
    WorkbookTooLarge {
        /// How many bytes it may unpack to.
        most: u64,
    },
    /// It has too many rows.
    #[error("the file has more than {most} lines; split it")]
    TooManyLines {
        /// How many it may have below the first.
        most: usize,
    },
    /// Something is wrong with it that nobody has thought of.
    #[error("the file cannot be understood; save it as CSV (UTF-8)")]
    NotUnderstood,
    /// It has no sheet of that name.
    #[error("the workbook has no sheet {wanted:?}; it has {}", .there.join(", "))]
    NoSuchSheet {
        /// What was asked for.
        wanted: String,
        /// Its sheets.
        there: Vec<String>,
    },
}

/// A table that was understood as text with separators; its rows are taken apart while they are asked for, so that a
/// large file is in memory once.
#[derive(Debug)]
pub(crate) struct Sheet {
    text: String,
    separator: Separator,
    /// Where the first row begins, and the number of that line.
    begin: (usize, u64),
    /// The rows of a workbook.
    book: Option<Vec<BookRow>>,
    recognised: String,
}

impl Sheet {
    /// Understands the bytes of a file.
    pub(crate) fn read(
        bytes: Vec<u8>,
        layout: &Layout,
        limits: Limits,
    ) -> Result<Self, SheetError> {
        let sheet = match Kind::of(&bytes)? {
            Kind::Workbook => Self::of_workbook(&bytes, layout.sheet.as_deref(), limits.unpacked)?,
            Kind::Text => Self::of_text(bytes, layout.separator)?,
        };
        let most = limits.lines;
        let is_too_long = sheet.rows().skip(1).nth(most).is_some();
        if is_too_long {
            return Err(SheetError::TooManyLines { most });
        }
        Ok(sheet)
    }

    fn of_workbook(bytes: &[u8], sheet: Option<&str>, most: u64) -> Result<Self, SheetError> {
        let unpacked = workbook::unpack(bytes, sheet, most)?;
        Ok(Self {
            text: unpacked.text,
            separator: Separator::COMMA,
            begin: (0, 1),
            book: Some(unpacked.rows),
            recognised: format!(
                "a workbook, of which the sheet {:?} is read",
                unpacked.sheet
            ),
        })
    }

    fn of_text(bytes: Vec<u8>, said: Option<Separator>) -> Result<Self, SheetError> {
        let (text, encoding) = encoding::decode(bytes)?;
        let (named, begin) = separator::named_in_first_line(&text);
        let separator = said.or(named);
        let separator = separator.unwrap_or_else(|| separator::guess(&text[begin.0..]));
        Ok(Self {
            recognised: format!("{encoding} text, separated by {separator}"),
            text,
            separator,
            begin,
            book: None,
        })
    }

    /// What it was taken for, such as "UTF-8 text, separated by commas".
    pub(crate) fn recognised(&self) -> &str {
        &self.recognised
    }

    /// How many lines it has.
    pub(crate) fn count_lines(&self) -> u64 {
        records::count_line_ends(&self.text) + 1
    }

    /// Its rows, but for those in which nothing stands.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let (begin, line) = self.begin;
        let of_text = Records::new(&self.text[begin..], line, self.separator);
        let of_text = self.book.is_none().then_some(of_text);
        let mut begin = 0;
        let of_book = self.book.iter().flatten().filter_map(move |row| {
            let text = &self.text[begin..row.end];
            begin = row.end;
            Row::alone(text, row.number, self.separator)
        });
        let rows = of_text.into_iter().flatten().chain(of_book);
        rows.filter(|row| !row.is_empty())
    }
}

/// All bytes of a file.
pub(crate) fn read_file(file: impl Read) -> Result<Vec<u8>, SheetError> {
    let mut bytes = Vec::new();
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST_FILE) {
        Ok(bytes)
    } else {
        Err(SheetError::TooLarge)
    }
}
