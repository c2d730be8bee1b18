//! Channels (communication ways) through which a company's clients come.

use tawzi_core::client::Priority;
use tawzi_core::id::{ChannelId, CompanyId};
use tawzi_core::time::Timestamp;

row! {
    /// A channel. Clients get theirs under the lock of the company, under which it is deleted, too.
    pub struct Channel {
        /// Its company.
        pub company_id: CompanyId,
        /// Its id.
        pub id: ChannelId,
        /// Its name, which no other channel of the company has.
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

impl Channel {
    /// One that is to be created, with what the reference gives it when nothing else is said.
    pub fn new(name: impl Into<String>, channel_type: impl Into<String>, at: Timestamp) -> Self {
        Self {
            company_id: CompanyId::new(0),
            id: ChannelId::new(0),
            name: name.into(),
            channel_type: channel_type.into(),
            priority: Priority::Medium.as_str().to_owned(),
            is_active: true,
            created_at: at,
            updated_at: at,
        }
    }
}

named_table! {
    Channel with ChannelId in "channel" ordered by "t.created_at DESC, t.id DESC",
    which "client" has as "channel_id";
    columns: name 3, channel_type 4, priority 5, is_active 6; at 7;
    reads: channel, channel_named, page_of_channels, count_channels, channels_of, channel_id_given;
    writes: create_channel, save_channel, delete_channel;
}
