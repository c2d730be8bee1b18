//! Clients to a CSV file: all that there were at one moment, whatever others do meanwhile.

use super::ClientWithPhones;
use super::columns::{Column, WRITTEN};
use crate::app::App;
use crate::audit::{self, By};
use crate::error::{Error, Result, Thing};
use crate::progress::Progress;
use crate::sheet::{defused, joined};
use std::borrow::Cow;
use std::io::Write;
use tawzi_core::audit::AuditEvent;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::time::Timestamp;
use tawzi_store::{ClientFilter, Reader, RowCount, Viewer};

/// How many clients are read at a time.
const PAGE: i64 = 1_000;

/// Whether a file says at its beginning that it is UTF-8. Excel shows it as gibberish otherwise; most programs
/// pass the mark over, some do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrderMark {
    /// It does.
    Written,
    /// It does not.
    LeftOut,
}

/// A file of all clients that a company has at one moment, by their ids, which is made while it is read. No cell is run
/// as a formula by a spreadsheet; an import gives back what was meant.
#[derive(Debug)]
pub struct ClientsFile {
    snapshot: Reader,
    company: CompanyId,
    mark: ByteOrderMark,
    /// How many clients there are, or at least.
    count: i64,
    /// The last client that was written; none before the first part.
    last: Option<ClientId>,
}

/// A part of such a file.
#[derive(Debug)]
pub struct ClientsPart {
    /// Its lines.
    pub text: Vec<u8>,
    /// How many clients are in it.
    pub clients: usize,
}

impl ClientsFile {
    /// The clients as they are now, whatever others do until the file is read. That somebody has them stands in the
    /// security log before they do.
    pub async fn of(app: &App, by: By, company: CompanyId, mark: ByteOrderMark) -> Result<Self> {
        Self::read(app, by, app.db.snapshot().await?, company, mark).await
    }

    /// The clients that a snapshot has.
    pub(super) async fn read(
        app: &App,
        by: By,
        mut snapshot: Reader,
        company: CompanyId,
        mark: ByteOrderMark,
    ) -> Result<Self> {
        let now = app.now();
        snapshot.company(company).await?.ok_or(Thing::Company)?;
        let mut file = Self {
            snapshot,
            company,
            mark,
            count: 0,
            last: None,
        };
        file.count = file.count(now).await?;
        let event = AuditEvent::ClientsExported(file.count);
        audit::note(&app.db, by, Some(company), event, now).await?;
        Ok(file)
    }

    /// The next part; `None` behind the last one. The first one has the names of the columns.
    pub async fn next(&mut self) -> Result<Option<ClientsPart>> {
        let mut tenant = self.snapshot.tenant(self.company);
        let last = self.last.unwrap_or(ClientId::new(0));
        let clients = tenant.clients_behind(last, PAGE).await?;
        if clients.is_empty() && self.last.is_some() {
            return Ok(None);
        }
        let mut text = Vec::new();
        if self.last.is_none() && self.mark == ByteOrderMark::Written {
            text.extend_from_slice("\u{feff}".as_bytes());
        }
        let mut lines = csv::Writer::from_writer(text);
        if self.last.is_none() {
            let names = WRITTEN.map(Column::name);
            lines.write_record(names).map_err(|error| failed(&error))?;
        }
        self.last = Some(clients.last().map_or(last, |client| client.id));
        let clients = ClientWithPhones::of(&mut tenant, clients).await?;
        for client in &clients {
            let cells = WRITTEN.map(|column| cell(client, column));
            let cells = cells.iter().map(|cell| cell.as_bytes());
            lines.write_record(cells).map_err(|error| failed(&error))?;
        }
        Ok(Some(ClientsPart {
            text: lines.into_inner().map_err(|error| failed(&error))?,
            clients: clients.len(),
        }))
    }

    /// How many clients there are, or at least.
    async fn count(&mut self, now: Timestamp) -> Result<i64> {
        let mut tenant = self.snapshot.tenant(self.company);
        let everything = ClientFilter::default();
        let everything = tenant.select_clients(Viewer::Everything, everything, now);
        let everything = everything.await?;
        let count = tenant.count_clients(&everything).await?;
        let (RowCount::Exactly(rows) | RowCount::AtLeast(rows)) = count;
        Ok(rows)
    }
}

/// Writes all clients of a company to a file, and gives how many there are.
pub async fn export_clients(
    app: &App,
    by: By,
    company: CompanyId,
    mut target: impl Write,
    mark: ByteOrderMark,
    progress: &dyn Progress,
) -> Result<u64> {
    let mut file = ClientsFile::of(app, by, company, mark).await?;
    progress.begin("clients", file.count.unsigned_abs());
    let mut written = 0;
    while let Some(part) = file.next().await? {
        target
            .write_all(&part.text)
            .map_err(|error| failed(&error))?;
        let clients = u64::try_from(part.clients).unwrap_or(0);
        written += clients;
        progress.advance(clients);
    }
    target.flush().map_err(|error| failed(&error))?;
    Ok(written)
}

fn failed(error: &dyn std::error::Error) -> Error {
    Error::Internal(format!("the clients could not be written: {error}"))
}

/// What stands in a column of a client.
pub(super) fn cell(there: &ClientWithPhones, column: Column) -> Cow<'_, str> {
    let client = &there.client;
    let text = |text: Option<&'_ str>| defused(text.unwrap_or_default()).into_owned().into();
    let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string()).into();
    match column {
        Column::Id => client.id.to_string().into(),
        Column::Name => defused(&client.name),
        Column::PhoneNumber => number(there.numbers().0.unwrap_or_default()),
        Column::Priority => defused(&client.priority),
        Column::Type => defused(&client.client_type),
        Column::Status => text(client.status_name.as_deref()),
        Column::CommunicationWay => text(client.channel_name.as_deref()),
        Column::Budget => {
            let budget = client.budget_hundredths;
            budget
                .map_or_else(String::new, |budget| budget.to_string())
                .into()
        }
        Column::AssignedTo => text(client.assigned_to_username.as_deref()),
        Column::CreatedAt => time(Some(client.created_at)),
        Column::AssignedAt => time(client.assigned_at),
        Column::LastContactedAt => time(client.last_contacted_at),
        Column::OtherPhoneNumbers => number(&joined(&there.numbers().1)).into_owned().into(),
        Column::Line | Column::Problem => Cow::Borrowed(""),
    }
}

/// Phone numbers keep their `+`, which no spreadsheet runs while nothing but digits follows.
fn number(text: &str) -> Cow<'_, str> {
    let is_plain = |number: &str| {
        let digits = number.strip_prefix('+').unwrap_or(number);
        digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    if text.split(';').all(is_plain) {
        Cow::Borrowed(text)
    } else {
        defused(text)
    }
}
