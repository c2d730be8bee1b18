//! Companies and their settings for distributing clients.

use crate::db::engine::{Reader, Tx};
use crate::db::tenant::TenantTx;
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

impl Company {
    /// How it distributes its clients.
    pub fn policy(&self) -> Policy {
        Policy {
            auto_assign: AutoAssign::from(self.auto_assign_enabled),
            re_assign: self.re_assign_enabled.then_some(self.re_assign_hours),
            weights: Weights::default(),
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

/// The beginning of a statement that reads companies, up to the names of their owners. It names each column: a server
/// that runs goes on when a later version adds another.
macro_rules! select_company {
    () => {
        "SELECT c.id, c.name, c.domain, c.specialization, c.owner_id, c.registration_completed,
             c.registration_completed_at, c.auto_assign_enabled, c.re_assign_enabled,
             c.re_assign_hours, c.unique_phones, c.phone_region, c.created_at, c.updated_at,"
    };
}

/// What follows on `select_company!` where the names of the owners are read, too.
macro_rules! with_owners {
    () => {
        " o.username AS owner_username, o.email AS owner_email
         FROM company c
         LEFT JOIN user_account o ON o.id = c.owner_id"
    };
}

/// What follows on `select_company!` where they are not, up to the condition on the id: a lock is of companies alone.
macro_rules! of_ids {
    () => {
        " NULL AS owner_username, NULL AS owner_email
         FROM company c
         WHERE c.id"
    };
}

statements! {
    const LOCK = ["SELECT id FROM company WHERE id = $1" LOCK_ROWS];
    const DISOWN = ["UPDATE company SET owner_id = NULL WHERE id = $1"];
    /// Phone numbers, activities and events go with their clients.
    const DELETE_CLIENTS = ["DELETE FROM client WHERE company_id = $1"];
    const DELETE_LOADS = ["DELETE FROM employee_load WHERE company_id = $1"];
    const DELETE_SWEEPS = ["DELETE FROM sweep_company WHERE company_id = $1"];
    const DELETE_STATUSES = ["DELETE FROM status WHERE company_id = $1"];
    const DELETE_STAGES = ["DELETE FROM stage WHERE company_id = $1"];
    const DELETE_CHANNELS = ["DELETE FROM channel WHERE company_id = $1"];
    const DELETE_SUBSCRIPTIONS = ["DELETE FROM subscription WHERE company_id = $1"];
    const DELETE_PEOPLE = ["DELETE FROM user_account WHERE company_id = $1"];
    const DELETE = ["DELETE FROM company WHERE id = $1"];

    impl Reader {
        /// The company with that id.
        pub fn company(id: CompanyId) -> Option<Company> {
            (TEXT select_company) (TEXT with_owners) " WHERE c.id = $1"
        }

        /// The first company that belongs to somebody who is not there. Until commit nothing else asks for that.
        pub fn company_of_missing_owner() -> Option<CompanyId> {
            "SELECT c.id
             FROM company c
             WHERE c.owner_id IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM user_account u WHERE u.id = c.owner_id)
             ORDER BY c.id
             LIMIT 1"
        }

        /// Whether that id was given to any company, also to one that is not there any more.
        pub fn company_id_given(id: CompanyId) -> bool {
            "SELECT EXISTS (SELECT 1 FROM company WHERE id >= $1 AND $1 > 0)"
        }

        /// The company with that domain.
        pub fn company_of_domain(domain: &str) -> Option<CompanyId> {
            "SELECT id FROM company WHERE domain = $1"
        }

        /// Every company, by id.
        pub fn companies() -> Vec<Company> {
            (TEXT select_company) (TEXT with_owners) " ORDER BY c.id"
        }

        /// How many companies there are.
        pub fn count_companies() -> i64 {
            "SELECT COUNT(*) FROM company"
        }

        /// The companies that sweep and have at least one stale client at `now`, by id; `only` looks
        /// at a single company. Costs one probe of the index of due clients per company: with nothing
        /// due, no client is read.
        pub fn companies_with_due_clients(now: Timestamp, only: Option<CompanyId>)
            with (now, only.map_or(0, CompanyId::get)) -> Vec<CompanyId>
        {
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
        }
    }

    impl Tx {
        /// Several companies, locked like a single one by [`Tx::lock_company`], in order of id, so that two who lock
        /// several never wait for each other; their owners' names are left out. A row that was waited for is read as
        /// it is afterwards; of other tables that would not be true.
        pub fn lock_companies(ids: &[CompanyId]) -> Vec<Company> {
            (TEXT select_company) (TEXT of_ids) IN_IDS " ORDER BY c.id" LOCK_ROWS
        }

        /// Locks those of the companies that nobody else has locked, and waits for none, so that the caller
        /// may hold other locks already; the others are left out, as are those that do not exist. Their
        /// owners' names are left out.
        pub fn lock_free_companies(ids: &[CompanyId]) -> Vec<Company> {
            (TEXT select_company) (TEXT of_ids) IN_IDS " ORDER BY c.id" LOCK_FREE_ROWS
        }

        /// Waits for every other transaction that has taken its turn; those that take it write one after the
        /// other. [`crate::Error::Busy`], after which the transaction is of no use any more, when that takes
        /// 0.3 s.
        pub fn take_turn() {
            "SELECT " TURN
        }

        fn insert_company(id: CompanyId, new: &NewCompany<'_>)
            with (id, new.name, new.domain, new.specialization, new.auto_assign_enabled,
                new.re_assign_enabled, new.re_assign_hours, new.created_at)
        {
            "INSERT INTO company (id, name, domain, specialization, owner_id,
                 registration_completed, registration_completed_at, auto_assign_enabled,
                 re_assign_enabled, re_assign_hours, created_at, updated_at)
             VALUES ($1, $2, $3, $4, NULL, TRUE, $8, $5, $6, $7, $8, $8)"
        }

        /// Saves the company's own columns; [`crate::Error::Conflict`] when the domain is taken.
        pub fn save_company(company: &Company)
            with (company.id, &*company.name, &*company.domain, &*company.specialization,
                company.owner_id, company.auto_assign_enabled, company.re_assign_enabled,
                company.re_assign_hours, company.unique_phones, company.phone_region,
                company.updated_at)
        {
            "UPDATE company
             SET name = $2, domain = $3, specialization = $4, owner_id = $5,
                 auto_assign_enabled = $6, re_assign_enabled = $7, re_assign_hours = $8,
                 unique_phones = $9, phone_region = $10, updated_at = $11
             WHERE id = $1"
        }

        /// Makes that person the company's owner, if it has neither one nor another administrator who may work; says
        /// whether they are it now.
        pub fn save_first_owner(id: CompanyId, owner: UserId) -> bool {
            "UPDATE company
             SET owner_id = $2
             WHERE id = $1
               AND owner_id IS NULL
               AND NOT EXISTS (
                   SELECT 1
                   FROM user_account u
                   WHERE u.company_id = $1 AND u.role = 'admin' AND u.is_active AND u.id <> $2
               )"
        }
    }
}

/// The columns a search looks into.
const SEARCHED: [&str; 3] = ["c.name", "c.domain", "o.username"];

impl Reader {
    /// How many companies have all the words in their name, domain or owner's user name.
    pub async fn count_companies_with(&mut self, words: &[String]) -> Result<i64> {
        let mut query = self.query(sql!(
            "SELECT COUNT(*)
             FROM company c
             LEFT JOIN user_account o ON o.id = c.owner_id
             WHERE TRUE"
        ));
        query.push_words(words, &SEARCHED);
        fetch!(self, query)
    }

    /// A page of them, the newest first.
    pub async fn companies_with(
        &mut self,
        words: &[String],
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Company>> {
        let mut query = self.query(sql!((TEXT select_company) (TEXT with_owners) " WHERE TRUE"));
        query.push_words(words, &SEARCHED);
        query.push(" ORDER BY c.created_at DESC, c.id DESC");
        query.push_page(offset, limit);
        fetch!(self, query)
    }
}

impl Tx {
    /// The company as it is once every other transaction that distributes its clients is through;
    /// until commit no other can. Choices are made under this lock.
    pub async fn lock_company(&mut self, id: CompanyId) -> Result<Option<Company>> {
        // In a statement of its own: one that waited for the lock would go on with the rows as
        // they were before it waited.
        let _locked: Vec<CompanyId> = fetch!(self, LOCK, id)?;
        self.company(id).await
    }

    /// Creates a company; [`crate::Error::Conflict`] when the domain is taken.
    pub async fn create_company(&mut self, new: NewCompany<'_>) -> Result<CompanyId> {
        let id = self.writer().take_id().await?;
        self.insert_company(id, &new).await?;
        Ok(id)
    }
}

impl TenantTx<'_> {
    /// Deletes the company with everything and everybody of it; [`crate::Error::Conflict`] when
    /// one of its people stands in the tables of another company.
    pub async fn delete_company(&mut self) -> Result<()> {
        for statement in [
            DISOWN,
            DELETE_CLIENTS,
            DELETE_LOADS,
            DELETE_SWEEPS,
            DELETE_STATUSES,
            DELETE_STAGES,
            DELETE_CHANNELS,
            DELETE_SUBSCRIPTIONS,
            DELETE_PEOPLE,
            DELETE,
        ] {
            execute!(self, statement, self.company())?;
        }
        Ok(())
    }
}
