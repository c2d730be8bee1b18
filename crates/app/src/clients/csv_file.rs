//! Clients from and to CSV files.

mod lines;

use crate::clients::PageRequest;
use crate::clients::create::{Outcome, write_in};
use crate::error::{Error, Result};
use crate::progress::Progress;
use lines::{Lines, Vocabulary, parse, refused};
use std::collections::HashMap;
use std::io::{Read, Write};
use tawzi_core::id::CompanyId;
use tawzi_core::time::Timestamp;
use tawzi_store::{ClientFilter, ClientOrder, Db, RowCount, SortKey, Viewer};

/// How many lines one statement writes at most.
const CHUNK: usize = 1_000;

/// The columns that are read, in the order in which they are written.
const COLUMNS: [&str; 8] = [
    "name",
    "phone_number",
    "priority",
    "type",
    "status",
    "communication_way",
    "budget",
    "assigned_to",
];

/// Columns that are written, and passed over when they are read.
const WRITTEN_ONLY: [&str; 5] = [
    "id",
    "created_at",
    "assigned_at",
    "last_contacted_at",
    "other_phone_numbers",
];

/// Why a file was not imported. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// The file is no CSV file, or its columns are not those of clients.
    #[error("{0}")]
    File(String),
    /// Some lines are wrong.
    #[error("{}", .0.join("\n"))]
    Lines(Vec<String>),
    /// The database failed, or there is no such company.
    #[error(transparent)]
    App(#[from] Error),
}

impl From<tawzi_store::Error> for CsvError {
    fn from(error: tawzi_store::Error) -> Self {
        Self::App(error.into())
    }
}

/// What was imported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CsvReport {
    /// Clients that were created.
    pub created: usize,
    /// Of those, clients that went to somebody.
    pub assigned: usize,
    /// Lines whose client was imported before, or stands twice in the file.
    pub repeated: usize,
}

/// Imports clients: each line becomes one, by the same rule as any client that arrives. All or
/// nothing; a file that is imported again creates nothing twice. With `dry_run` nothing is written.
pub async fn import_clients(
    db: &Db,
    company: CompanyId,
    file: impl Read,
    dry_run: bool,
    now: Timestamp,
    progress: &dyn Progress,
) -> std::result::Result<CsvReport, CsvError> {
    let mut tx = db.begin().await?;
    tx.lock_company(company)
        .await?
        .ok_or(Error::NotFound("Company"))?;
    let vocabulary = Vocabulary::read(&mut tx, company).await?;
    let Lines { requests, numbers } = parse(file, company, &vocabulary)?;
    progress.begin("clients", u64::try_from(requests.len()).unwrap_or(0));
    let mut report = CsvReport::default();
    let mut numbers = numbers.into_iter();
    let mut wrong = Vec::new();
    for chunk in requests.chunks(CHUNK) {
        for (outcome, line) in write_in(&mut tx, chunk, now)
            .await?
            .into_iter()
            .zip(&mut numbers)
        {
            match outcome {
                Outcome::Created(created) => {
                    report.created += 1;
                    report.assigned += usize::from(created.client.assigned_to.is_some());
                }
                Outcome::Repeated(..) => report.repeated += 1,
                Outcome::Refused(error @ Error::PhoneTaken { .. }) => {
                    wrong.push(format!("line {line}: {error}"));
                }
                Outcome::Refused(error) => return Err(error.into()),
            }
        }
        progress.advance(u64::try_from(chunk.len()).unwrap_or(0));
    }
    if !wrong.is_empty() {
        return Err(refused(wrong));
    }
    if !dry_run {
        tx.commit().await?;
    }
    Ok(report)
}

/// Writes all clients of a company, the oldest first.
pub async fn export_clients(
    db: &Db,
    company: CompanyId,
    target: impl Write,
    progress: &dyn Progress,
) -> Result<u64> {
    let failed =
        |error: csv::Error| Error::Refused(format!("the clients could not be written: {error}"));
    let mut reader = db.read().await?;
    reader
        .company(company)
        .await?
        .ok_or(Error::NotFound("Company"))?;
    let mut tenant = reader.tenant(company);
    let filter = ClientFilter::seen_by(Viewer::Everything);
    let order = [ClientOrder {
        key: SortKey::CreatedAt,
        descending: false,
    }];
    let selection = tenant.select_clients(filter).await?;
    let rows = match tenant.count_clients(&selection).await? {
        RowCount::Exactly(rows) | RowCount::AtLeast(rows) => rows,
    };
    progress.begin("clients", rows.unsigned_abs());
    let mut target = csv::Writer::from_writer(target);
    let header = ["id"]
        .into_iter()
        .chain(COLUMNS)
        .chain(WRITTEN_ONLY.into_iter().skip(1));
    target.write_record(header).map_err(failed)?;
    let mut written = 0;
    for number in 1.. {
        let page = PageRequest {
            number,
            size: 1_000,
        };
        let clients = tenant
            .clients(&selection, &order, page.offset(), page.size)
            .await?;
        if clients.is_empty() {
            break;
        }
        let ids: Vec<_> = clients.iter().map(|client| client.id).collect();
        let mut phones: HashMap<_, Vec<String>> = HashMap::new();
        for phone in tenant.phones_of(&ids).await? {
            phones
                .entry(phone.client_id)
                .or_default()
                .push(phone.phone_number);
        }
        for client in &clients {
            let mut numbers = phones.remove(&client.id).unwrap_or_default();
            let first = client
                .phone_number
                .clone()
                .or_else(|| numbers.first().cloned());
            numbers.retain(|number| Some(number) != first.as_ref());
            let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
            let fields = [
                client.id.to_string(),
                client.name.clone(),
                first.unwrap_or_default(),
                client.priority.clone(),
                client.client_type.clone(),
                client.status_name.clone().unwrap_or_default(),
                client.channel_name.clone().unwrap_or_default(),
                client
                    .budget_hundredths
                    .map_or_else(String::new, |b| b.to_string()),
                client.assigned_to_username.clone().unwrap_or_default(),
                client.created_at.to_string(),
                time(client.assigned_at),
                time(client.last_contacted_at),
                numbers.join(" "),
            ];
            target.write_record(&fields).map_err(failed)?;
        }
        written += u64::try_from(clients.len()).unwrap_or(0);
        progress.advance(u64::try_from(clients.len()).unwrap_or(0));
    }
    target.flush().map_err(|error| failed(error.into()))?;
    Ok(written)
}
