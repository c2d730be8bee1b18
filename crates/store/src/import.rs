//! Writing rows that come from elsewhere, with the ids they already have.

use crate::db::dialect::Sql;
use crate::db::engine::{Reader, Tx};
use crate::db::sequence::Sequence;
use crate::error::Result;
use serde::Serialize;
use tawzi_core::time::Timestamp;

/// Rows for one table, in the columns' own units. Text stays as it was written, however long.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "each is the table of that name, in the columns of its migration"
)]
pub enum ImportRows {
    Companies(Vec<CompanyRow>),
    Owners(Vec<OwnerRow>),
    Users(Vec<UserRow>),
    Plans(Vec<PlanRow>),
    Subscriptions(Vec<SubscriptionRow>),
    Statuses(Vec<StatusRow>),
    Stages(Vec<StageRow>),
    Channels(Vec<ChannelRow>),
    Clients(Vec<ClientRow>),
    Phones(Vec<PhoneRow>),
    Tasks(Vec<TaskRow>),
    Events(Vec<EventRow>),
}

macro_rules! rows {
    ($($name:ident { $($field:ident: $type:ty,)+ })+) => {$(
        /// A row of that table.
        #[derive(Debug, Serialize)]
        pub struct $name { $(pub $field: $type,)+ }
    )+};
}

rows! {
    CompanyRow {
        id: i64, name: String, domain: String, specialization: String,
        registration_completed: bool, registration_completed_at: Option<i64>,
        auto_assign_enabled: bool, re_assign_enabled: bool, re_assign_hours: i64,
        created_at: i64, updated_at: i64,
    }
    OwnerRow { id: i64, owner_id: i64, }
    UserRow {
        id: i64, company_id: Option<i64>, username: String, email: String, first_name: String,
        last_name: String, phone: Option<String>, profile_photo: Option<String>, role: String,
        password_hash: String, is_active: bool, is_staff: bool, is_superuser: bool,
        email_verified: bool, date_joined: i64, last_login: Option<i64>,
    }
    PlanRow { id: i64, name: String, name_ar: String, }
    SubscriptionRow {
        id: i64, company_id: i64, plan_id: i64, is_active: bool, auto_renew: bool,
        start_date: i64, end_date: i64, created_at: i64, updated_at: i64,
    }
    StatusRow {
        company_id: i64, id: i64, name: String, description: Option<String>, category: String,
        color: String, is_default: bool, is_hidden: bool, is_active: bool, created_at: i64,
        updated_at: i64,
    }
    StageRow {
        company_id: i64, id: i64, name: String, description: Option<String>, color: String,
        required: bool, auto_advance: bool, position: i64, is_active: bool, created_at: i64,
        updated_at: i64,
    }
    ChannelRow {
        company_id: i64, id: i64, name: String, channel_type: String, priority: String,
        is_active: bool, created_at: i64, updated_at: i64,
    }
    ClientRow {
        company_id: i64, id: i64, name: String, priority: String, client_type: String,
        channel_id: Option<i64>, status_id: Option<i64>, budget_hundredths: Option<i64>,
        phone_number: Option<String>, assigned_to: Option<i64>, assigned_at: Option<i64>,
        last_contacted_at: Option<i64>, created_at: i64, updated_at: i64,
    }
    PhoneRow {
        company_id: i64, id: i64, client_id: i64, phone_number: String, phone_type: String,
        is_primary: bool, notes: Option<String>, created_at: i64, updated_at: i64,
    }
    TaskRow {
        company_id: i64, id: i64, client_id: i64, stage_id: Option<i64>, notes: Option<String>,
        reminder_date: Option<i64>, created_by: Option<i64>, created_at: i64, updated_at: i64,
    }
    EventRow {
        company_id: i64, id: i64, client_id: i64, event_type: String, old_value: Option<String>,
        new_value: Option<String>, notes: Option<String>, created_by: Option<i64>,
        created_at: i64,
    }
}

