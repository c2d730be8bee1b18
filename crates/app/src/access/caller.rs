//! Who asks, by an access token or by an API key. They are looked up for each request, after it came; those that
//! come at the same moment are looked up by one statement.

use crate::access::actor::Actor;
use crate::access::api_keys::ApiKeySecret;
use crate::access::sign_in::proven;
use crate::access::token::{BadToken, TokenType};
use crate::app::App;
use crate::batches::Work;
use crate::error::Result;
use std::collections::HashMap;
use tawzi_core::id::UserId;
use tawzi_store::{Db, User};

/// Looking up users by their ids.
#[derive(Debug)]
pub(crate) struct Lookup(pub(crate) Db);

impl Work for Lookup {
    type Request = UserId;
    type Answer = Option<User>;

    async fn work(&self, ids: &[UserId]) -> Result<Vec<Result<Option<User>>>> {
        let found = self.0.read().await?.users_with(ids).await?;
        let found: HashMap<_, _> = found.into_iter().map(|user| (user.id, user)).collect();
        Ok(ids.iter().map(|id| Ok(found.get(id).cloned())).collect())
    }
}

/// Who asks. That an API key was used is noted.
pub async fn authenticate(app: &App, token: &str) -> Result<Actor> {
    let now = app.now();
    let actor = if let Some(secret) = ApiKeySecret::parse(token) {
        let holder = app.db.read().await?.api_key_holder(&secret.hash()).await?;
        Actor::with_key(holder.ok_or(BadToken::Invalid)?)
    } else {
        let proof = app.keys.open(token, TokenType::Access, now);
        let proof = proof.map_err(|_| BadToken::Invalid)?;
        let user = app.lookups.ask(proof.user).await?;
        Actor::with_token(proven(user, proof)?, proof.issued_at)
    };
    app.key_uses.note(&actor, now);
    Ok(actor)
}
