//! Channels (communication ways) through which a company's clients come.

use crate::db::engine::Reader;
use crate::db::sequence::Sequence;
use crate::db::tenant::{Tenant, TenantTx, ids_of};
use crate::error::Result;
use std::collections::BTreeSet;
use tawzi_core::id::{ChannelId, CompanyId};
use tawzi_core::time::Timestamp;

record! {
    /// A channel.
    pub struct Channel {
        /// Its company.
        pub company_id: CompanyId,
        /// Its id.
        pub id: ChannelId,
        /// Its name.
        pub name: String,
        /// What kind of channel it is, in the company's own words.
        pub channel_type: String,
        /// How much it matters: `high`, `medium` or `low`.
        pub priority: String,
        /// Whether it is in use.
        pub is_active: bool,
        /// When it was created.
        pub created_at: Timestamp,
        /// When it was changed last.
        pub updated_at: Timestamp,
    }
}

/// A channel to be created.
#[derive(Clone, Copy, Debug)]
pub struct NewChannel<'a> {
    /// Its name, which no other channel of the company may have.
    pub name: &'a str,
    /// What kind of channel it is, in the company's own words.
    pub channel_type: &'a str,
}

/// What a channel becomes.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of Channel")]
pub struct ChannelEdit<'a> {
    pub name: &'a str,
    pub channel_type: &'a str,
    pub priority: &'a str,
    pub is_active: bool,
    pub updated_at: Timestamp,
}

/// The columns of a channel, by name: a server that runs goes on when a later version adds another.
macro_rules! columns {
    () => {
        "t.company_id, t.id, t.name, t.channel_type, t.priority, t.is_active,
         t.created_at, t.updated_at"
    };
}

statements! {
    READ_PAGE = [
        "SELECT " (TEXT columns) "
         FROM channel t
         WHERE t.company_id = $1
         ORDER BY t.created_at DESC, t.id DESC
         LIMIT $2 OFFSET $3"
    ];
    COUNT = ["SELECT COUNT(*) FROM channel WHERE company_id = $1"];
    READ_ONE = [
        "SELECT " (TEXT columns) " FROM channel t WHERE t.company_id = $1 AND t.id = $2"
    ];
    FIND = ["SELECT id FROM channel WHERE company_id = $1 AND name = $2"];
    READ_MANY = ["SELECT " (TEXT columns) " FROM channel t WHERE t.id" IN_IDS];
    EXISTS_ANYWHERE = ["SELECT 1 FROM channel WHERE id = $1 LIMIT 1"];
    INSERT = [
        "INSERT INTO channel (company_id, id, name, channel_type, priority, is_active, created_at,
             updated_at)
         VALUES ($1, $2, $3, $4, 'medium', TRUE, $5, $5)"
    ];
    SAVE = [
        "UPDATE channel
         SET name = $3, channel_type = $4, priority = $5, is_active = $6, updated_at = $7
         WHERE company_id = $1 AND id = $2"
    ];
    TAKE_FROM_CLIENTS = [
        "UPDATE client SET channel_id = NULL WHERE company_id = $1 AND channel_id = $2"
    ];
    DELETE = ["DELETE FROM channel WHERE company_id = $1 AND id = $2"];
}

impl Reader {
    /// Whether any company has a channel with that id; see [`Reader::status_exists`].
    pub async fn channel_exists(&mut self, id: ChannelId) -> Result<bool> {
        Ok(fetch_optional!(self, (i32,), EXISTS_ANYWHERE, id.get())?.is_some())
    }
}

impl Reader {
    /// Those of the given channels that are in the given company.
    pub async fn channels_of(
        &mut self,
        wanted: &BTreeSet<(CompanyId, ChannelId)>,
    ) -> Result<Vec<Channel>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let found = fetch_all!(self, Channel, READ_MANY, &ids_of(wanted)?)?;
        let is_wanted = |channel: &Channel| wanted.contains(&(channel.company_id, channel.id));
        Ok(found.into_iter().filter(is_wanted).collect())
    }
}

impl Tenant<'_> {
    /// The channels, the newest first.
    pub async fn channels(&mut self) -> Result<Vec<Channel>> {
        self.page_of_channels(0, i64::MAX).await
    }

    /// A page of them.
    pub async fn page_of_channels(&mut self, offset: i64, limit: i64) -> Result<Vec<Channel>> {
        let company = self.company().get();
        fetch_all!(self, Channel, READ_PAGE, company, limit, offset)
    }

    /// How many there are.
    pub async fn count_channels(&mut self) -> Result<i64> {
        let company = self.company().get();
        Ok(fetch_one!(self, (i64,), COUNT, company)?.0)
    }

    /// The channel with that id.
    pub async fn channel(&mut self, id: ChannelId) -> Result<Option<Channel>> {
        let company = self.company().get();
        fetch_optional!(self, Channel, READ_ONE, company, id.get())
    }

    /// The channel that has exactly that name.
    pub async fn channel_named(&mut self, name: &str) -> Result<Option<ChannelId>> {
        let company = self.company().get();
        let found = fetch_optional!(self, (i64,), FIND, company, name)?;
        Ok(found.map(|(id,)| ChannelId::new(id)))
    }
}

impl TenantTx<'_> {
    /// Creates a channel; [`crate::Error::Conflict`] when the name is taken.
    pub async fn create_channel(
        &mut self,
        new: NewChannel<'_>,
        at: Timestamp,
    ) -> Result<ChannelId> {
        let company = self.company().get();
        let id = self.take_id(Sequence::Channel).await?;
        execute!(
            self,
            INSERT,
            company,
            id,
            new.name,
            new.channel_type,
            at.microseconds()
        )?;
        Ok(ChannelId::new(id))
    }

    /// Saves what a channel becomes; [`crate::Error::Conflict`] when the name is taken.
    pub async fn save_channel(&mut self, id: ChannelId, edit: ChannelEdit<'_>) -> Result<()> {
        let company = self.company().get();
        execute!(
            self,
            SAVE,
            company,
            id.get(),
            edit.name,
            edit.channel_type,
            edit.priority,
            edit.is_active,
            edit.updated_at.microseconds()
        )?;
        Ok(())
    }

    /// Deletes the channel; the clients that came through it have none. The caller holds the
    /// company's lock, under which clients get their channels.
    pub async fn delete_channel(&mut self, id: ChannelId) -> Result<()> {
        let company = self.company().get();
        execute!(self, TAKE_FROM_CLIENTS, company, id.get())?;
        execute!(self, DELETE, company, id.get())?;
        Ok(())
    }
}