statements! {
    COMPANIES = [
        "INSERT INTO company (id, name, domain, specialization, registration_completed,
             registration_completed_at, auto_assign_enabled, re_assign_enabled, re_assign_hours,
             created_at, updated_at)
         SELECT r.id, r.name, r.domain, r.specialization, r.registration_completed,
             r.registration_completed_at, r.auto_assign_enabled, r.re_assign_enabled,
             r.re_assign_hours, r.created_at, r.updated_at
         FROM " (ROWS id BIGINT, name TEXT, domain TEXT, specialization TEXT,
             registration_completed BOOLEAN, registration_completed_at BIGINT,
             auto_assign_enabled BOOLEAN, re_assign_enabled BOOLEAN, re_assign_hours BIGINT,
             created_at BIGINT, updated_at BIGINT)
    ];
    OWNERS = [
        "UPDATE company SET owner_id = r.owner_id FROM " (ROWS id BIGINT, owner_id BIGINT) "
         WHERE company.id = r.id"
    ];
    USERS = [
        "INSERT INTO user_account (id, company_id, username, email, first_name, last_name, phone,
             profile_photo, role, password_hash, is_active, is_staff, is_superuser,
             email_verified, date_joined, last_login)
         SELECT r.id, r.company_id, r.username, r.email, r.first_name, r.last_name, r.phone,
             r.profile_photo, r.role, r.password_hash, r.is_active, r.is_staff, r.is_superuser,
             r.email_verified, r.date_joined, r.last_login
         FROM " (ROWS id BIGINT, company_id BIGINT, username TEXT, email TEXT, first_name TEXT,
             last_name TEXT, phone TEXT, profile_photo TEXT, role TEXT, password_hash TEXT,
             is_active BOOLEAN, is_staff BOOLEAN, is_superuser BOOLEAN, email_verified BOOLEAN,
             date_joined BIGINT, last_login BIGINT)
    ];
    PLANS = [
        "INSERT INTO plan (id, name, name_ar)
         SELECT r.id, r.name, r.name_ar FROM " (ROWS id BIGINT, name TEXT, name_ar TEXT)
    ];
    SUBSCRIPTIONS = [
        "INSERT INTO subscription (id, company_id, plan_id, is_active, auto_renew, start_date,
             end_date, created_at, updated_at)
         SELECT r.id, r.company_id, r.plan_id, r.is_active, r.auto_renew, r.start_date,
             r.end_date, r.created_at, r.updated_at
         FROM " (ROWS id BIGINT, company_id BIGINT, plan_id BIGINT, is_active BOOLEAN,
             auto_renew BOOLEAN, start_date BIGINT, end_date BIGINT, created_at BIGINT,
             updated_at BIGINT)
    ];
    STATUSES = [
        "INSERT INTO status (company_id, id, name, description, category, color, is_default,
             is_hidden, is_active, created_at, updated_at)
         SELECT r.company_id, r.id, r.name, r.description, r.category, r.color, r.is_default,
             r.is_hidden, r.is_active, r.created_at, r.updated_at
         FROM " (ROWS company_id BIGINT, id BIGINT, name TEXT, description TEXT, category TEXT,
             color TEXT, is_default BOOLEAN, is_hidden BOOLEAN, is_active BOOLEAN,
             created_at BIGINT, updated_at BIGINT)
    ];
    STAGES = [
        "INSERT INTO stage (company_id, id, name, description, color, required, auto_advance,
             position, is_active, created_at, updated_at)
         SELECT r.company_id, r.id, r.name, r.description, r.color, r.required, r.auto_advance,
             r.position, r.is_active, r.created_at, r.updated_at
         FROM " (ROWS company_id BIGINT, id BIGINT, name TEXT, description TEXT, color TEXT,
             required BOOLEAN, auto_advance BOOLEAN, position BIGINT, is_active BOOLEAN,
             created_at BIGINT, updated_at BIGINT)
    ];
    CHANNELS = [
        "INSERT INTO channel (company_id, id, name, channel_type, priority, is_active, created_at,
             updated_at)
         SELECT r.company_id, r.id, r.name, r.channel_type, r.priority, r.is_active, r.created_at,
             r.updated_at
         FROM " (ROWS company_id BIGINT, id BIGINT, name TEXT, channel_type TEXT, priority TEXT,
             is_active BOOLEAN, created_at BIGINT, updated_at BIGINT)
    ];
    /// A status or channel that belongs to another company is dropped: the reference let clients
    /// and settings be moved between companies.
    CLIENTS = [
        "INSERT INTO client (company_id, id, name, priority, client_type, channel_id, status_id,
             budget_hundredths, phone_number, assigned_to, assigned_at, last_contacted_at,
             created_at, updated_at)
         SELECT r.company_id, r.id, r.name, r.priority, r.client_type, h.id, s.id,
             r.budget_hundredths, r.phone_number, r.assigned_to, r.assigned_at,
             r.last_contacted_at, r.created_at, r.updated_at
         FROM " (ROWS company_id BIGINT, id BIGINT, name TEXT, priority TEXT, client_type TEXT,
             channel_id BIGINT, status_id BIGINT, budget_hundredths BIGINT, phone_number TEXT,
             assigned_to BIGINT, assigned_at BIGINT, last_contacted_at BIGINT, created_at BIGINT,
             updated_at BIGINT) "
         LEFT JOIN channel h ON h.company_id = r.company_id AND h.id = r.channel_id
         LEFT JOIN status s ON s.company_id = r.company_id AND s.id = r.status_id"
    ];
    PHONES = [
        "INSERT INTO client_phone (company_id, id, client_id, phone_number, phone_type, is_primary,
             notes, created_at, updated_at)
         SELECT r.company_id, r.id, r.client_id, r.phone_number, r.phone_type, r.is_primary,
             r.notes, r.created_at, r.updated_at
         FROM " (ROWS company_id BIGINT, id BIGINT, client_id BIGINT, phone_number TEXT,
             phone_type TEXT, is_primary BOOLEAN, notes TEXT, created_at BIGINT,
             updated_at BIGINT)
    ];
    /// A stage that belongs to another company is dropped, as with clients.
    TASKS = [
        "INSERT INTO client_task (company_id, id, client_id, stage_id, notes, reminder_date,
             created_by, created_at, updated_at)
         SELECT r.company_id, r.id, r.client_id, g.id, r.notes, r.reminder_date, r.created_by,
             r.created_at, r.updated_at
         FROM " (ROWS company_id BIGINT, id BIGINT, client_id BIGINT, stage_id BIGINT, notes TEXT,
             reminder_date BIGINT, created_by BIGINT, created_at BIGINT, updated_at BIGINT) "
         LEFT JOIN stage g ON g.company_id = r.company_id AND g.id = r.stage_id"
    ];
    EVENTS = [
        "INSERT INTO client_event (company_id, id, client_id, event_type, old_value, new_value,
             notes, created_by, created_at)
         SELECT r.company_id, r.id, r.client_id, r.event_type, r.old_value, r.new_value, r.notes,
             r.created_by, r.created_at
         FROM " (ROWS company_id BIGINT, id BIGINT, client_id BIGINT, event_type TEXT,
             old_value TEXT, new_value TEXT, notes TEXT, created_by BIGINT, created_at BIGINT)
    ];
    FIND_RUN = ["SELECT imported_at FROM import_run WHERE fingerprint = $1"];
    INSERT_RUN = ["INSERT INTO import_run (fingerprint, imported_at) VALUES ($1, $2)"];
    COUNT_USERS = ["SELECT COUNT(*) FROM user_account"];
}

