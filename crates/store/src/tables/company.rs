//! Companies and their settings for distributing clients.

mod registry;

pub use registry::CompanyEdit;
#[cfg(test)]
pub(crate) use registry::STATEMENTS as REGISTRY_STATEMENTS;

use crate::db::engine::{Reader, Tx};
use crate::db::sequence::Sequence;
use crate::error::Result;
use tawzi_core::company::{AutoAssign, ReAssignHours};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::load::Weights;
use tawzi_core::phone::PhoneRegion;
use tawzi_core::policy::Policy;
use tawzi_core::time::Timestamp;

row! {
    /// A company.
    pub struct Company {
        /// Its id.
        pub id: CompanyId,
        /// Its name.
        pub name: String,
        /// Its domain, which no other company has.
        pub domain: String,
        /// What it sells: `real_estate`, `services` or `products`.
        pub specialization: String,
        /// The administrator who owns it.
        pub owner_id: Option<UserId>,
        /// The owner's user name.
        pub owner_username: Option<String>,
        /// The owner's e-mail address.
        pub owner_email: Option<String>,
        /// Whether its registration was completed.
        pub registration_completed: bool,
        /// When.
        pub registration_completed_at: Option<Timestamp>,
        /// Whether a new client goes to the least busy employee by itself.
        pub auto_assign_enabled: bool,
        /// Whether neglected clients move on.
        pub re_assign_enabled: bool,
        /// After how many hours without contact.
        pub re_assign_hours: ReAssignHours,
        /// Whether a phone number can belong to one client only.
        pub unique_phones: bool,
        /// The country of numbers that are written without one.
        pub phone_region: Option<PhoneRegion>,
        /// When it was created.
        pub created_at: Timestamp,
        /// When it was changed last.
        pub updated_at: Timestamp,
    }
}

/// A company's settings for its clients.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of Company")]
pub struct CompanySettings {
    pub auto_assign_enabled: bool,
    pub re_assign_enabled: bool,
    pub re_assign_hours: ReAssignHours,
    pub unique_phones: bool,
    pub phone_region: Option<PhoneRegion>,
}

impl Company {
    /// How it distributes its clients.
    pub fn policy(&self) -> Policy {
        Policy {
            auto_assign: AutoAssign::from(self.auto_assign_enabled),
            re_assign: self.re_assign_enabled.then_some(self.re_assign_hours),
            weights: Weights::default(),
        }
    }

    /// Its settings.
    pub const fn settings(&self) -> CompanySettings {
        CompanySettings {
            auto_assign_enabled: self.auto_assign_enabled,
            re_assign_enabled: self.re_assign_enabled,
            re_assign_hours: self.re_assign_hours,
            unique_phones: self.unique_phones,
            phone_region: self.phone_region,
        }
    }
}

/// A company to be created.
#[derive(Clone, Debug)]
pub struct NewCompany<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its domain, which no other company may have.
    pub domain: &'a str,
    /// What it sells.
    pub specialization: &'a str,
    /// Whether a new client goes to the least busy employee by itself.
    pub auto_assign_enabled: bool,
    /// Whether neglected clients move on.
    pub re_assign_enabled: bool,
    /// After how many hours without contact.
    pub re_assign_hours: ReAssignHours,
    /// Now.
    pub created_at: Timestamp,
}

/// The columns of a company, by name: a server that runs goes on when a later version adds another.
macro_rules! columns {
    () => {
        "c.id, c.name, c.domain, c.specialization, c.owner_id, c.registration_completed,
         c.registration_completed_at, c.auto_assign_enabled, c.re_assign_enabled,
         c.re_assign_hours, c.unique_phones, c.phone_region, c.created_at, c.updated_at"
    };
}

/// The beginning of a statement that reads companies with the names of their owners.
const SELECT: &str = concat!(
    "SELECT ",
    columns!(),
    ", o.username AS owner_username, o.email AS owner_email"
);

