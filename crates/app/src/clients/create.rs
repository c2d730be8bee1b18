//! Clients arrive. Creates of all requests wait in one queue per process; those of free companies are written
//! together, in one transaction (`batch.rs`).

mod answer;
pub(crate) mod batch;
mod decide;
mod repetition;

pub(crate) use batch::Creates;
pub use repetition::Repetition;

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::ClientWithPhones;
use crate::clients::references::require_own;
use crate::error::{Error, Result};
use tawzi_core::client::{Budget, ClientType, Priority};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_store::{Author, NewPhone, Viewer};

/// A client as somebody asks for it; every field is valid by itself.
#[derive(Clone, Debug, Hash)]
#[expect(missing_docs, reason = "the fields are those of a client")]
pub struct NewClientRequest {
    pub company: CompanyId,
    pub name: String,
    pub priority: Priority,
    pub client_type: ClientType,
    pub channel: Option<ChannelId>,
    pub status: Option<StatusId>,
    pub budget: Option<Budget>,
    pub phone_number: Option<String>,
    pub phones: Vec<NewPhone>,
    pub assigned_to: Option<UserId>,
}

impl NewClientRequest {
    /// Every phone number as it is written: the client's own, then those that are listed.
    pub(crate) fn written_numbers(&self) -> impl Iterator<Item = &str> {
        let listed = self.phones.iter().map(|phone| phone.phone_number.as_str());
        self.phone_number.as_deref().into_iter().chain(listed)
    }
}

/// One create on its way to being written.
#[derive(Debug)]
pub(crate) struct Create {
    pub(crate) client: NewClientRequest,
    /// Who asks; nobody when it is done for nobody in particular.
    pub(crate) author: Author,
    pub(crate) repetition: Repetition,
}

/// Creates a client and, unless an assignee is named, gives it to the least busy employee. A request that is
/// repeated within its window gives the client that is already there.
///
/// `Err` when the request refers to what the company does not have, or when the client that is already there was
/// changed since, and is not for the actor to see any more.
pub async fn create_client(
    app: &App,
    actor: &Actor,
    client: NewClientRequest,
    idempotency_key: Option<&str>,
) -> Result<ClientWithPhones> {
    actor.require_subscription()?;
    require_own(actor, client.company)?;
    let author = actor.author();
    let create = Create {
        repetition: Repetition::of(author, &client, idempotency_key, app.now()),
        client,
        author,
    };
    let created = app.creates.ask(create).await?;
    if may_see(actor, &created) {
        Ok(created)
    } else {
        Err(Error::NotTheirsAnyMore)
    }
}

/// Whether the actor may see the client as it is. Whoever has created it sees it as it was created, also
/// when it went to somebody else at once.
fn may_see(actor: &Actor, created: &ClientWithPhones) -> bool {
    let client = &created.client;
    let untouched = client.updated_at == client.created_at
        && client.assigned_at.is_none_or(|at| at == client.created_at)
        && client.last_contacted_at.is_none();
    match actor.sight() {
        Some((_, Viewer::AssignedTo(user))) => untouched || client.assigned_to == Some(user),
        _ => true,
    }
}
