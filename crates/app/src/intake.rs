//! Clients arrive. Creates from all requests go to one writer per process, which takes what is
//! queued and writes it in one transaction: no request waits for another to come, and a busy
//! moment costs one commit instead of hundreds.

mod batch;
mod record;
mod repetition;

pub use repetition::Repetition;

use crate::actor::Actor;
use crate::clients::ClientWithPhones;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::references::require_own;
use tawzi_core::client::{Budget, ClientType, Priority};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_store::{Author, Db, NewPhone, Viewer};
use tokio::sync::{mpsc, oneshot};

pub(crate) use batch::{Outcome, write_in};

/// How many creates one transaction takes at most.
const BATCH: usize = 256;

/// How many creates may wait; beyond that, senders wait to be let in.
const QUEUE: usize = 4096;

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
}

type Reply = oneshot::Sender<Result<ClientWithPhones>>;

/// The way to the writer.
#[derive(Clone, Debug)]
pub struct Intake {
    queue: mpsc::Sender<(Request, Reply)>,
}

impl Intake {
    /// Starts the writer. It ends, with everything written, once every copy of the intake is gone.
    pub fn start(db: Db, clock: Clock) -> (Self, tokio::task::JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let writer = tokio::spawn(write_what_waits(db, clock, waiting));
        (Self { queue }, writer)
    }

    /// Creates a client and, unless the draft names somebody, gives it to the least busy employee.
    /// The same request again within its window gives the client that is already there.
    ///
    /// `Err` when the draft refers to what the company does not have, or when the client that is already
    /// there was changed since, and is not for the actor to see any more.
    pub async fn create(
        &self,
        actor: &Actor,
        draft: Draft,
        idempotency_key: Option<&str>,
    ) -> Result<ClientWithPhones> {
        actor.require_subscription()?;
        require_own(actor, draft.company)?;
        let repetition = Repetition::of(actor.author(), &draft, idempotency_key);
        let request = Request {
            draft,
            author: actor.author(),
            repetition,
        };
        let (reply, answer) = oneshot::channel();
        self.queue
            .send((request, reply))
            .await
            .map_err(|_| Error::Stopping)?;
        let client = answer.await.map_err(|_| Error::Stopping)??;
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

async fn write_what_waits(db: Db, clock: Clock, mut waiting: mpsc::Receiver<(Request, Reply)>) {
    let mut taken = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut taken, BATCH).await > 0 {
        let (requests, replies): (Vec<_>, Vec<_>) = taken.drain(..).unzip();
        let answers = write_batch(&db, &requests, &clock).await;
        for (reply, answer) in replies.into_iter().zip(answers) {
            // Whoever asked may have gone; the client is there all the same.
            drop(reply.send(answer));
        }
    }
}

/// Writes the batch in one transaction. When that fails, each request gets one of its own, so that
/// only the one that cannot be written fails.
async fn write_batch(
    db: &Db,
    requests: &[Request],
    clock: &Clock,
) -> Vec<Result<ClientWithPhones>> {
    match batch::write(db, requests, clock.now()).await {
        Ok(answers) => answers,
        Err(error) if requests.len() == 1 => vec![Err(error)],
        Err(error) => {
            tracing::warn!(%error, size = requests.len(), "a batch failed; writing one by one");
            let mut answers = Vec::with_capacity(requests.len());
            for request in requests {
                let alone = batch::write(db, std::slice::from_ref(request), clock.now()).await;
                answers.push(
                    alone.and_then(|mut answers| answers.pop().unwrap_or(Err(Error::Stopping))),
                );
            }
            answers
        }
    }
}
