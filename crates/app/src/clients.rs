//! Clients: creating them, looking at them, editing and deleting them, and files of them.

pub(crate) mod columns;
pub(crate) mod create;
pub(crate) mod edit;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod own_files;
pub(crate) mod phones;
pub(crate) mod references;

pub use edit::{ClientChange, edit_client};
pub use list::{count_clients_by_status, list_clients};

use crate::access::actor::Actor;
use crate::app::App;
use crate::assignment::load_changes::LoadChanges;
use crate::error::{Result, Thing};
use std::collections::HashMap;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_store::{Client, ClientPhone, Reader, Tenant, Viewer};

/// A client and its phone numbers, the primary first.
#[derive(Clone, Debug)]
pub struct ClientWithPhones {
    /// The client.
    pub client: Client,
    /// Its numbers.
    pub phones: Vec<ClientPhone>,
}

impl ClientWithPhones {
    /// Those clients with their numbers, in the same order.
    pub(crate) async fn of(tenant: &mut Tenant<'_>, clients: Vec<Client>) -> Result<Vec<Self>> {
        let ids: Vec<_> = clients.iter().map(|client| client.id).collect();
        let mut phones: HashMap<ClientId, Vec<ClientPhone>> = HashMap::new();
        for phone in tenant.phones_of(&ids).await? {
            phones.entry(phone.client_id).or_default().push(phone);
        }
        let clients = clients.into_iter().map(|client| Self {
            phones: phones.remove(&client.id).unwrap_or_default(),
            client,
        });
        Ok(clients.collect())
    }

    /// Its own number, and the others.
    pub(crate) fn numbers(&self) -> (Option<&str>, Vec<&str>) {
        let listed = self.phones.iter().map(|phone| phone.phone_number.as_str());
        let own = self.client.phone_number.as_deref();
        let own = own.filter(|number| !number.is_empty());
        let own = own.or_else(|| listed.clone().next());
        (own, listed.filter(|number| Some(*number) != own).collect())
    }

    pub(crate) async fn read(
        reader: &mut Reader,
        company: CompanyId,
        id: ClientId,
        viewer: Viewer,
    ) -> Result<Self> {
        let mut tenant = reader.tenant(company);
        let client = tenant.client(id, viewer).await?.ok_or(Thing::Client)?;
        let phones = tenant.phones_of(&[id]).await?;
        Ok(Self { client, phones })
    }
}

/// One client that the person may see.
pub async fn read_client(app: &App, actor: &Actor, id: ClientId) -> Result<ClientWithPhones> {
    let (company, viewer) = actor.require_sight(Thing::Client)?;
    ClientWithPhones::read(&mut app.db.read().await?, company, id, viewer).await
}

/// Deletes a client with everything that belongs to it.
pub async fn delete_client(app: &App, actor: &Actor, id: ClientId) -> Result<()> {
    let (company, viewer) = actor.require_sight(Thing::Client)?;
    let mut tx = app.db.begin().await?;
    tx.lock_company(company).await?;
    let client = tx.tenant(company).client(id, viewer).await?;
    let client = client.ok_or(Thing::Client)?;
    tx.tenant_tx(company).delete_client(id).await?;
    let mut loads = LoadChanges::default();
    if let Some(assignee) = client.assigned_to {
        loads.change_by(company, assignee, client.category(), -1);
    }
    loads.save(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}
