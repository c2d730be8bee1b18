//! Channels (communication ways) through which a company's clients come.

use crate::engine::Reader;
use crate::error::Result;
use crate::sequence::Sequence;
use crate::tenant::{Tenant, TenantTx};
use serde::Serialize;
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

#[derive(Serialize)]
struct WantedRow {
    company_id: CompanyId,
    id: ChannelId,
}

statements! {
    READ_ALL = [
        "SELECT company_id, id, name
         FROM channel
         WHERE company_id = $1
         ORDER BY created_at DESC, id DESC"
    ];
    READ_MANY = [
        "SELECT t.company_id, t.id, t.name
         FROM " (ROWS company_id BIGINT, id BIGINT) "
         JOIN channel t ON t.company_id = r.company_id AND t.id = r.id"
    ];
    EXISTS_ANYWHERE = ["SELECT 1 FROM channel WHERE id = $1 LIMIT 1"];
    INSERT = [
        "INSERT INTO channel (company_id, id, name, channel_type, priority, is_active, created_at,
             updated_at)
         VALUES ($1, $2, $3, $4, 'medium', TRUE, $5, $5)"
    ];
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
        let rows: Vec<_> = wanted
            .iter()
            .map(|&(company_id, id)| WantedRow { company_id, id })
            .collect();
        let rows = serde_json::to_string(&rows)?;
        fetch_all!(self, Channel, READ_MANY, &rows)
    }
}

impl Tenant<'_> {
    /// The channels, the newest first.
    pub async fn channels(&mut self) -> Result<Vec<Channel>> {
        let company = self.company().get();
        fetch_all!(self, Channel, READ_ALL, company)
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
}
