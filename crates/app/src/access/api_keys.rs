//! API keys: with one, another program (a form on a web page, another CRM) acts for a company. What it
//! may do is in [`crate::actor`].

mod secret;
mod uses;

pub use secret::ApiKeySecret;
pub use uses::ApiKeyUses;
pub(crate) use uses::used_lately;

use crate::access::actor::Actor;
use crate::clients::PageRequest;
use crate::error::{Error, Result};
use crate::users::operator::require_length;
use tawzi_core::id::{ApiKeyId, CompanyId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_store::{ApiKey, Db, NewApiKey, Tx};

/// The longest name of a key, in characters.
pub const MAX_API_KEY_NAME: usize = 100;

/// How many keys a company can have that were not revoked.
const MAX_LIVE_KEYS: i64 = 100;

/// A page of keys.
#[derive(Clone, Debug)]
pub struct ApiKeyPage {
    /// How many there are on all pages.
    pub count: i64,
    /// Those of this page, the newest first.
    pub keys: Vec<ApiKey>,
}

/// A key that was just made.
#[derive(Debug)]
pub struct CreatedApiKey {
    /// The key as it will be listed.
    pub key: ApiKey,
    /// The key itself, now and never again.
    pub secret: ApiKeySecret,
}

/// A page of the keys of the administrator's company, with those that were revoked.
pub async fn list_api_keys(db: &Db, actor: &Actor, page: PageRequest) -> Result<ApiKeyPage> {
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    let mut reader = db.read().await?;
    let mut tenant = reader.tenant(company);
    let count = tenant.count_api_keys().await?;
    page.require_within(count)?;
    let keys = tenant.api_keys(page.offset(), page.size).await?;
    Ok(ApiKeyPage { count, keys })
}

/// One key of the administrator's company.
pub async fn read_api_key(db: &Db, actor: &Actor, id: ApiKeyId) -> Result<ApiKey> {
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    let key = db.read().await?.tenant(company).api_key(id).await?;
    key.ok_or(Error::NotFound("ApiKey"))
}

/// Makes a key for the administrator's company.
///
/// `Err` when the company has as many as it can have.
pub async fn create_api_key(
    db: &Db,
    actor: &Actor,
    name: &str,
    now: Timestamp,
) -> Result<CreatedApiKey> {
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    create(db, company, actor.id(), name, now).await
}

/// Makes a key for a company on nobody's behalf, as whoever runs the server may.
pub async fn create_api_key_of(
    db: &Db,
    company: CompanyId,
    name: &str,
    now: Timestamp,
) -> Result<CreatedApiKey> {
    create(db, company, None, name, now).await
}

/// Revokes a key of the administrator's company. Revoking it again changes nothing: whoever lost the
/// first answer asks again.
pub async fn revoke_api_key(db: &Db, actor: &Actor, id: ApiKeyId, now: Timestamp) -> Result<()> {
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    revoke(db, company, id, now).await.map(drop)
}

/// Revokes a key of any company, as whoever runs the server may; gives the key as it is now.
pub async fn revoke_any_api_key(db: &Db, id: ApiKeyId, now: Timestamp) -> Result<ApiKey> {
    let company = db.read().await?.company_of_api_key(id).await?;
    let company = company.ok_or(Error::NotFound("ApiKey"))?;
    revoke(db, company, id, now).await
}

async fn create(
    db: &Db,
    company: CompanyId,
    creator: Option<UserId>,
    name: &str,
    now: Timestamp,
) -> Result<CreatedApiKey> {
    let name = name.trim();
    require_length("name of the key", name, MAX_API_KEY_NAME)?;
    let mut tx = db.begin().await?;
    // Under the lock nobody else takes the last place.
    tx.lock_company(company)
        .await?
        .ok_or(Error::NotFound("Company"))?;
    if tx.tenant(company).count_live_api_keys().await? >= MAX_LIVE_KEYS {
        return Err(Error::Refused(format!(
            "A company can have {MAX_LIVE_KEYS} API keys; revoke one that is not needed any more."
        )));
    }
    let secret = ApiKeySecret::random();
    let new = NewApiKey {
        name,
        prefix: secret.prefix(),
        key_hash: &secret.hash(),
        created_by: creator,
        created_at: now,
    };
    let id = tx.tenant_tx(company).create_api_key(new).await?;
    let key = require_key(&mut tx, company, id).await?;
    tx.commit().await?;
    Ok(CreatedApiKey { key, secret })
}

async fn revoke(db: &Db, company: CompanyId, id: ApiKeyId, now: Timestamp) -> Result<ApiKey> {
    let mut tx = db.begin().await?;
    // Before the key's lock, as whoever deletes the company takes them.
    tx.lock_company(company).await?;
    tx.tenant_tx(company).revoke_api_key(id, now).await?;
    let key = require_key(&mut tx, company, id).await?;
    tx.commit().await?;
    Ok(key)
}

async fn require_key(tx: &mut Tx, company: CompanyId, id: ApiKeyId) -> Result<ApiKey> {
    let key = tx.tenant(company).api_key(id).await?;
    key.ok_or(Error::NotFound("ApiKey"))
}
