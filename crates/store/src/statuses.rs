//! Client statuses of a company.

use crate::engine::Reader;
use crate::error::Result;
use crate::sequence::Sequence;
use crate::tenant::{Tenant, TenantTx};
use serde::Serialize;
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
        /// What it means for the load of an employee.
        pub category: StatusCategory,
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

#[derive(Serialize)]
struct WantedRow {
    company_id: CompanyId,
    id: StatusId,
}

statements! {
    READ_ALL = [
        "SELECT company_id, id, name, category
         FROM status
         WHERE company_id = $1
         ORDER BY is_default DESC, name"
    ];
    READ_MANY = [
        "SELECT t.company_id, t.id, t.name, t.category
         FROM " (ROWS company_id BIGINT, id BIGINT) "
         JOIN status t ON t.company_id = r.company_id AND t.id = r.id"
    ];
    EXISTS_ANYWHERE = ["SELECT 1 FROM status WHERE id = $1 LIMIT 1"];
    INSERT = [
        "INSERT INTO status (company_id, id, name, category, color, is_default, is_hidden,
             is_active, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, FALSE, TRUE, $7, $7)"
    ];
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
        let rows: Vec<_> = wanted
            .iter()
            .map(|&(company_id, id)| WantedRow { company_id, id })
            .collect();
        let rows = serde_json::to_string(&rows)?;
        fetch_all!(self, Status, READ_MANY, &rows)
    }
}

impl Tenant<'_> {
    /// The statuses, the default first, then by name.
    pub async fn statuses(&mut self) -> Result<Vec<Status>> {
        let company = self.company().get();
        fetch_all!(self, Status, READ_ALL, company)
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
}
