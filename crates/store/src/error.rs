//! What can go wrong with the database.

use std::sync::Arc;

/// The result of a store function; `()` where a statement answers nothing.
pub type Result<T = ()> = std::result::Result<T, Error>;

/// Why a store function could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address names no database that can be opened.
    #[error("{url}: {problem}")]
    BadUrl {
        /// The address, without its password.
        url: String,
        /// What is wrong with it, and what to write instead.
        problem: String,
    },
    /// The database cannot be opened.
    #[error("cannot open the database {url}")]
    Open {
        /// The address, without its password.
        url: String,
        /// What the driver says.
        #[source]
        source: sqlx::Error,
    },
    /// Another process has had the database for itself for too long.
    #[error("the database is locked by another process; try again when that has finished")]
    Busy(#[source] Arc<sqlx::Error>),
    /// The server cannot be reached, or has ended the connection, as it does when it stops.
    #[error("the database cannot be reached; try again when its server runs")]
    Lost(#[source] Arc<sqlx::Error>),
    /// A statement was broken off that took too long.
    #[error("the database took too long to answer")]
    TookTooLong(#[source] sqlx::Error),
    /// A row refers to something that is not there (any more), or repeats what must be unique.
    #[error("a row conflicts with others")]
    Conflict(#[source] sqlx::Error),
    /// The schema is older or newer than this program.
    #[error("{0}")]
    Schema(String),
    /// The schema could not be brought up to date.
    #[error("the schema could not be brought up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A stored row makes no sense; the driver's message names the column and the value.
    #[error("a stored row makes no sense")]
    Corrupt(#[source] sqlx::Error),
    /// Rows could not be written as JSON for the statement.
    #[error("rows could not be encoded")]
    Encode(#[from] serde_json::Error),
    /// A file could not be read or written.
    #[error("{what}")]
    File {
        /// What was tried.
        what: String,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// Anything else that the driver says.
    #[error("the database could not do it")]
    Database(#[source] sqlx::Error),
}

impl Error {
    /// The error for somebody else in the same batch, when it says nothing about what was asked: the
    /// database is busy or cannot be reached. What was asked may have been done all the same.
    pub fn for_others(&self) -> Option<Self> {
        match self {
            Self::Busy(error) => Some(Self::Busy(Arc::clone(error))),
            Self::Lost(error) => Some(Self::Lost(Arc::clone(error))),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::ColumnDecode { .. }) {
            return Self::Corrupt(error);
        }
        if let sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed = error {
            return Self::Lost(Arc::new(error));
        }
        let Some(database) = error.as_database_error() else {
            return Self::Database(error);
        };
        let code = database.code().unwrap_or_default();
        // SQLITE_BUSY with its variants, SQLITE_LOCKED; PostgreSQL's lock_not_available.
        let busy = matches!(&*code, "5" | "261" | "517" | "773" | "6" | "55P03");
        // PostgreSQL's classes of connections that broke, and of a server that stops or starts.
        let lost = code.starts_with("08") || matches!(&*code, "57P01" | "57P02" | "57P03");
        // SQLITE_INTERRUPT; PostgreSQL's query_canceled.
        let took_too_long = matches!(&*code, "9" | "57014");
        if took_too_long {
            Self::TookTooLong(error)
        } else if busy {
            Self::Busy(Arc::new(error))
        } else if lost {
            Self::Lost(Arc::new(error))
        } else if database.is_foreign_key_violation() || database.is_unique_violation() {
            Self::Conflict(error)
        } else {
            Self::Database(error)
        }
    }
}
