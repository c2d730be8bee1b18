//! Lists of clients: what is looked for, and which page of it.

use super::ClientWithPhones;
use crate::access::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::page::{Page, PageRequest};
use tawzi_core::id::{StatusId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_store::{ClientFilter, ClientOrder, RowCount, StatusCount, Viewer};

/// What clients are looked for by; see [`ClientFilter`] for each condition.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of ClientFilter")]
pub struct ClientSearch {
    pub words: Vec<String>,
    pub types: Vec<String>,
    pub priorities: Vec<String>,
    pub statuses: Vec<StatusId>,
    pub assignees: Vec<Option<UserId>>,
    pub created_after: Option<Timestamp>,
    pub contacted_before: Option<Timestamp>,
    pub stale: Option<bool>,
}

impl ClientSearch {
    fn seen_by(self, viewer: Viewer, now: Timestamp) -> ClientFilter {
        ClientFilter {
            viewer,
            words: self.words,
            types: self.types,
            priorities: self.priorities,
            statuses: self.statuses,
            assignees: self.assignees,
            created_after: self.created_after,
            contacted_before: self.contacted_before,
            stale: self.stale.map(|stale| (stale, now)),
        }
    }
}

/// How many of the clients that are looked for, and that the person may see, there are of each
/// status.
pub async fn count_clients_by_status(
    app: &App,
    actor: &Actor,
    search: ClientSearch,
) -> Result<Vec<StatusCount>> {
    let now = app.now();
    actor.require_subscription()?;
    let Some((company, viewer)) = actor.sight() else {
        return Ok(Vec::new());
    };
    let mut reader = app.db.read().await?;
    let filter = search.seen_by(viewer, now);
    let mut tenant = reader.tenant(company);
    let selection = tenant.select_clients(filter).await?;
    Ok(tenant.count_clients_by_status(&selection).await?)
}

/// A page of the clients that are looked for and that the person may see.
///
/// `Err` when there is no such page.
pub async fn list_clients(
    app: &App,
    actor: &Actor,
    search: ClientSearch,
    order: &[ClientOrder],
    page: PageRequest,
) -> Result<Page<ClientWithPhones>> {
    let now = app.now();
    actor.require_subscription()?;
    let Some((company, viewer)) = actor.sight() else {
        return page.of_nothing();
    };
    let mut reader = app.db.read().await?;
    let mut tenant = reader.tenant(company);
    let filter = search.seen_by(viewer, now);
    let selection = tenant.select_clients(filter).await?;
    let rows = tenant.count_clients(&selection).await?;
    let clients = match rows {
        RowCount::Exactly(0) => Vec::new(),
        _ => {
            tenant
                .clients(&selection, order, page.offset(), page.size)
                .await?
        }
    };
    page.of(rows, ClientWithPhones::of(&mut tenant, clients).await?)
}
