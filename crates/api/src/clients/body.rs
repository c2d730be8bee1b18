//! How a client is answered.

use serde::Serialize;
use tawzi_app::{Actor, ClientPhone, ClientWithPhones};
use tawzi_core::id::{ChannelId, ClientId, CompanyId, PhoneNumberId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

/// A client; names are left out, not null, where there is nothing to name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientBody {
    id: ClientId,
    name: String,
    /// `low`, `medium` or `high`; imported clients may have other words.
    priority: String,
    /// `fresh` or `cold`; imported clients may have other words.
    r#type: String,
    /// The channel by which the client came.
    #[schema(required)]
    communication_way: Option<ChannelId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    communication_way_name: Option<String>,
    #[schema(required)]
    status: Option<StatusId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    status_name: Option<String>,
    #[schema(required)]
    budget: Option<Budget>,
    #[schema(required)]
    phone_number: Option<String>,
    /// The primary one first.
    phone_numbers: Vec<PhoneBody>,
    company: CompanyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_name: Option<String>,
    /// Who holds the client.
    #[schema(required)]
    assigned_to: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    assigned_to_username: Option<String>,
    /// Since when.
    #[schema(required)]
    assigned_at: Option<Timestamp>,
    /// When somebody last logged an activity, since then.
    #[schema(required)]
    last_contacted_at: Option<Timestamp>,
    /// When the client becomes neglected; null where nobody holds the client or the company
    /// does not re-assign.
    #[schema(required)]
    due_at: Option<Timestamp>,
    created_at: Timestamp,
    /// Lists go without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    updated_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
struct PhoneBody {
    id: PhoneNumberId,
    phone_number: String,
    /// `mobile`, `home`, `work` or `other`.
    phone_type: String,
    is_primary: bool,
    #[schema(required)]
    notes: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ClientBody {
    /// A row of a list.
    pub(super) fn row(client: ClientWithPhones, reader: &Actor) -> Self {
        Self {
            updated_at: None,
            ..Self::detail(client, reader)
        }
    }

    /// A client by itself. Whoever reads it is of the client's company.
    pub(super) fn detail(found: ClientWithPhones, reader: &Actor) -> Self {
        let client = found.client;
        Self {
            id: client.id,
            name: client.name,
            priority: client.priority,
            r#type: client.client_type,
            communication_way: client.channel_id,
            communication_way_name: client.channel_name,
            status: client.status_id,
            status_name: client.status_name,
            budget: client.budget_hundredths,
            phone_number: client.phone_number,
            phone_numbers: found.phones.into_iter().map(PhoneBody::from).collect(),
            company: client.company_id,
            company_name: reader.company_name().map(str::to_owned),
            assigned_to: client.assigned_to,
            assigned_to_username: client.assigned_to_username,
            assigned_at: client.assigned_at,
            last_contacted_at: client.last_contacted_at,
            due_at: client.due_at,
            created_at: client.created_at,
            updated_at: Some(client.updated_at),
        }
    }
}

impl From<ClientPhone> for PhoneBody {
    fn from(phone: ClientPhone) -> Self {
        Self {
            id: phone.id,
            phone_number: phone.phone_number,
            phone_type: phone.phone_type,
            is_primary: phone.is_primary,
            notes: phone.notes,
            created_at: phone.created_at,
            updated_at: phone.updated_at,
        }
    }
}
