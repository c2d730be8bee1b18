//! How a client is answered.

use crate::wire::answer::answer;
use tawzi_app::{Actor, Client, ClientPhone, ClientWithPhones};
use tawzi_core::id::{ChannelId, ClientId, CompanyId, PhoneNumberId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::time::Timestamp;

answer! {
    /// A client; names are left out, not null, where there is nothing to name.
    pub(crate) struct ClientBody of client: Client, phones: Vec<ClientPhone>, reader: &Actor {
        always id: ClientId;
        always name: String;
        /// `low`, `medium` or `high`; imported clients may have other words.
        always priority: String;
        /// `fresh` or `cold`; imported clients may have other words.
        always r#type: String = client.client_type;
        /// The channel by which the client came.
        nullable communication_way: ChannelId = client.channel_id;
        perhaps communication_way_name: String = client.channel_name;
        nullable status: StatusId = client.status_id;
        perhaps status_name: String;
        nullable budget: Budget = client.budget_hundredths;
        nullable phone_number: String;
        /// The primary one first.
        always phone_numbers: Vec<PhoneBody> = phones.into_iter().map(PhoneBody::new).collect();
        always company: CompanyId = client.company_id;
        perhaps company_name: String = reader.company_name().map(str::to_owned);
        /// Who holds the client.
        nullable assigned_to: UserId;
        perhaps assigned_to_username: String;
        /// Since when.
        nullable assigned_at: Timestamp;
        /// When somebody last logged an activity, since then.
        nullable last_contacted_at: Timestamp;
        /// When the client becomes neglected; null where nobody holds the client or the company
        /// does not re-assign.
        nullable due_at: Timestamp;
        always created_at: Timestamp;
        /// Lists go without it.
        perhaps updated_at: Timestamp = Some(client.updated_at);
    }
}

answer! {
    struct PhoneBody of phone: ClientPhone {
        always id: PhoneNumberId;
        always phone_number: String;
        /// `mobile`, `home`, `work` or `other`.
        always phone_type: String;
        always is_primary: bool;
        nullable notes: String;
        always created_at: Timestamp;
        always updated_at: Timestamp;
    }
}

impl ClientBody {
    /// A client by itself. Whoever reads it is of the client's company.
    pub(super) fn of(found: ClientWithPhones, reader: &Actor) -> Self {
        Self::new(found.client, found.phones, reader)
    }

    /// A row of a list.
    pub(super) fn row(found: ClientWithPhones, reader: &Actor) -> Self {
        Self {
            updated_at: None,
            ..Self::of(found, reader)
        }
    }
}
