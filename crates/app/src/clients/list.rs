//! Lists of clients: what is looked for, and which page of it.

use super::ClientWithPhones;
use crate::access::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::page::{Page, PageRequest};
use tawzi_store::{ClientFilter, ClientOrder, StatusCount};

/// How many of the clients that are looked for, and that the person may see, there are of each
/// status.
pub async fn count_clients_by_status(
    app: &App,
    actor: &Actor,
    filter: ClientFilter,
) -> Result<Vec<StatusCount>> {
    let now = app.now();
    actor.require_subscription()?;
    let Some((company, viewer)) = actor.sight() else {
        return Ok(Vec::new());
    };
    let mut reader = app.read_list(actor).await?;
    let mut tenant = reader.tenant(company);
    let selection = tenant.select_clients(viewer, filter, now).await?;
    Ok(tenant.count_clients_by_status(&selection).await?)
}

/// A page of the clients that are looked for and that the person may see.
///
/// `Err` when there is no such page.
pub async fn list_clients(
    app: &App,
    actor: &Actor,
    filter: ClientFilter,
    order: &[ClientOrder],
    page: PageRequest,
) -> Result<Page<ClientWithPhones>> {
    let now = app.now();
    actor.require_subscription()?;
    let Some((company, viewer)) = actor.sight() else {
        return page.of_nothing();
    };
    let mut reader = app.read_list(actor).await?;
    let mut tenant = reader.tenant(company);
    let selection = tenant.select_clients(viewer, filter, now).await?;
    let count = tenant.count_clients_so_far(&selection, page.counting);
    let rows = page.counted(count).await?;
    let mut clients = Vec::new();
    if rows.is_any() {
        let found = tenant
            .clients(&selection, order, page.start(), page.size)
            .await?;
        clients = ClientWithPhones::of(&mut tenant, found).await?;
    }
    page.placed(rows, clients, |client| client.client.position(order))
}
