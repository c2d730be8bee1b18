//! Who asks. They are looked up for each request, and only creating clients, which is done most, goes by
//! what is remembered of them: the statement that writes sees to it that it still holds.

use crate::access::actor::Actor;
use crate::access::api_keys::{ApiKeySecret, used_lately};
use crate::access::sign_in::proven;
use crate::access::token::{BadToken, Keys, Proof, TokenType};
use crate::batches::{Batches, Work};
use crate::error::Result;
use hashlink::LruCache;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;
use tawzi_store::{Db, User};

/// How many callers are remembered: some MiB.
const REMEMBERED: usize = 10_000;

/// Looks up who asks. Each request has its own answer, read after it came, but those that come at the
/// same moment are answered by one statement.
#[derive(Clone)]
pub struct Callers {
    db: Db,
    people: Batches<People>,
    remembered: Arc<Mutex<LruCache<Caller, Actor>>>,
}

/// Whoever a person's token or a key is said to be.
#[derive(PartialEq, Eq, Hash)]
enum Caller {
    Person(UserId),
    /// By the hash of the key.
    Key(String),
}

/// What a request brings to prove who asks; the signature of a token is good.
enum Claim {
    Token(Proof),
    Key(String),
}

#[derive(Debug)]
struct People(Db);

impl Work for People {
    type Request = UserId;
    type Answer = Option<User>;
    const REPEATABLE: bool = true;

    async fn work(&self, ids: &[UserId]) -> Result<Vec<Result<Option<User>>>> {
        let found = self.0.read().await?.users_with(ids).await?;
        let found: HashMap<_, _> = found.into_iter().map(|user| (user.id, user)).collect();
        Ok(ids.iter().map(|id| Ok(found.get(id).cloned())).collect())
    }
}

impl Claim {
    fn read(token: &str, keys: &Keys, now: Timestamp) -> Result<Self> {
        if let Some(secret) = ApiKeySecret::parse(token) {
            return Ok(Self::Key(secret.hash()));
        }
        let proof = keys.open(token, TokenType::Access, now);
        Ok(Self::Token(proof.map_err(|_| BadToken::Invalid)?))
    }

    fn caller(&self) -> Caller {
        match self {
            Self::Token(proof) => Caller::Person(proof.user),
            Self::Key(hash) => Caller::Key(hash.clone()),
        }
    }
}

impl fmt::Debug for Callers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callers(..)")
    }
}

impl Callers {
    /// Starts to look people up, until every copy is gone.
    pub fn start(db: Db) -> Self {
        let (people, _) = Batches::start(People(db.clone()));
        Self {
            db,
            people,
            remembered: Arc::new(Mutex::new(LruCache::new(REMEMBERED))),
        }
    }

    /// Who it is. Remembered is what was read last, and of nobody who may not come in.
    async fn look_up(&self, claim: &Claim) -> Result<Actor> {
        let read = self.read(claim).await;
        let actor = read.as_ref().ok().and_then(Actor::to_remember);
        let mut remembered = self.remembered();
        match actor {
            Some(actor) => remembered.insert(claim.caller(), actor),
            None => remembered.remove(&claim.caller()),
        };
        drop(remembered);
        read
    }

    async fn read(&self, claim: &Claim) -> Result<Actor> {
        match claim {
            Claim::Token(proof) => {
                let user = self.people.ask(proof.user).await?;
                let user = proven(user, *proof)?;
                Ok(Actor::with_token(user, proof.issued_at))
            }
            Claim::Key(hash) => {
                let holder = self.db.read().await?.api_key_holder(hash).await?;
                Ok(Actor::with_key(holder.ok_or(BadToken::Invalid)?))
            }
        }
    }

    /// Who it is, if they are remembered and what is remembered would let them in.
    fn recall(&self, claim: &Claim, now: Timestamp) -> Option<Actor> {
        let actor = self.remembered().get(&claim.caller())?.clone();
        let actor = match claim {
            Claim::Token(proof) => actor.recalled_by(*proof)?,
            // That a key is used is noted by what was read lately.
            Claim::Key(_) => actor
                .key()
                .is_some_and(|key| used_lately(key, now))
                .then_some(actor)?,
        };
        actor.require_subscription().is_ok().then_some(actor)
    }

    fn remembered(&self) -> MutexGuard<'_, LruCache<Caller, Actor>> {
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who asks, by an access token or by an API key.
pub async fn authenticate(
    callers: &Callers,
    keys: &Keys,
    token: &str,
    now: Timestamp,
) -> Result<Actor> {
    callers.look_up(&Claim::read(token, keys, now)?).await
}

/// The same for [`crate::Intake::create`] alone: an actor that may be [recalled](Actor::is_recalled).
/// Whatever fails for one like that is to be tried again with [`authenticate`].
pub async fn recall_or_authenticate(
    callers: &Callers,
    keys: &Keys,
    token: &str,
    now: Timestamp,
) -> Result<Actor> {
    let claim = Claim::read(token, keys, now)?;
    match callers.recall(&claim, now) {
        Some(actor) => Ok(actor),
        None => callers.look_up(&claim).await,
    }
}
