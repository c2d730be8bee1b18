//! The channels by which a company's clients come.

use crate::wire::answer::answer;
use crate::wire::caller::{Administrator, Subscriber};
use crate::wire::fields::request;
use crate::wire::operations::operations;
use tawzi_app::{Actor, Channel, ChannelPatch};
use tawzi_core::client::Priority;
use tawzi_core::id::{ChannelId, CompanyId};
use tawzi_core::text::{ChannelType, ShortName};
use tawzi_core::time::Timestamp;

answer! {
    /// A channel.
    pub(crate) struct ChannelBody of channel: Channel, reader: &Actor {
        always id: ChannelId;
        always name: String;
        #[serde(rename = "type")]
        always channel_type: String;
        /// `low`, `medium` or `high`.
        always priority: String;
        always company: CompanyId = channel.company_id;
        nullable company_name: String = reader.company_name().map(str::to_owned);
        always is_active: bool;
        always created_at: Timestamp;
        /// Lists go without it.
        perhaps updated_at: Timestamp = Some(channel.updated_at);
    }
}

request! {
    /// A channel.
    #[schema(examples(json!({"name": "Web site", "type": "web", "company": 1})))]
    pub(crate) struct ChannelRequest for ChannelPatch {
        /// No other channel of the company has it.
        #[schema(min_length = 1, max_length = 255)]
        required name: ShortName;
        #[schema(min_length = 1, max_length = 100)]
        required r#type: ChannelType => channel_type;
        #[schema(required = false)]
        optional priority: Priority;
        /// The caller's own.
        required company: CompanyId;
        #[schema(required = false, default = true)]
        optional is_active: bool;
    }
}

operations! {
    in "channels", each a ChannelId, answering ChannelBody by ChannelBody::new;

    /// Lists the channels of the company.
    list at "/api/settings/channels/" for Subscriber calls list_channels, without updated_at;
    /// Creates a channel. Only administrators may.
    create at "/api/settings/channels/" for Administrator of ChannelRequest calls create_channel;
    /// Shows a channel.
    read at "/api/settings/channels/{id}/" for Subscriber calls read_channel;
    /// Changes a channel. Only administrators may.
    edit at "/api/settings/channels/{id}/" for Administrator of ChannelRequest calls edit_channel;
    /// Deletes a channel. Only administrators may.
    delete at "/api/settings/channels/{id}/" for Administrator calls delete_channel;
}
