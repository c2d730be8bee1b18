//! What a request says about a client.

use super::phones::{self, PhoneRequest};
use crate::wire::fields::{FieldValue as _, key_or_zero, request, text};
use tawzi_app::ClientChange;
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::text::{ClientName, PhoneText};

request! {
    /// A client.
    #[schema(examples(json!({"name": "Rana", "priority": "medium", "type": "fresh", "company": 1,
        "budget": "150000.00", "phone_number": "+963944111222"})))]
    pub(super) struct ClientRequest for ClientChange {
        #[schema(min_length = 1, max_length = 255)]
        required name: String, by text(ClientName::parse);
        required priority: Priority;
        required r#type: ClientType => client_type;
        /// The channel by which the client came: one of the company.
        nullable communication_way: Option<ChannelId> => channel;
        /// One of the company.
        nullable status: Option<StatusId>;
        /// An amount of at most 10 digits before the point and 2 behind it; empty means none.
        #[schema(pattern = r"^([+-]?\d{1,10}(\.\d{0,2})?)?$")]
        nullable budget: Option<String>, by Budget::read;
        #[schema(max_length = 20)]
        nullable phone_number: Option<String>, by text(PhoneText::parse);
        /// All numbers of the client; those that are not listed are deleted. Without it a new client's
        /// `phone_number` becomes the only one.
        #[schema(max_items = 50)]
        given phone_numbers: Option<Vec<PhoneRequest>> => phones, by phones::read;
        /// The caller's own.
        required company: CompanyId;
        /// An employee or administrator of the company who may work; null and 0 mean nobody.
        nullable assigned_to: Option<UserId>, by key_or_zero;
    }
}
