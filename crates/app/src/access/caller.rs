//! Who asks, by an access token or by an API key. They are looked up for each request, after it came.

use crate::access::actor::Actor;
use crate::access::api_keys::ApiKeySecret;
use crate::access::sign_in::still_good;
use crate::access::token::{BadToken, TokenType};
use crate::app::App;
use crate::error::Result;

/// Who asks. That an API key was used is noted.
pub async fn authenticate(app: &App, token: &str) -> Result<Actor> {
    let now = app.now();
    let actor = if let Some(secret) = ApiKeySecret::parse(token) {
        let mut reader = app.db.read().await?;
        let key = reader.api_key_identity(&secret.hash()).await?;
        Actor::with_key(key.ok_or(BadToken::Invalid)?)
    } else {
        let proof = app.keys.open(token, now);
        let proof = proof.filter(|proof| proof.kind == TokenType::Access);
        let proof = proof.ok_or(BadToken::Invalid)?;
        let user = app.lookups.ask(proof.session.user).await?;
        let user = still_good(user, &proof.session)?;
        Actor::with_token(user, proof.session)
    };
    app.key_uses.note(&actor, now);
    Ok(actor)
}
