//! Why a source cannot be read, found out before the driver is asked or from what it says.

use crate::db::engine::EngineKind;
use crate::db::url::DatabaseUrl;
use std::io::Read;
use std::path::Path;

/// Why a source cannot be read. Each is a sentence for the person who named it.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is no such file, or it cannot be read.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no database.
    #[error("{0} is not an SQLite database")]
    NotADatabase(String),
    /// Somebody is writing to it.
    #[error("{0} is locked by another program; stop the CRM, or import a copy of the file")]
    Locked(String),
    /// Parts of the file are missing or overwritten.
    #[error("{0} is damaged or cut off; import an intact copy")]
    Damaged(String),
    /// It is a database of something else.
    #[error("{url} is not a database of the CRM: {problem}")]
    NotTheCrm {
        /// The source, without its password.
        url: String,
        /// What is missing.
        problem: String,
    },
    /// Some people have the same user name or e-mail address but for upper and lower case.
    #[error(
        "{0}; people are found in upper and lower case alike here. Change one of each in the CRM, then import again"
    )]
    SharedLogins(String),
    /// A row makes no sense.
    #[error("{table} {id}: {problem}; mend this row in the CRM, then import again")]
    Row {
        /// The reference's table.
        table: &'static str,
        /// The row's id.
        id: i64,
        /// What is wrong with it.
        problem: String,
    },
    /// Anything else that the driver says.
    #[error("{url} cannot be read")]
    Read {
        /// The source, without its password.
        url: String,
        /// What the driver says.
        #[source]
        source: sqlx::Error,
    },
}

/// What the system says about the file, before the driver is asked.
pub(super) fn check_file(path: &Path) -> Result<(), SourceError> {
    let unreadable = |source| SourceError::File {
        path: path.display().to_string(),
        source,
    };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(SourceError::NotADatabase(path.display().to_string()));
    }
    let mut header = Vec::with_capacity(100);
    file.take(100)
        .read_to_end(&mut header)
        .map_err(unreadable)?;
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(SourceError::NotADatabase(path.display().to_string()));
    }
    if metadata.len() < promised_length(&header) {
        return Err(SourceError::Damaged(path.display().to_string()));
    }
    Ok(())
}

/// How long the file is by its own account (<https://www.sqlite.org/fileformat2.html#the_database_header>).
/// `SQLite` itself does not notice when only a part of the last page is missing.
fn promised_length(header: &[u8]) -> u64 {
    let number = |at: usize| {
        let bytes = header.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    let (Some(pages), Some(changes), Some(counted_at)) = (number(28), number(24), number(92))
    else {
        return 100;
    };
    // The count is right only when it was written together with the last change.
    if changes != counted_at {
        return 0;
    }
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    u64::from(pages) * page
}

/// The sentence about what the driver says.
pub(super) fn explain(url: &DatabaseUrl, error: sqlx::Error) -> SourceError {
    let name = url.to_string();
    let code = error
        .as_database_error()
        .and_then(|e| e.code().map(std::borrow::Cow::into_owned));
    match (url.engine(), code.as_deref()) {
        (EngineKind::Sqlite, Some("5" | "6" | "261" | "517")) => SourceError::Locked(name),
        (EngineKind::Sqlite, Some("11" | "267" | "779")) => SourceError::Damaged(name),
        (EngineKind::Sqlite, Some("26")) => SourceError::NotADatabase(name),
        // SQLite's plain error, PostgreSQL's undefined table and column: the statement does not fit.
        (EngineKind::Sqlite, Some("1")) | (EngineKind::Postgres, Some("42P01" | "42703")) => {
            SourceError::NotTheCrm {
                url: name,
                problem: error
                    .as_database_error()
                    .map_or_else(String::new, |e| e.message().to_owned()),
            }
        }
        _ => SourceError::Read {
            url: name,
            source: error,
        },
    }
}
