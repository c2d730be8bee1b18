//! Client statuses of a company.

use tawzi_core::id::{CompanyId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;

row! {
    /// A status a client can be in. Another category, and its deletion, change loads: whoever writes that
    /// holds the company's lock and recounts them.
    pub struct Status {
        /// Its company.
        pub company_id: CompanyId,
        /// Its id.
        pub id: StatusId,
        /// Its name, which no other status of the company has.
        pub name: String,
        /// What it is for.
        pub description: Option<String>,
        /// What it means for the load of an employee.
        pub category: StatusCategory,
        /// Its colour, `#rrggbb`.
        pub color: String,
        /// Whether new clients start with it.
        pub is_default: bool,
        /// Whether lists for people leave it out.
        pub is_hidden: bool,
        /// Whether it is in use.
        pub is_active: bool,
        /// When it was created.
        pub created_at: Timestamp,
        /// When it was changed last.
        pub updated_at: Timestamp,
    }
}

impl Status {
    /// One that is to be created, with what the reference gives it when nothing else is said.
    pub fn new(name: impl Into<String>, category: StatusCategory, at: Timestamp) -> Self {
        Self {
            company_id: CompanyId::new(0),
            id: StatusId::new(0),
            name: name.into(),
            description: None,
            category,
            color: "#808080".to_owned(),
            is_default: false,
            is_hidden: false,
            is_active: true,
            created_at: at,
            updated_at: at,
        }
    }
}

named_table! {
    Status with StatusId in "status" ordered by "t.is_default DESC, t.name",
    which "client" has as "status_id";
    columns: name 3, description 4, category 5, color 6, is_default 7, is_hidden 8, is_active 9;
    at 10;
    reads: status, status_named, page_of_statuses, count_statuses, statuses_of, status_id_given;
    writes: create_status, save_status, delete_status;
    impl TenantTx<'_> {
        /// Lets no other status be the default.
        pub fn clear_other_defaults(id: StatusId) {
            "UPDATE status
             SET is_default = FALSE
             WHERE company_id = $1 AND id <> $2 AND is_default"
        }
    }
}
