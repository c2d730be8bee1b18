//! How a client is answered.

use serde::Serialize;
use tawzi_app::{Actor, ClientPhone, ClientWithPhones};
use tawzi_core::client::Budget;
use tawzi_core::id::{ChannelId, ClientId, CompanyId, PhoneNumberId, StatusId, UserId};
use tawzi_core::time::Timestamp;

/// A client; names are left out, not null, where there is nothing to name.
#[derive(Debug, Serialize)]
pub(crate) struct ClientBody {
    id: ClientId,
    name: String,
    priority: String,
    r#type: String,
    communication_way: Option<ChannelId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    communication_way_name: Option<String>,
    status: Option<StatusId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_name: Option<String>,
    budget: Option<Budget>,
    phone_number: Option<String>,
    phone_numbers: Vec<PhoneBody>,
    company: CompanyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<String>,
    assigned_to: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_to_username: Option<String>,
    assigned_at: Option<Timestamp>,
    last_contacted_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    created_at: Timestamp,
    /// Lists go without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct PhoneBody {
    id: PhoneNumberId,
    phone_number: String,
    phone_type: String,
    is_primary: bool,
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
            company_name: reader.user().company_name.clone(),
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
