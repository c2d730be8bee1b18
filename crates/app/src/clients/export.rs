//! Clients to a CSV file.

use super::ClientWithPhones;
use super::columns::{COLUMNS, WRITTEN_ONLY};
use crate::app::App;
use crate::error::{Error, Result, Thing};
use crate::progress::Progress;
use std::io::Write;
use tawzi_core::id::CompanyId;
use tawzi_core::time::Timestamp;
use tawzi_store::{ClientFilter, ClientOrder, RowCount, SortKey, Viewer};

/// How many clients are read at a time.
const PAGE: i64 = 1_000;

/// Writes all clients of a company, the oldest first.
pub async fn export_clients(
    app: &App,
    company: CompanyId,
    target: impl Write,
    progress: &dyn Progress,
) -> Result<u64> {
    let failed =
        |error: csv::Error| Error::Internal(format!("the clients could not be written: {error}"));
    let mut reader = app.db.read().await?;
    reader.company(company).await?.ok_or(Thing::Company)?;
    let mut tenant = reader.tenant(company);
    let order = [ClientOrder {
        key: SortKey::CreatedAt,
        descending: false,
    }];
    let selection = tenant
        .select_clients(Viewer::Everything, ClientFilter::default(), app.now())
        .await?;
    let count = tenant.count_clients(&selection).await?;
    let (RowCount::Exactly(rows) | RowCount::AtLeast(rows)) = count;
    progress.begin("clients", rows.unsigned_abs());
    let mut target = csv::Writer::from_writer(target);
    let header = ["id"]
        .into_iter()
        .chain(COLUMNS)
        .chain(WRITTEN_ONLY.into_iter().skip(1));
    target.write_record(header).map_err(failed)?;
    let mut written = 0;
    for page in 0.. {
        let clients = tenant
            .clients(&selection, &order, page * PAGE, PAGE)
            .await?;
        if clients.is_empty() {
            break;
        }
        let count = u64::try_from(clients.len()).unwrap_or(0);
        for client in ClientWithPhones::of(&mut tenant, clients).await? {
            target.write_record(line(client)).map_err(failed)?;
        }
        written += count;
        progress.advance(count);
    }
    target.flush().map_err(|error| failed(error.into()))?;
    Ok(written)
}

/// The fields of a client, in the order of the columns.
fn line(ClientWithPhones { client, phones }: ClientWithPhones) -> [String; 13] {
    let numbers = phones.into_iter().map(|phone| phone.phone_number);
    let mut numbers: Vec<_> = numbers.collect();
    let first = client.phone_number.or_else(|| numbers.first().cloned());
    numbers.retain(|number| Some(number) != first.as_ref());
    let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    let budget = client.budget_hundredths;
    [
        client.id.to_string(),
        client.name,
        first.unwrap_or_default(),
        client.priority,
        client.client_type,
        client.status_name.unwrap_or_default(),
        client.channel_name.unwrap_or_default(),
        budget.map_or_else(String::new, |budget| budget.to_string()),
        client.assigned_to_username.unwrap_or_default(),
        client.created_at.to_string(),
        time(client.assigned_at),
        time(client.last_contacted_at),
        numbers.join(" "),
    ]
}
