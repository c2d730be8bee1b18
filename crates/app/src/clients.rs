//! Clients: creating them, looking at them, editing and deleting them, and files of them.

pub(crate) mod columns;
pub(crate) mod create;
pub(crate) mod edit;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod phones;
pub(crate) mod references;

pub use edit::{ClientChange, edit_client};
pub use list::{ClientSearch, count_clients_by_status, list_clients};

use crate::access::actor::Actor;
use crate::app::App;
use crate::assignment::load_changes::LoadChanges;
use crate::error::{Result, Thing};
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_store::{Client, ClientPhone, Reader, Viewer};

/// A client and its phone numbers, the primary first.
#[derive(Clone, Debug)]
pub struct ClientWithPhones {
    /// The client.
    pub client: Client,
    /// Its numbers.
    pub phones: Vec<ClientPhone>,
}

impl ClientWithPhones {
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
    let client = tx
        .tenant(company)
        .client(id, viewer)
        .await?
        .ok_or(Thing::Client)?;
    tx.tenant_tx(company).delete_client(id).await?;
    let mut loads = LoadChanges::default();
    if let Some(assignee) = client.assigned_to {
        loads.lost(company, assignee, client.category());
    }
    loads.save(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}
