//! Files of clients that people send to a server, or ask for: of their own company, so large and so many at a time that
//! the others hardly notice.

use super::export::{ByteOrderMark, ClientsFile};
use super::import::{CsvError, CsvReport, Import, ImportMode, Importer, KnownClients, import_as};
use crate::access::actor::Actor;
use crate::app::App;
use crate::error::{Error, Result};
use crate::progress::NoProgress;
use crate::room::Place;
use crate::sheet::Limits;
use crate::uploads::FileUpload;
use std::time::Duration;
use tawzi_core::id::CompanyId;

/// The largest file that is sent to a server, in bytes.
pub const MAX_CLIENTS_FILE_BYTES: usize = 20 * 1024 * 1024;

/// The most that a workbook among them may unpack to.
const MAX_UNPACKED_BYTES: u64 = 64 << 20;

/// How many lines are imported in steps, which takes a few seconds of the half minute that a request has.
const MOST_LINES: usize = 10_000;

/// How many lines may change clients, one by one.
const MOST_CHANGES: usize = 2_000;

/// How many are imported at once: as many as one step has, for which others wait in any case.
const MOST_AT_ONCE: usize = 1_000;

/// How long an export may take, however slowly it is read: meanwhile the database keeps what it is of.
const LONGEST_EXPORT: Duration = Duration::from_mins(10);

/// A file of the clients of whoever has asked for it. Its part of the database is free again when it is dropped.
#[derive(Debug)]
pub struct OwnClientsFile {
    file: ClientsFile,
    end: tokio::time::Instant,
    _place: Place<CompanyId>,
}

/// Lets a file of clients come in. `Err` at once when too many are on their way, of that company or at all.
pub fn begin_clients_file(app: &App, actor: &Actor) -> Result<FileUpload> {
    let company = actor.require_full_sight()?;
    Ok(app.uploads.begin_file(company)?)
}

/// Imports clients into the company of which somebody sees everything. What was broken off goes on when the same file is
/// imported again.
pub async fn import_own_clients(
    app: &App,
    actor: &Actor,
    file: &[u8],
    import: Import<'_>,
) -> Result<CsvReport, CsvError> {
    let company = actor.require_full_sight()?;
    let limits = Limits {
        lines: match (import.mode, import.known) {
            (ImportMode::AllOrNothing, _) => MOST_AT_ONCE,
            (_, KnownClients::Change) => MOST_CHANGES,
            (_, KnownClients::Stay) => MOST_LINES,
        },
        unpacked: MAX_UNPACKED_BYTES,
    };
    let importer = Importer {
        company,
        by: actor.by(),
        limits,
    };
    import_as(app, importer, file, import, &NoProgress).await
}

/// The clients of the company of which somebody sees everything, as they are now.
pub async fn export_own_clients(
    app: &App,
    actor: &Actor,
    mark: ByteOrderMark,
) -> Result<OwnClientsFile> {
    let company = actor.require_full_sight()?;
    let place = app.exports.begin(company)?;
    let snapshot = app.db.list_snapshot(company, LONGEST_EXPORT).await?;
    Ok(OwnClientsFile {
        file: ClientsFile::read(app, actor.by(), snapshot, company, mark).await?,
        end: tokio::time::Instant::now() + LONGEST_EXPORT,
        _place: place,
    })
}

impl OwnClientsFile {
    /// The next part of the file; `None` behind the last one.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        Ok(self.file.next().await?.map(|part| part.text))
    }

    /// Waits for whoever reads the file until its time is up, which is an `Err`.
    pub async fn wait<T>(&mut self, reading: impl Future<Output = T>) -> Result<T> {
        let in_time = tokio::time::timeout_at(self.end, reading).await;
        in_time.map_err(|_| Error::TookTooLong)
    }
}
