//! Companies as those who administer all of them see them: lists, edits, and removal.

use super::Company;
use crate::db::engine::{Reader, Tx};
use crate::db::run;
use crate::db::tenant::TenantTx;
use crate::error::Result;
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::time::Timestamp;

/// What a company's own fields become.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of Company")]
pub struct CompanyEdit<'a> {
    pub name: &'a str,
    pub domain: &'a str,
    pub specialization: &'a str,
    pub owner: Option<UserId>,
    pub auto_assign_enabled: bool,
    pub re_assign_enabled: bool,
    pub re_assign_hours: ReAssignHours,
    pub updated_at: Timestamp,
}

const FROM: &str = "
         FROM company c
         LEFT JOIN user_account o ON o.id = c.owner_id
         WHERE TRUE";

statements! {
    FIND_DOMAIN = ["SELECT id FROM company WHERE domain = $1"];
    SAVE = [
        "UPDATE company
         SET name = $2, domain = $3, specialization = $4, owner_id = $5, auto_assign_enabled = $6,
             re_assign_enabled = $7, re_assign_hours = $8, updated_at = $9
         WHERE id = $1"
    ];
    DISOWN = ["UPDATE company SET owner_id = NULL WHERE id = $1"];
    /// Phone numbers, activities and events go with their clients.
    DELETE_CLIENTS = ["DELETE FROM client WHERE company_id = $1"];
    DELETE_LOADS = ["DELETE FROM employee_load WHERE company_id = $1"];
    DELETE_SWEEPS = ["DELETE FROM sweep_company WHERE company_id = $1"];
    DELETE_STATUSES = ["DELETE FROM status WHERE company_id = $1"];
    DELETE_STAGES = ["DELETE FROM stage WHERE company_id = $1"];
    DELETE_CHANNELS = ["DELETE FROM channel WHERE company_id = $1"];
    DELETE_SUBSCRIPTIONS = ["DELETE FROM subscription WHERE company_id = $1"];
    DELETE_PEOPLE = ["DELETE FROM user_account WHERE company_id = $1"];
    DELETE = ["DELETE FROM company WHERE id = $1"];
}

/// The columns a search looks into.
const SEARCHED: [&str; 3] = ["c.name", "c.domain", "o.username"];

impl Reader {
    /// How many companies have all the words in their name, domain or owner's user name.
    pub async fn count_companies_with(&mut self, words: &[String]) -> Result<i64> {
        let (count,): (i64,) = on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new("SELECT COUNT(*)");
            query.push(FROM);
            push_words!(query, words, SEARCHED);
            run::fetch_one(connection, query.build()).await?
        });
        Ok(count)
    }

    /// A page of them, the newest first.
    pub async fn companies_with(
        &mut self,
        words: &[String],
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Company>> {
        Ok(on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(super::SELECT);
            query.push(FROM);
            push_words!(query, words, SEARCHED);
            query.push(" ORDER BY c.created_at DESC, c.id DESC LIMIT ").push_bind(limit);
            query.push(" OFFSET ").push_bind(offset);
            run::fetch_all(connection, query.build()).await?
        }))
    }

    /// The company with that domain.
    pub async fn company_of_domain(&mut self, domain: &str) -> Result<Option<CompanyId>> {
        let found = fetch_optional!(self, (i64,), FIND_DOMAIN, domain)?;
        Ok(found.map(|(id,)| CompanyId::new(id)))
    }
}

impl Tx {
    /// Saves the company's own fields; [`crate::Error::Conflict`] when the domain is taken.
    pub async fn save_company(&mut self, id: CompanyId, edit: &CompanyEdit<'_>) -> Result<()> {
        execute!(
            self,
            SAVE,
            id.get(),
            edit.name,
            edit.domain,
            edit.specialization,
            edit.owner.map(UserId::get),
            edit.auto_assign_enabled,
            edit.re_assign_enabled,
            edit.re_assign_hours.get(),
            edit.updated_at.microseconds()
        )?;
        Ok(())
    }
}

impl TenantTx<'_> {
    /// Deletes the company with everything and everybody of it; [`crate::Error::Conflict`] when
    /// one of its people stands in the tables of another company.
    pub async fn delete_company(&mut self) -> Result<()> {
        let company = self.company().get();
        execute!(self, DISOWN, company)?;
        execute!(self, DELETE_CLIENTS, company)?;
        execute!(self, DELETE_LOADS, company)?;
        execute!(self, DELETE_SWEEPS, company)?;
        execute!(self, DELETE_STATUSES, company)?;
        execute!(self, DELETE_STAGES, company)?;
        execute!(self, DELETE_CHANNELS, company)?;
        execute!(self, DELETE_SUBSCRIPTIONS, company)?;
        execute!(self, DELETE_PEOPLE, company)?;
        execute!(self, DELETE, company)?;
        Ok(())
    }
}