/// The indexes that only make reading fast, of the tables that get many rows; not those that keys
/// stand for.
const READ_INDEXES: Sql = Sql {
    postgres: "SELECT i.indexname, i.indexdef
               FROM pg_indexes i
               WHERE i.schemaname = current_schema()
                 AND i.tablename IN ('client', 'client_phone', 'client_search', 'client_task', 'client_event')
                 AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
    sqlite: "SELECT name, sql
             FROM sqlite_master
             WHERE type = 'index'
               AND tbl_name IN ('client', 'client_phone', 'client_task', 'client_event')
               AND sql IS NOT NULL",
};

/// Lets `SQLite` keep the pages in memory that rows of many companies are added to in turn: 64 MiB.
const ENLARGE_CACHE: Sql = Sql {
    postgres: "SELECT 1",
    sqlite: "PRAGMA cache_size = -65536",
};

/// Tells the planner how full the tables are now; otherwise it would plan for empty ones. `SQLite`
/// never looks again, so there it keeps to what its migration expects of a database that has grown.
pub(crate) const ANALYZE: Sql = Sql {
    postgres: "ANALYZE",
    sqlite: "ANALYZE sqlite_schema",
};

/// A statement, its rows as JSON, and the highest id among them of tables that have ids.
type Encoded = (Sql, String, Option<(Sequence, i64)>);

