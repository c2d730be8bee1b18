//! Taking over the reference CRM's database.

use crate::app::App;
use crate::audit::{self, By};
use crate::error::Result;
use crate::hex::hex;
use crate::progress::Progress;
use sha2::{Digest, Sha256};
use tawzi_core::audit::AuditEvent;
use tawzi_core::id::CompanyId;
use tawzi_core::time::Timestamp;
use tawzi_store::{DjangoSource, ImportError, SourceError, SourceTable, Tx};

/// How many rows are read and written at a time.
const PAGE: i64 = 5_000;

/// Why a database was not taken over. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum DjangoError {
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// There is already something else in the target.
    #[error(
        "this database already holds {companies} companies and {users} users, and not from this \
         source; import into a new database (name one with --database)"
    )]
    NotEmpty {
        /// How many companies it holds.
        companies: i64,
        /// How many users it holds.
        users: i64,
    },
    /// The database does not take a row of the source: it repeats another one, refers to one that is missing, or is
    /// too long.
    #[error(
        "{table} {id}: this row repeats another one, refers to one that is missing, or is more than the database \
         holds; nothing was imported. Mend it in the CRM, then import again"
    )]
    RefusedRow {
        /// The reference's table.
        table: &'static str,
        /// The row's id.
        id: i64,
        /// What the database says.
        #[source]
        source: tawzi_store::Error,
    },
    /// A company belongs to somebody who is not there.
    #[error(
        "companies {0}: its owner is missing; nothing was imported. Name another owner in the CRM, then import again"
    )]
    MissingOwner(CompanyId),
    /// The target failed.
    #[error(transparent)]
    App(#[from] crate::Error),
}

impl From<ImportError> for DjangoError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Row { table, id, source } => Self::RefusedRow { table, id, source },
            ImportError::Store(error) => error.into(),
        }
    }
}

impl From<tawzi_store::Error> for DjangoError {
    fn from(error: tawzi_store::Error) -> Self {
        Self::App(error.into())
    }
}

/// What was taken over.
#[derive(Clone, Debug)]
pub struct DjangoReport {
    /// When the same source was taken over before; then nothing was changed now.
    pub already: Option<Timestamp>,
    /// The reference's tables, in the order in which they were read; none when nothing was.
    pub tables: Vec<TableReport>,
}

/// What was taken over from a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableReport {
    /// Its name.
    pub name: &'static str,
    /// How many rows were taken over.
    pub rows: i64,
    /// How many were left out: they belong to a client that is not there.
    pub left_out: i64,
}

/// Takes over everything that Tawzi keeps, with its ids, in one transaction.
pub async fn import_django(
    app: &App,
    source: &mut DjangoSource,
    progress: &dyn Progress,
) -> Result<DjangoReport, DjangoError> {
    let now = app.now();
    let contents = source.contents().await?;
    let fingerprint = hex(&Sha256::digest(source.identity(&contents).await?));

    let mut tx = app.db.begin().await?;
    if let Some(at) = tx.imported_at(&fingerprint).await? {
        return Ok(DjangoReport {
            already: Some(at),
            tables: Vec::new(),
        });
    }
    let (companies, users) = (tx.count_companies().await?, tx.count_users().await?);
    if companies > 0 || users > 0 {
        return Err(DjangoError::NotEmpty { companies, users });
    }
    let indexes = tx.set_indexes_aside().await?;
    let mut tables = Vec::new();
    for (table, rows, _) in contents {
        progress.begin(table.name, rows.unsigned_abs());
        let taken_over = take_over(&mut tx, source, table, progress).await?;
        if table.adds_rows() {
            tables.push(TableReport {
                name: table.name,
                rows: taken_over,
                left_out: rows - taken_over,
            });
        }
    }
    if let Some(company) = tx.company_of_missing_owner().await? {
        return Err(DjangoError::MissingOwner(company));
    }
    progress.begin("indexes", 1);
    tx.restore_indexes(indexes).await?;
    progress.advance(1);
    let companies = tx.companies().await?;
    for company in &companies {
        tx.tenant_tx(company.id).recount_loads().await?;
    }
    tx.note_import(&fingerprint, now).await?;
    tx.analyze().await?;
    let taken_over = i64::try_from(companies.len()).unwrap_or(i64::MAX);
    let event = AuditEvent::DatabaseImported(taken_over);
    audit::commit(tx, By::OPERATOR, None, [event], now).await?;
    Ok(DjangoReport {
        already: None,
        tables,
    })
}

/// Takes over a table, and counts its rows.
async fn take_over(
    tx: &mut Tx,
    source: &mut DjangoSource,
    table: &'static SourceTable,
    progress: &dyn Progress,
) -> Result<i64, DjangoError> {
    let mut taken_over = 0;
    let mut page = source.page(table, 0, PAGE).await?;
    while let Some(rows) = page {
        // The next page is read while this one is written.
        let next = source.page(table, rows.last_id, PAGE);
        let (next, written) = tokio::join!(next, tx.import_rows(&rows));
        written?;
        progress.advance(rows.count().unsigned_abs());
        taken_over += rows.count();
        page = next?;
    }
    Ok(taken_over)
}
