//! The channels of a company: the ways by which its clients come (contract, section 2.11).

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::references::{other_company, require_free_name};
use crate::error::{Result, Thing};
use crate::patch::{needed, set};
use tawzi_core::client::Priority;
use tawzi_core::id::{ChannelId, CompanyId};
use tawzi_core::text::{ChannelType, ShortName};
use tawzi_core::time::Timestamp;
use tawzi_store::Channel;

/// What is said about a channel; what is `None` stays, or is what new ones have.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a channel")]
pub struct ChannelPatch {
    /// It can only be the company it is in.
    pub company: Option<CompanyId>,
    pub name: Option<ShortName>,
    pub channel_type: Option<ChannelType>,
    pub priority: Option<Priority>,
    pub is_active: Option<bool>,
}

impl ChannelPatch {
    fn new_row(self, at: Timestamp) -> Result<Channel> {
        let name = needed("name", self.name.clone())?;
        let channel_type = needed("type", self.channel_type.clone())?;
        let mut row = Channel::new(name, channel_type, at);
        self.apply(&mut row);
        Ok(row)
    }

    fn apply(self, row: &mut Channel) {
        set(&mut row.name, self.name);
        set(&mut row.channel_type, self.channel_type);
        set(&mut row.priority, self.priority.map(Priority::as_str));
        set(&mut row.is_active, self.is_active);
    }
}

named_verbs! {
    Channel with ChannelId and ChannelPatch, called Thing::Channel;
    reads: channel, channel_named, page_of_channels, count_channels;
    writes: save_channel;
    verbs: list_channels, read_channel, create_channel, edit_channel, delete_channel;
}
