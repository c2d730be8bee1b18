//! The statuses of a company's clients.

use crate::wire::answer::answer;
use crate::wire::caller::{Administrator, Subscriber};
use crate::wire::fields::request;
use crate::wire::operations::operations;
use tawzi_app::{Actor, Status, StatusPatch};
use tawzi_core::id::{CompanyId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_core::text::{Colour, Notes, ShortName};
use tawzi_core::time::Timestamp;

answer! {
    /// A status.
    pub(crate) struct StatusBody of status: Status, reader: &Actor {
        always id: StatusId;
        always name: String;
        nullable description: String;
        always category: StatusCategory;
        always color: String;
        /// Whether new clients have it.
        always is_default: bool;
        always is_hidden: bool;
        always company: CompanyId = status.company_id;
        nullable company_name: String = reader.company_name().map(str::to_owned);
        always is_active: bool;
        always created_at: Timestamp;
        /// Lists go without it.
        perhaps updated_at: Timestamp = Some(status.updated_at);
    }
}

request! {
    /// A status.
    #[schema(examples(json!({"name": "Interested", "category": "active", "company": 1})))]
    pub(crate) struct StatusRequest for StatusPatch {
        /// No other status of the company has it.
        #[schema(min_length = 1, max_length = 255)]
        required name: ShortName;
        #[schema(max_length = 10_000)]
        nullable description: Option<Notes>;
        required category: StatusCategory;
        #[schema(required = false, min_length = 1, max_length = 7, default = "#808080")]
        optional color: Colour;
        /// Whether new clients have it; one of the company's statuses can.
        #[schema(required = false, default = false)]
        optional is_default: bool;
        #[schema(required = false, default = false)]
        optional is_hidden: bool;
        /// The caller's own.
        required company: CompanyId;
        #[schema(required = false, default = true)]
        optional is_active: bool;
    }
}

operations! {
    in "statuses", each a StatusId, answering StatusBody by StatusBody::new;

    /// Lists the statuses of the company.
    list at "/api/settings/statuses/" for Subscriber calls list_statuses, without updated_at;
    /// Creates a status. Only administrators may.
    create at "/api/settings/statuses/" for Administrator of StatusRequest calls create_status;
    /// Shows a status.
    read at "/api/settings/statuses/{id}/" for Subscriber calls read_status;
    /// Changes a status. Only administrators may.
    edit at "/api/settings/statuses/{id}/" for Administrator of StatusRequest calls edit_status;
    /// Deletes a status. Only administrators may.
    delete at "/api/settings/statuses/{id}/" for Administrator calls delete_status;
}
