//! The fields of a company in a request.

use super::{hours, region};
use crate::wire::fields::request;
use crate::wire::openapi::Specialization;
use tawzi_app::{CompanyUpdate, SettingsChange};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::UserId;
use tawzi_core::text::{CompanyName, Domain};

request! {
    /// A company.
    #[schema(examples(json!({"name": "My company", "domain": "my.example",
        "specialization": "services", "re_assign_enabled": true, "re_assign_hours": 24})))]
    pub(super) struct CompanyRequest for CompanyUpdate {
        #[schema(min_length = 1, max_length = 64)]
        required name: CompanyName;
        /// No other company has it.
        #[schema(min_length = 1, max_length = 256)]
        required domain: Domain;
        #[schema(required = false)]
        optional specialization: Specialization;
        /// Somebody of the company. A new one has nobody yet: its first administrator becomes its owner.
        given owner: Option<UserId>;
        /// Whether each new client goes to the least busy employee.
        #[schema(required = false, default = false)]
        optional auto_assign_enabled: bool;
        /// Whether neglected clients move on.
        #[schema(required = false, default = false)]
        optional re_assign_enabled: bool;
        #[schema(required = false)]
        optional re_assign_hours: ReAssignHours, by hours;
    }
}

request! {
    /// What is to change about how clients are distributed. Null is as good as nothing.
    #[schema(examples(json!({"auto_assign_enabled": true, "re_assign_enabled": true,
        "re_assign_hours": 24})))]
    pub(super) struct AssignmentSettingsRequest for SettingsChange {
        /// Whether each new client goes to the least busy employee.
        given auto_assign_enabled: Option<bool>;
        /// Whether neglected clients move on.
        given re_assign_enabled: Option<bool>;
        given re_assign_hours: Option<ReAssignHours>, by hours;
        /// Whether a phone number can belong to one client only.
        given unique_phones: Option<bool>;
        /// The two letters of the country of phone numbers that are written without one; none when empty.
        #[schema(example = "SA")]
        given phone_region: Option<String>, by region;
    }
}
