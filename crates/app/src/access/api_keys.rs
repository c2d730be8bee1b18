//! API keys: with one, another program (a form on a web page, another CRM) acts for a company. What it
//! may do is in [`crate::access::actor`].

mod secret;
mod uses;

pub use secret::ApiKeySecret;
pub(crate) use uses::KeyUses;

use crate::access::actor::Actor;
use crate::app::App;
use crate::audit::{self, By};
use crate::error::{Refusal, Result, Submitted, Thing, require};
use crate::page::{Page, PageRequest};
use crate::patch::needed;
use tawzi_core::audit::AuditEvent;
use tawzi_core::id::{ApiKeyId, CompanyId};
use tawzi_core::text::ApiKeyName;
use tawzi_store::{ApiKey, Reader};

/// How many keys a company can have that were not revoked.
const MAX_LIVE_KEYS: i64 = 100;

/// A key to be made.
#[derive(Clone, Debug, Default)]
pub struct NewApiKey {
    /// What it is called.
    pub name: Option<ApiKeyName>,
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
pub async fn list_api_keys(app: &App, actor: &Actor, page: PageRequest) -> Result<Page<ApiKey>> {
    let company = actor.require_admin()?;
    let mut reader = app.read_list(actor).await?;
    let mut tenant = reader.tenant(company);
    let count = tenant.count_api_keys().await?;
    page.require_within(count)?;
    let rows = tenant.api_keys(page.offset(), page.size).await?;
    Ok(Page::of_all(count, rows))
}

/// One key of the administrator's company.
pub async fn read_api_key(app: &App, actor: &Actor, id: ApiKeyId) -> Result<ApiKey> {
    let company = actor.require_admin()?;
    require_key(&mut app.db.read().await?, company, id).await
}

/// Makes a key for the administrator's company.
///
/// `Err` when the company has as many as it can have.
pub async fn create_api_key(
    app: &App,
    actor: &Actor,
    new: impl Into<Submitted<NewApiKey>>,
) -> Result<CreatedApiKey> {
    let new = new.into();
    let company = actor.require_admin()?;
    let name = needed("name", new.require([])?.name)?;
    create(app, company, actor.by(), &name).await
}

/// Makes a key for a company on nobody's behalf, as whoever runs the server may.
pub async fn create_api_key_of(
    app: &App,
    company: CompanyId,
    name: &ApiKeyName,
) -> Result<CreatedApiKey> {
    create(app, company, By::OPERATOR, name).await
}

/// Revokes a key of the administrator's company. Revoking it again changes nothing: whoever lost the
/// first answer asks again.
pub async fn revoke_api_key(app: &App, actor: &Actor, id: ApiKeyId) -> Result<()> {
    let company = actor.require_admin()?;
    revoke(app, company, actor.by(), id).await.map(drop)
}

/// Revokes a key of any company, as whoever runs the server may; gives the key as it is now.
pub async fn revoke_any_api_key(app: &App, id: ApiKeyId) -> Result<ApiKey> {
    let company = app.db.read().await?.company_of_api_key(id).await?;
    revoke(app, company.ok_or(Thing::ApiKey)?, By::OPERATOR, id).await
}

async fn create(app: &App, company: CompanyId, by: By, name: &ApiKeyName) -> Result<CreatedApiKey> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    // Under the lock nobody else takes the last place.
    tx.lock_company(company).await?.ok_or(Thing::Company)?;
    let most = MAX_LIVE_KEYS;
    let live = tx.tenant(company).count_live_api_keys().await?;
    require(live < most, Refusal::TooManyApiKeys { most })?;
    let secret = ApiKeySecret::random();
    let new = tawzi_store::NewApiKey {
        name: name.as_str(),
        prefix: secret.prefix(),
        key_hash: &secret.hash(),
        created_by: by.author.user(),
        created_at: now,
    };
    let id = tx.tenant_tx(company).create_api_key(new).await?;
    let key = require_key(&mut tx, company, id).await?;
    audit::commit(tx, by, Some(company), [AuditEvent::ApiKeyCreated(id)], now).await?;
    Ok(CreatedApiKey { key, secret })
}

async fn revoke(app: &App, company: CompanyId, by: By, id: ApiKeyId) -> Result<ApiKey> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    // Before the key's lock, as whoever deletes the company takes them.
    tx.lock_company(company).await?;
    let before = require_key(&mut tx, company, id).await?;
    tx.tenant_tx(company).revoke_api_key(id, now).await?;
    let key = require_key(&mut tx, company, id).await?;
    let revoked = before.revoked_at.is_none();
    let event = revoked.then_some(AuditEvent::ApiKeyRevoked(id));
    audit::commit(tx, by, Some(company), event, now).await?;
    Ok(key)
}

async fn require_key(reader: &mut Reader, company: CompanyId, id: ApiKeyId) -> Result<ApiKey> {
    let key = reader.tenant(company).api_key(id).await?;
    Ok(key.ok_or(Thing::ApiKey)?)
}
