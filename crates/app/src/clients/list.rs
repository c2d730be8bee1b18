//! Lists of clients: what is looked for, and which page of it.

use super::ClientWithPhones;
use crate::actor::Actor;
use crate::error::{Error, Result};
use std::collections::HashMap;
use tawzi_core::id::{ClientId, StatusId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_store::{ClientFilter, ClientOrder, ClientPhone, Db, StatusCount, Viewer};

/// Which page of a list.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest {
    /// The page, from 1.
    pub number: i64,
    /// How many rows a page has.
    pub size: i64,
}

impl PageRequest {
    /// How many rows come before the page.
    pub(crate) const fn offset(self) -> i64 {
        (self.number - 1).saturating_mul(self.size)
    }

    /// `Err` when a list of that many rows does not have the page; the first is always there.
    pub(crate) fn require_within(self, rows: i64) -> Result<()> {
        if self.number == 1 || self.offset() < rows {
            Ok(())
        } else {
            Err(Error::NotFound("page"))
        }
    }
}

/// A page of clients.
#[derive(Clone, Debug, Default)]
pub struct ClientPage {
    /// How many clients there are on all pages.
    pub count: i64,
    /// The clients of this page.
    pub clients: Vec<ClientWithPhones>,
}

/// What clients are looked for by; see [`ClientFilter`] for each condition.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of ClientFilter")]
pub struct ClientSearch {
    pub words: Vec<String>,
    pub types: Vec<String>,
    pub priorities: Vec<String>,
    pub statuses: Vec<StatusId>,
    pub holders: Vec<Option<UserId>>,
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
            holders: self.holders,
            created_after: self.created_after,
            contacted_before: self.contacted_before,
            stale: self.stale.map(|stale| (stale, now)),
        }
    }
}

/// How many of the clients that are looked for, and that the person may see, there are of each
/// status.
pub async fn count_clients_by_status(
    db: &Db,
    actor: &Actor,
    search: ClientSearch,
    now: Timestamp,
) -> Result<Vec<StatusCount>> {
    actor.require_subscription()?;
    let Some((company, viewer)) = actor.sight() else {
        return Ok(Vec::new());
    };
    let mut reader = db.read().await?;
    let filter = search.seen_by(viewer, now);
    Ok(reader
        .tenant(company)
        .count_clients_by_status(&filter)
        .await?)
}

/// A page of the clients that are looked for and that the person may see.
///
/// `Err` when there is no such page.
pub async fn list_clients(
    db: &Db,
    actor: &Actor,
    search: ClientSearch,
    order: &[ClientOrder],
    page: PageRequest,
    now: Timestamp,
) -> Result<ClientPage> {
    actor.require_subscription()?;
    let Some((company, viewer)) = actor.sight() else {
        page.require_within(0)?;
        return Ok(ClientPage::default());
    };
    let mut reader = db.read().await?;
    let mut tenant = reader.tenant(company);
    let filter = search.seen_by(viewer, now);
    let count = tenant.count_clients(&filter).await?;
    page.require_within(count)?;
    let clients = tenant
        .clients(&filter, order, page.offset(), page.size)
        .await?;
    let ids: Vec<_> = clients.iter().map(|client| client.id).collect();
    let mut phones: HashMap<ClientId, Vec<ClientPhone>> = HashMap::new();
    for phone in tenant.phones_of(&ids).await? {
        phones.entry(phone.client_id).or_default().push(phone);
    }
    let clients = clients
        .into_iter()
        .map(|client| ClientWithPhones {
            phones: phones.remove(&client.id).unwrap_or_default(),
            client,
        })
        .collect();
    Ok(ClientPage { count, clients })
}
