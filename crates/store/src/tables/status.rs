//! Client statuses of a company.

use crate::db::dialect::Sql;
use crate::db::sequence::Sequence;
use crate::db::tenant::{Tenant, TenantTx};
use crate::error::Result;
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
    columns: "t.company_id, t.id, t.name, t.description, t.category, t.color, t.is_default,
             t.is_hidden, t.is_active, t.created_at, t.updated_at";
    reads: status, status_named, page_of_statuses, count_statuses, statuses_of, status_exists;
    writes: create_status, save_status, delete_status with write_status, Sequence::Status;
    INSERT = [
        "INSERT INTO status (company_id, id, name, description, category, color, is_default,
             is_hidden, is_active, updated_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)"
    ];
    SAVE = [
        "UPDATE status
         SET name = $3, description = $4, category = $5, color = $6, is_default = $7,
             is_hidden = $8, is_active = $9, updated_at = $10
         WHERE company_id = $1 AND id = $2"
    ];
    CLEAR_OTHER_DEFAULTS = [
        "UPDATE status
         SET is_default = FALSE
         WHERE company_id = $1 AND id <> $2 AND is_default"
    ];
}

impl Tenant<'_> {
    /// The statuses, the default first, then by name.
    pub async fn statuses(&mut self) -> Result<Vec<Status>> {
        self.page_of_statuses(0, i64::MAX).await
    }
}

impl TenantTx<'_> {
    /// Lets no other status be the default.
    pub async fn clear_other_defaults(&mut self, id: StatusId) -> Result<()> {
        let company = self.company().get();
        execute!(self, CLEAR_OTHER_DEFAULTS, company, id.get())?;
        Ok(())
    }

    async fn write_status(&mut self, statement: Sql, status: &Status) -> Result<()> {
        let company = self.company().get();
        execute!(
            self,
            statement,
            company,
            status.id.get(),
            &status.name,
            status.description.as_deref(),
            status.category.as_str(),
            &status.color,
            status.is_default,
            status.is_hidden,
            status.is_active,
            status.updated_at.microseconds()
        )?;
        Ok(())
    }
}
