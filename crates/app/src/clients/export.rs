//! Clients to a CSV file.

use super::columns::{COLUMNS, WRITTEN_ONLY};
use crate::app::App;
use crate::error::{Error, Result, Thing};
use crate::page::PageRequest;
use crate::progress::Progress;
use std::collections::HashMap;
use std::io::Write;
use tawzi_core::id::CompanyId;
use tawzi_core::time::Timestamp;
use tawzi_store::{Client, ClientFilter, ClientOrder, RowCount, SortKey, Viewer};

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
        for client in clients {
            let numbers = phones.remove(&client.id).unwrap_or_default();
            target.write_record(line(client, numbers)).map_err(failed)?;
        }
        let count = u64::try_from(ids.len()).unwrap_or(0);
        written += count;
        progress.advance(count);
    }
    target.flush().map_err(|error| failed(error.into()))?;
    Ok(written)
}

/// The fields of a client who has those phone numbers, in the order of the columns.
fn line(client: Client, mut numbers: Vec<String>) -> [String; 13] {
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