statements! {
    READ_ONE = [
        "SELECT " (TEXT columns) ", o.username AS owner_username, o.email AS owner_email
         FROM company c
         LEFT JOIN user_account o ON o.id = c.owner_id
         WHERE c.id = $1"
    ];
    READ_ALL = [
        "SELECT " (TEXT columns) ", o.username AS owner_username, o.email AS owner_email
         FROM company c
         LEFT JOIN user_account o ON o.id = c.owner_id
         ORDER BY c.id"
    ];
    LOCK = ["SELECT id FROM company WHERE id = $1" LOCK_ROWS];
    /// In order of id, so that two transactions that lock several never wait for each other. A row that
    /// was waited for is read as it is afterwards; of other tables that would not be true.
    LOCK_MANY = [
        "SELECT " (TEXT columns) ", NULL AS owner_username, NULL AS owner_email
         FROM company c
         WHERE c.id" IN_IDS "
         ORDER BY c.id" LOCK_ROWS
    ];
    /// Whoever passes over what others have locked waits for nobody, and so may hold other locks already.
    LOCK_FREE = [
        "SELECT " (TEXT columns) ", NULL AS owner_username, NULL AS owner_email
         FROM company c
         WHERE c.id" IN_IDS "
         ORDER BY c.id" LOCK_FREE_ROWS
    ];
    TAKE_TURN = ["SELECT " TURN];
    /// One probe of the index of due clients for each company: with nothing due, no client is read.
    READ_DUE = [
        "SELECT c.id
         FROM company c
         WHERE c.re_assign_enabled
           AND ($2 = 0 OR c.id = $2)
           AND (SELECT 1
                FROM client k
                WHERE k.company_id = c.id
                  AND k.assigned_to IS NOT NULL
                  AND k.touched_at < $1 - c.re_assign_hours * 3600000000
                ORDER BY k.touched_at
                LIMIT 1) = 1
         ORDER BY c.id"
    ];
    SAVE_SETTINGS = [
        "UPDATE company
         SET auto_assign_enabled = $2, re_assign_enabled = $3, re_assign_hours = $4,
             unique_phones = $5, phone_region = $6
         WHERE id = $1"
    ];
    SAVE_OWNER = ["UPDATE company SET owner_id = $2 WHERE id = $1"];
    INSERT = [
        "INSERT INTO company (id, name, domain, specialization, owner_id, registration_completed,
             registration_completed_at, auto_assign_enabled, re_assign_enabled, re_assign_hours,
             created_at, updated_at)
         VALUES ($1, $2, $3, $4, NULL, TRUE, $8, $5, $6, $7, $8, $8)"
    ];
    COUNT = ["SELECT COUNT(*) FROM company"];
}

impl Reader {
    /// The company with that id.
    pub async fn company(&mut self, id: CompanyId) -> Result<Option<Company>> {
        fetch_optional!(self, Company, READ_ONE, id.get())
    }

    /// Every company, by id.
    pub async fn companies(&mut self) -> Result<Vec<Company>> {
        fetch_all!(self, Company, READ_ALL)
    }

    /// How many companies there are.
    pub async fn count_companies(&mut self) -> Result<i64> {
        Ok(fetch_one!(self, (i64,), COUNT)?.0)
    }

    /// The companies that sweep and have at least one stale client at `now`, by id; `only` looks
    /// at a single company. Costs one index probe per company, whatever the number of clients.
    pub async fn companies_with_due_clients(
        &mut self,
        now: Timestamp,
        only: Option<CompanyId>,
    ) -> Result<Vec<CompanyId>> {
        let only = only.map_or(0, CompanyId::get);
        let ids = fetch_all!(self, (i64,), READ_DUE, now.microseconds(), only)?;
        Ok(ids.into_iter().map(|(id,)| CompanyId::new(id)).collect())
    }
}

impl Tx {
    /// The company as it is once every other transaction that distributes its clients is through;
    /// until commit no other can. Choices are made under this lock.
    pub async fn lock_company(&mut self, id: CompanyId) -> Result<Option<Company>> {
        // In a statement of its own: one that waited for the lock would go on with the rows as
        // they were before it waited.
        fetch_all!(self, (i64,), LOCK, id.get())?;
        self.company(id).await
    }

    /// Several companies, locked like a single one by [`Tx::lock_company`], in order of id; their owners' names are left out.
    pub async fn lock_companies(&mut self, ids: &[CompanyId]) -> Result<Vec<Company>> {
        let ids = serde_json::to_string(ids)?;
        fetch_all!(self, Company, LOCK_MANY, &ids)
    }

    /// Locks those of the companies that nobody else has locked, and waits for none; the others are left
    /// out, as are those that do not exist. Their owners' names are left out.
    pub async fn lock_free_companies(&mut self, ids: &[CompanyId]) -> Result<Vec<Company>> {
        let ids = serde_json::to_string(ids)?;
        fetch_all!(self, Company, LOCK_FREE, &ids)
    }

    /// Waits for every other transaction that has taken its turn; those that take it write one after the other.
    ///
    /// [`crate::Error::Busy`], after which the transaction is of no use any more, when that takes 0.3 s.
    pub async fn take_turn(&mut self) -> Result<()> {
        execute!(self, TAKE_TURN)?;
        Ok(())
    }

    /// Saves the settings.
    pub async fn save_settings(&mut self, id: CompanyId, settings: CompanySettings) -> Result<()> {
        execute!(
            self,
            SAVE_SETTINGS,
            id.get(),
            settings.auto_assign_enabled,
            settings.re_assign_enabled,
            settings.re_assign_hours.get(),
            settings.unique_phones,
            settings.phone_region.as_ref().map(PhoneRegion::as_str)
        )?;
        Ok(())
    }

    /// Makes that person the company's owner.
    pub async fn save_owner(&mut self, id: CompanyId, owner: UserId) -> Result<()> {
        execute!(self, SAVE_OWNER, id.get(), owner.get())?;
        Ok(())
    }

    /// Creates a company; [`crate::Error::Conflict`] when the domain is taken.
    pub async fn create_company(&mut self, new: NewCompany<'_>) -> Result<CompanyId> {
        let id = self.take_id(Sequence::Company).await?;
        execute!(
            self,
            INSERT,
            id,
            new.name,
            new.domain,
            new.specialization,
            new.auto_assign_enabled,
            new.re_assign_enabled,
            new.re_assign_hours.get(),
            new.created_at.microseconds()
        )?;
        Ok(CompanyId::new(id))
    }
}
