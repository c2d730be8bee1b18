//! The channels of a company: the ways by which its clients come (contract, section 2.11).

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::references::{require_free_name, require_own};
use crate::error::{Error, Result};
use crate::page::PageRequest;
use tawzi_core::client::Priority;
use tawzi_core::id::{ChannelId, CompanyId};
use tawzi_store::{Channel, ChannelEdit, NewChannel, Tx};

/// A channel as an administrator wants it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a channel")]
pub struct ChannelDraft {
    pub company: CompanyId,
    pub name: String,
    pub channel_type: String,
    pub priority: Priority,
    pub is_active: bool,
}

/// What is to change in a channel; what is `None` stays.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a channel")]
pub struct ChannelChange {
    /// It can only be the company it is in.
    pub company: Option<CompanyId>,
    pub name: Option<String>,
    pub channel_type: Option<String>,
    pub priority: Option<Priority>,
    pub is_active: Option<bool>,
}

/// A page of channels.
#[derive(Clone, Debug)]
pub struct ChannelPage {
    /// How many there are on all pages.
    pub count: i64,
    /// Those of this page, the newest first.
    pub channels: Vec<Channel>,
}

/// A page of the channels of the person's company.
pub async fn list_channels(app: &App, actor: &Actor, page: PageRequest) -> Result<ChannelPage> {
    actor.require_subscription()?;
    let company = actor.require_member()?;
    let mut reader = app.db.read().await?;
    let mut tenant = reader.tenant(company);
    let count = tenant.count_channels().await?;
    page.require_within(count)?;
    let channels = tenant.page_of_channels(page.offset(), page.size).await?;
    Ok(ChannelPage { count, channels })
}

/// One channel of the person's company.
pub async fn read_channel(app: &App, actor: &Actor, id: ChannelId) -> Result<Channel> {
    actor.require_subscription()?;
    let company = actor.require_member()?;
    let mut reader = app.db.read().await?;
    let channel = reader.tenant(company).channel(id).await?;
    channel.ok_or(Error::NotFound("Channel"))
}

/// Creates a channel in the administrator's company.
pub async fn create_channel(app: &App, actor: &Actor, draft: &ChannelDraft) -> Result<Channel> {
    let now = app.now();
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    require_own(actor, draft.company)?;
    let mut tx = app.db.begin().await?;
    tx.lock_company(company).await?;
    let mut tenant = tx.tenant_tx(company);
    require_free_name(None, tenant.channel_named(&draft.name).await?)?;
    let new = NewChannel {
        name: &draft.name,
        channel_type: &draft.channel_type,
    };
    let id = tenant.create_channel(new, now).await?;
    let rest = ChannelEdit {
        name: &draft.name,
        channel_type: &draft.channel_type,
        priority: draft.priority.as_str(),
        is_active: draft.is_active,
        updated_at: now,
    };
    tenant.save_channel(id, rest).await?;
    let channel = require_channel(&mut tx, company, id).await?;
    tx.commit().await?;
    Ok(channel)
}

/// Changes a channel of the administrator's company.
pub async fn edit_channel(
    app: &App,
    actor: &Actor,
    id: ChannelId,
    change: ChannelChange,
) -> Result<Channel> {
    let now = app.now();
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    let mut tx = app.db.begin().await?;
    tx.lock_company(company).await?;
    let before = require_channel(&mut tx, company, id).await?;
    if let Some(company) = change.company {
        require_own(actor, company)?;
    }
    let name = change.name.unwrap_or(before.name);
    let channel_type = change.channel_type.unwrap_or(before.channel_type);
    let priority = change.priority.map(Priority::as_str);
    let mut tenant = tx.tenant_tx(company);
    require_free_name(Some(id), tenant.channel_named(&name).await?)?;
    let edit = ChannelEdit {
        name: &name,
        channel_type: &channel_type,
        priority: priority.unwrap_or(&before.priority),
        is_active: change.is_active.unwrap_or(before.is_active),
        updated_at: now,
    };
    tenant.save_channel(id, edit).await?;
    let after = require_channel(&mut tx, company, id).await?;
    tx.commit().await?;
    Ok(after)
}

/// Deletes a channel of the administrator's company; the clients that came through it stay.
pub async fn delete_channel(app: &App, actor: &Actor, id: ChannelId) -> Result<()> {
    actor.require_subscription()?;
    let company = actor.require_admin()?;
    let mut tx = app.db.begin().await?;
    // Under the lock no client gets the channel meanwhile.
    tx.lock_company(company).await?;
    require_channel(&mut tx, company, id).await?;
    tx.tenant_tx(company).delete_channel(id).await?;
    tx.commit().await?;
    Ok(())
}

async fn require_channel(tx: &mut Tx, company: CompanyId, id: ChannelId) -> Result<Channel> {
    let channel = tx.tenant(company).channel(id).await?;
    channel.ok_or(Error::NotFound("Channel"))
}
