//! Signing in, and proving with a token who one is.

use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::password::{self, Verdict};
use crate::token::{BadToken, Keys, TokenType};
use tawzi_core::time::Timestamp;
use tawzi_store::{Company, Db, Reader, Subscription, User};

/// A hash that no password has, compared with when nobody has the name, so that an answer takes
/// as long as with a wrong password.
const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$\
                            AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Fresh tokens, and whose they are.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Proves who one is, for an hour.
    pub access: String,
    /// Gets new tokens, for seven days.
    pub refresh: String,
    /// Who signed in.
    pub user: User,
}

/// A person with their company and its subscription.
#[derive(Clone, Debug)]
pub struct Me {
    /// The person.
    pub user: User,
    /// Their company.
    pub company: Option<Company>,
    /// The subscription that counts for it.
    pub subscription: Option<Subscription>,
}

/// Signs in with a user name or an e-mail address. A password that still has the reference's kind
/// of hash gets a new one.
pub async fn sign_in(
    db: &Db,
    keys: &Keys,
    login: &str,
    password: &str,
    now: Timestamp,
) -> Result<SignedIn> {
    let found = db.read().await?.find_user(login).await?;
    let stored = found
        .as_ref()
        .map_or(NOBODYS_HASH, |user| &user.password_hash);
    let verdict = password::verify(password, stored).await?;
    let user = match found {
        Some(user) if user.is_active && verdict != Verdict::Wrong => user,
        _ => return Err(Error::BadCredentials),
    };
    let renewed = match verdict {
        Verdict::RightButOld => Some(password::hash(password).await?),
        Verdict::Right | Verdict::Wrong => None,
    };
    let mut tx = db.begin().await?;
    if let Some(renewed) = renewed {
        tx.replace_password(user.id, &user.password_hash, &renewed)
            .await?;
    }
    tx.save_last_login(user.id, now).await?;
    tx.commit().await?;
    let (access, refresh) = pair(keys, &user, now)?;
    Ok(SignedIn {
        access,
        refresh,
        user,
    })
}

/// New tokens for a refresh token, which itself stays good: the client re-uses the first one.
pub async fn refresh(
    db: &Db,
    keys: &Keys,
    token: &str,
    now: Timestamp,
) -> Result<(String, String)> {
    let id = keys.open(token, TokenType::Refresh, now)?;
    let user = db.read().await?.user(id).await?.ok_or(BadToken::NoUser)?;
    if !user.is_active {
        return Err(BadToken::Inactive.into());
    }
    pair(keys, &user, now)
}

/// Whether a token of any type is good.
pub fn verify(keys: &Keys, token: &str, now: Timestamp) -> Result<()> {
    Ok(keys.check(token, now)?)
}

/// Who asks, by an access token.
pub async fn authenticate(db: &Db, keys: &Keys, token: &str, now: Timestamp) -> Result<Actor> {
    let id = keys
        .open(token, TokenType::Access, now)
        .map_err(|_| BadToken::Invalid)?;
    let user = db.read().await?.user(id).await?.ok_or(BadToken::NoUser)?;
    if user.is_active {
        Ok(Actor::new(user))
    } else {
        Err(BadToken::Inactive.into())
    }
}

/// The person who asks, with their company.
pub async fn me(db: &Db, actor: &Actor) -> Result<Me> {
    let mut reader = db.read().await?;
    with_company(&mut reader, actor.user().clone()).await
}

/// A person with their company.
pub(crate) async fn with_company(reader: &mut Reader, user: User) -> Result<Me> {
    let (mut company, mut subscription) = (None, None);
    if let Some(id) = user.company_id {
        company = reader.company(id).await?;
        subscription = reader.subscription(id).await?;
    }
    Ok(Me {
        user,
        company,
        subscription,
    })
}

fn pair(keys: &Keys, user: &User, now: Timestamp) -> Result<(String, String)> {
    let access = keys.issue(user.id, TokenType::Access, now)?;
    let refresh = keys.issue(user.id, TokenType::Refresh, now)?;
    Ok((access, refresh))
}
