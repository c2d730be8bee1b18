//! The channels by which a company's clients come.

use crate::wire::fields::request;
use serde::Serialize;
use tawzi_app::{Actor, Channel, ChannelPatch, Thing};
use tawzi_core::client::Priority;
use tawzi_core::id::{ChannelId, CompanyId};
use tawzi_core::text::{ChannelType, ShortName};
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

/// A channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelBody {
    id: ChannelId,
    name: String,
    #[serde(rename = "type")]
    channel_type: String,
    /// `low`, `medium` or `high`.
    priority: String,
    company: CompanyId,
    #[schema(required)]
    company_name: Option<String>,
    is_active: bool,
    created_at: Timestamp,
    /// Lists go without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    updated_at: Option<Timestamp>,
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

setting_handlers! {
    ChannelRequest, ChannelBody, ChannelId, called Thing::Channel, in "channels";
    "/api/settings/channels/":
        /// Lists the channels of the company.
        list_channels,
        /// Creates a channel. Only administrators may.
        create_channel;
    "/api/settings/channels/{id}/":
        /// Shows a channel.
        read_channel,
        /// Changes a channel. Only administrators may.
        edit_channel,
        /// Deletes a channel. Only administrators may.
        delete_channel;
}

impl ChannelBody {
    fn new(actor: &Actor, channel: Channel) -> Self {
        Self {
            id: channel.id,
            name: channel.name,
            channel_type: channel.channel_type,
            priority: channel.priority,
            company: channel.company_id,
            company_name: actor.company_name().map(str::to_owned),
            is_active: channel.is_active,
            created_at: channel.created_at,
            updated_at: Some(channel.updated_at),
        }
    }
}
