//! Clients arrive. Creates from all requests go to one writer per process, which takes what is
//! queued and writes it in one transaction.

mod batch;
mod desk;
mod record;
mod repetition;

pub use repetition::Repetition;

use crate::access::actor::Actor;
use crate::batches::{Batches, Work};
use crate::clients::ClientWithPhones;
use crate::clients::references::require_own;
use crate::clock::Clock;
use crate::error::{Error, Result};
use desk::Desks;
use tawzi_core::client::{Budget, ClientType, Priority};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_store::{Author, Db, NewPhone, Viewer};

pub(crate) use batch::{Outcome, write_in};

/// A client as somebody asks for it; every field is valid by itself.
#[derive(Clone, Debug, Hash)]
#[expect(missing_docs, reason = "the fields are those of a client")]
pub struct Draft {
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

/// One create on its way to the writer.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) draft: Draft,
    /// Who asks; nobody when it is done for nobody in particular.
    pub(crate) author: Author,
    pub(crate) repetition: Repetition,
    /// The version of the company when whoever asks was read, if that was for an earlier request.
    pub(crate) recalled: Option<i64>,
}

/// The way to the writer.
#[derive(Clone, Debug)]
pub struct Intake {
    creates: Batches<Creates>,
}

#[derive(Debug)]
struct Creates {
    db: Db,
    clock: Clock,
    desks: Desks,
}

impl Work for Creates {
    type Request = Request;
    type Answer = ClientWithPhones;
    // By the key of each request.
    const REPEATABLE: bool = true;

    async fn work(&self, requests: &[Request]) -> Result<Vec<Result<ClientWithPhones>>> {
        batch::write(&self.db, &self.desks, requests, self.clock.now()).await
    }
}

impl Intake {
    /// Starts the writer. It ends, with everything written, once every copy of the intake is gone.
    pub fn start(db: Db, clock: Clock) -> (Self, tokio::task::JoinHandle<()>) {
        let (creates, writer) = Batches::start(Creates {
            db,
            clock,
            desks: Desks::new(),
        });
        (Self { creates }, writer)
    }

    /// Creates a client and, unless the draft names somebody, gives it to the least busy employee.
    /// The same request again within its window gives the client that is already there; `arrived` is when
    /// this one came, also when it is tried a second time.
    ///
    /// `Err` when the actor is recalled and not like that any more, when the draft refers to what the company
    /// does not have, or when the client that is already there was changed since, and is not for the actor to
    /// see any more.
    pub async fn create(
        &self,
        actor: &Actor,
        draft: Draft,
        idempotency_key: Option<&str>,
        arrived: Timestamp,
    ) -> Result<ClientWithPhones> {
        actor.require_subscription()?;
        require_own(actor, draft.company)?;
        let repetition = Repetition::of(actor.author(), &draft, idempotency_key, arrived);
        let request = Request {
            draft,
            author: actor.author(),
            repetition,
            recalled: actor.company_version().filter(|_| actor.is_recalled()),
        };
        let client = self.creates.ask(request).await?;
        if may_see(actor, &client) {
            Ok(client)
        } else {
            Err(Error::NotTheirsAnyMore)
        }
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
