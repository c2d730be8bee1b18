//! The statuses of a company's clients.

use crate::wire::fields::request;
use serde::Serialize;
use tawzi_app::{Actor, Status, StatusPatch, Thing};
use tawzi_core::id::{CompanyId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_core::text::{Colour, Notes, ShortName};
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

/// A status.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusBody {
    id: StatusId,
    name: String,
    #[schema(required)]
    description: Option<String>,
    category: StatusCategory,
    color: String,
    /// Whether new clients have it.
    is_default: bool,
    is_hidden: bool,
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
    /// A status.
    #[schema(examples(json!({"name": "Interested", "category": "active", "company": 1})))]
    pub(crate) struct StatusRequest for StatusPatch {
        /// No other status of the company has it.
        #[schema(min_length = 1, max_length = 255)]
        required name: ShortName;
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

setting_handlers! {
    StatusRequest, StatusBody, StatusId, called Thing::Status, in "statuses";
    "/api/settings/statuses/":
        /// Lists the statuses of the company.
        list_statuses,
        /// Creates a status. Only administrators may.
        create_status;
    "/api/settings/statuses/{id}/":
        /// Shows a status.
        read_status,
        /// Changes a status. Only administrators may.
        edit_status,
        /// Deletes a status. Only administrators may.
        delete_status;
}

impl StatusBody {
    fn new(actor: &Actor, status: Status) -> Self {
        Self {
            id: status.id,
            name: status.name,
            description: status.description,
            category: status.category,
            color: status.color,
            is_default: status.is_default,
            is_hidden: status.is_hidden,
            company: status.company_id,
            company_name: actor.company_name().map(str::to_owned),
            is_active: status.is_active,
            created_at: status.created_at,
            updated_at: Some(status.updated_at),
        }
    }
}
