//! Client statuses of a company.

use crate::db::engine::Reader;
use crate::db::sequence::Sequence;
use crate::db::tenant::{Tenant, TenantTx, ids_of};
use crate::error::Result;
use std::collections::BTreeSet;
use tawzi_core::id::{CompanyId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;

record! {
    /// A status a client can be in.
    pub struct Status {
        /// Its company.
        pub company_id: CompanyId,
        /// Its id.
        pub id: StatusId,
        /// Its name.
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

/// A status to be created.
#[derive(Clone, Copy, Debug)]
pub struct NewStatus<'a> {
    /// Its name, which no other status of the company may have.
    pub name: &'a str,
    /// What it means for the load of an employee.
    pub category: StatusCategory,
    /// Its colour, `#rrggbb`.
    pub color: &'a str,
    /// Whether new clients start with it.
    pub is_default: bool,
}

/// What a status becomes.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of Status")]
pub struct StatusEdit<'a> {
    pub name: &'a str,
    pub description: Option<&'a str>,
    pub category: StatusCategory,
    pub color: &'a str,
    pub is_default: bool,
    pub is_hidden: bool,
    pub is_active: bool,
    pub updated_at: Timestamp,
}

/// The columns of a status, by name: a server that runs goes on when a later version adds another.
macro_rules! columns {
    () => {
        "t.company_id, t.id, t.name, t.description, t.category, t.color, t.is_default,
         t.is_hidden, t.is_active, t.created_at, t.updated_at"
    };
}

statements! {
    READ_PAGE = [
        "SELECT " (TEXT columns) "
         FROM status t
         WHERE t.company_id = $1
         ORDER BY t.is_default DESC, t.name
         LIMIT $2 OFFSET $3"
    ];
    COUNT = ["SELECT COUNT(*) FROM status WHERE company_id = $1"];
    READ_ONE = [
        "SELECT " (TEXT columns) " FROM status t WHERE t.company_id = $1 AND t.id = $2"
    ];
    FIND = ["SELECT id FROM status WHERE company_id = $1 AND name = $2"];
    READ_MANY = ["SELECT " (TEXT columns) " FROM status t WHERE t.id" IN_IDS];
    EXISTS_ANYWHERE = ["SELECT 1 FROM status WHERE id = $1 LIMIT 1"];
    INSERT = [
        "INSERT INTO status (company_id, id, name, category, color, is_default, is_hidden,
             is_active, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, FALSE, TRUE, $7, $7)"
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
    TAKE_FROM_CLIENTS = [
        "UPDATE client SET status_id = NULL WHERE company_id = $1 AND status_id = $2"
    ];
    DELETE = ["DELETE FROM status WHERE company_id = $1 AND id = $2"];
}

impl Reader {
    /// Whether any company has a status with that id. The reference tells an unknown status from
    /// one of another company; nothing else of it is revealed.
    pub async fn status_exists(&mut self, id: StatusId) -> Result<bool> {
        Ok(fetch_optional!(self, (i32,), EXISTS_ANYWHERE, id.get())?.is_some())
    }
}

impl Reader {
    /// Those of the given statuses that are in the given company.
    pub async fn statuses_of(
        &mut self,
        wanted: &BTreeSet<(CompanyId, StatusId)>,
    ) -> Result<Vec<Status>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let found = fetch_all!(self, Status, READ_MANY, &ids_of(wanted)?)?;
        let is_wanted = |status: &Status| wanted.contains(&(status.company_id, status.id));
        Ok(found.into_iter().filter(is_wanted).collect())
    }
}

impl Tenant<'_> {
    /// The statuses, the default first, then by name.
    pub async fn statuses(&mut self) -> Result<Vec<Status>> {
        self.page_of_statuses(0, i64::MAX).await
    }

    /// A page of them.
    pub async fn page_of_statuses(&mut self, offset: i64, limit: i64) -> Result<Vec<Status>> {
        let company = self.company().get();
        fetch_all!(self, Status, READ_PAGE, company, limit, offset)
    }

    /// How many there are.
    pub async fn count_statuses(&mut self) -> Result<i64> {
        let company = self.company().get();
        Ok(fetch_one!(self, (i64,), COUNT, company)?.0)
    }

    /// The status with that id.
    pub async fn status(&mut self, id: StatusId) -> Result<Option<Status>> {
        let company = self.company().get();
        fetch_optional!(self, Status, READ_ONE, company, id.get())
    }

    /// The status that has exactly that name.
    pub async fn status_named(&mut self, name: &str) -> Result<Option<StatusId>> {
        let company = self.company().get();
        let found = fetch_optional!(self, (i64,), FIND, company, name)?;
        Ok(found.map(|(id,)| StatusId::new(id)))
    }
}

impl TenantTx<'_> {
    /// Creates a status; [`crate::Error::Conflict`] when the name is taken.
    pub async fn create_status(&mut self, new: NewStatus<'_>, at: Timestamp) -> Result<StatusId> {
        let company = self.company().get();
        let id = self.take_id(Sequence::Status).await?;
        execute!(
            self,
            INSERT,
            company,
            id,
            new.name,
            new.category.as_str(),
            new.color,
            new.is_default,
            at.microseconds()
        )?;
        Ok(StatusId::new(id))
    }

    /// Saves what a status becomes; [`crate::Error::Conflict`] when the name is taken. Another
    /// category changes loads: the caller holds the company's lock and recounts them.
    pub async fn save_status(&mut self, id: StatusId, edit: StatusEdit<'_>) -> Result<()> {
        let company = self.company().get();
        execute!(
            self,
            SAVE,
            company,
            id.get(),
            edit.name,
            edit.description,
            edit.category.as_str(),
            edit.color,
            edit.is_default,
            edit.is_hidden,
            edit.is_active,
            edit.updated_at.microseconds()
        )?;
        Ok(())
    }

    /// Lets no other status be the default.
    pub async fn clear_other_defaults(&mut self, id: StatusId) -> Result<()> {
        let company = self.company().get();
        execute!(self, CLEAR_OTHER_DEFAULTS, company, id.get())?;
        Ok(())
    }

    /// Deletes the status and says how many clients were in it; they are in none. That changes
    /// loads: the caller holds the company's lock and recounts them.
    pub async fn delete_status(&mut self, id: StatusId) -> Result<u64> {
        let company = self.company().get();
        let clients = execute!(self, TAKE_FROM_CLIENTS, company, id.get())?;
        execute!(self, DELETE, company, id.get())?;
        Ok(clients)
    }
}