impl ImportRows {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Companies(rows) => rows.len(),
            Self::Owners(rows) => rows.len(),
            Self::Users(rows) => rows.len(),
            Self::Plans(rows) => rows.len(),
            Self::Subscriptions(rows) => rows.len(),
            Self::Statuses(rows) => rows.len(),
            Self::Stages(rows) => rows.len(),
            Self::Channels(rows) => rows.len(),
            Self::Clients(rows) => rows.len(),
            Self::Phones(rows) => rows.len(),
            Self::Tasks(rows) => rows.len(),
            Self::Events(rows) => rows.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn encode(&self) -> Result<Encoded> {
        macro_rules! encode {
            ($sql:ident, $rows:expr) => {
                ($sql, serde_json::to_string($rows)?, None)
            };
            ($sql:ident, $rows:expr, $sequence:ident) => {{
                let highest = $rows.iter().map(|row| row.id).max().unwrap_or(0);
                let json = serde_json::to_string($rows)?;
                ($sql, json, Some((Sequence::$sequence, highest)))
            }};
        }
        Ok(match self {
            Self::Companies(rows) => encode!(COMPANIES, rows, Company),
            Self::Owners(rows) => encode!(OWNERS, rows),
            Self::Users(rows) => encode!(USERS, rows, UserAccount),
            Self::Plans(rows) => encode!(PLANS, rows, Plan),
            Self::Subscriptions(rows) => encode!(SUBSCRIPTIONS, rows, Subscription),
            Self::Statuses(rows) => encode!(STATUSES, rows, Status),
            Self::Stages(rows) => encode!(STAGES, rows, Stage),
            Self::Channels(rows) => encode!(CHANNELS, rows, Channel),
            Self::Clients(rows) => encode!(CLIENTS, rows, Client),
            Self::Phones(rows) => encode!(PHONES, rows, ClientPhone),
            Self::Tasks(rows) => encode!(TASKS, rows, ClientTask),
            Self::Events(rows) => encode!(EVENTS, rows, ClientEvent),
        })
    }
}

/// Indexes that were set aside, with their definitions.
#[derive(Debug)]
#[must_use = "indexes that are not restored are missing"]
pub struct IndexesAside(Vec<(String, String)>);

impl Reader {
    /// When a source with that fingerprint was imported.
    pub async fn imported_at(&mut self, fingerprint: &str) -> Result<Option<Timestamp>> {
        let found = fetch_optional!(self, (i64,), FIND_RUN, fingerprint)?;
        Ok(found.map(|(at,)| Timestamp::from_microseconds(at)))
    }

    /// How many people there are.
    pub async fn count_users(&mut self) -> Result<i64> {
        Ok(fetch_one!(self, (i64,), COUNT_USERS)?.0)
    }
}

impl Tx {
    /// Writes rows with the ids they have.
    pub async fn import_rows(&mut self, rows: &ImportRows) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let (statement, json, ids) = rows.encode()?;
        execute!(self, statement, &json)?;
        if let Some((sequence, highest)) = ids {
            self.raise_ids(sequence, highest).await?;
        }
        Ok(())
    }

    /// Takes away, until [`Tx::restore_indexes`], the indexes that many new rows would have to be
    /// sorted into one by one. It is part of the transaction: if that fails, they are there again.
    pub async fn set_indexes_aside(&mut self) -> Result<IndexesAside> {
        execute!(self, ENLARGE_CACHE)?;
        let indexes = fetch_all!(self, (String, String), READ_INDEXES)?;
        for (name, _) in &indexes {
            self.run_text(format!("DROP INDEX {name}")).await?;
        }
        Ok(IndexesAside(indexes))
    }

    /// Builds the indexes anew.
    pub async fn restore_indexes(&mut self, aside: IndexesAside) -> Result<()> {
        for (_, definition) in aside.0 {
            self.run_text(definition).await?;
        }
        Ok(())
    }

    /// Runs a statement whose text comes from the database's own catalogue.
    async fn run_text(&mut self, statement: String) -> Result<()> {
        let statement = sqlx::AssertSqlSafe(statement);
        on!(self, connection => {
            sqlx::query(statement).execute(connection).await?;
        });
        Ok(())
    }

    /// Notes that a source was imported.
    pub async fn note_import(&mut self, fingerprint: &str, at: Timestamp) -> Result<()> {
        execute!(self, INSERT_RUN, fingerprint, at.microseconds())?;
        Ok(())
    }

    /// Tells the planner how full the tables are; after many rows were written.
    pub async fn analyze(&mut self) -> Result<()> {
        execute!(self, ANALYZE)?;
        Ok(())
    }
}
