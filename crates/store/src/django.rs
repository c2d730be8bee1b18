//! Reading the reference CRM's database, on either of its engines, a page at a time.

mod error;
mod rows;

use crate::db::dialect::Sql;
use crate::db::engine::{Reader, open_foreign};
use crate::db::url::DatabaseUrl;
use crate::import::ImportRows;
pub use error::SourceError;
use error::{check_file, explain};
use rows::{
    RawChannel, RawClient, RawCompany, RawEvent, RawOwner, RawPhone, RawPlan, RawStage, RawStatus,
    RawSubscription, RawTask, RawUser,
};

/// The largest id that pages in a browser can hold, 2^53 - 1; ids go on from what is imported.
const LARGEST_ID: i64 = 9_007_199_254_740_991;

/// The largest ids of companies and clients: both have to fit into one number of `SQLite`'s index of
/// clients (see its migration 8).
const LARGEST_COMPANY_ID: i64 = (1 << 23) - 1;
const LARGEST_CLIENT_ID: i64 = (1 << 40) - 1;

/// The tables that are taken over, in the order in which they must be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is what it is called")]
pub enum SourceTable {
    Companies,
    Users,
    Owners,
    Plans,
    Subscriptions,
    Statuses,
    Stages,
    Channels,
    Clients,
    Phones,
    Tasks,
    Events,
}

/// A database of the reference CRM, read in one snapshot.
#[derive(Debug)]
pub struct DjangoSource {
    url: DatabaseUrl,
    reader: Reader,
}

// Times and decimals are read as text and numbers as the widest: both engines can, whatever the
// columns are. One statement a table, a page from behind id $1.
statements! {
    COMPANIES = [
        "SELECT CAST(id AS BIGINT) AS id, name, domain, specialization, registration_completed,
             CAST(registration_completed_at AS TEXT) AS registration_completed_at,
             auto_assign_enabled, re_assign_enabled,
             CAST(re_assign_hours AS BIGINT) AS re_assign_hours,
             CAST(created_at AS TEXT) AS created_at, CAST(updated_at AS TEXT) AS updated_at
         FROM companies WHERE id > $1 ORDER BY id LIMIT $2"
    ];
    OWNERS = [
        "SELECT CAST(id AS BIGINT) AS id, CAST(owner_id AS BIGINT) AS owner_id
         FROM companies WHERE id > $1 ORDER BY id LIMIT $2"
    ];
    USERS = [
        "SELECT CAST(id AS BIGINT) AS id, CAST(company_id AS BIGINT) AS company_id, username,
             email, first_name, last_name, phone, profile_photo, role, password,
             is_active, is_staff, is_superuser, email_verified,
             CAST(date_joined AS TEXT) AS date_joined, CAST(last_login AS TEXT) AS last_login
         FROM users WHERE id > $1 ORDER BY id LIMIT $2"
    ];
    PLANS = [
        "SELECT CAST(id AS BIGINT) AS id, name, name_ar
         FROM plans WHERE id > $1 ORDER BY id LIMIT $2"
    ];
    SUBSCRIPTIONS = [
        "SELECT CAST(id AS BIGINT) AS id, CAST(company_id AS BIGINT) AS company_id,
             CAST(plan_id AS BIGINT) AS plan_id, is_active, auto_renew,
             CAST(start_date AS TEXT) AS start_date, CAST(end_date AS TEXT) AS end_date,
             CAST(created_at AS TEXT) AS created_at, CAST(updated_at AS TEXT) AS updated_at
         FROM subscriptions WHERE id > $1 ORDER BY id LIMIT $2"
    ];
    STATUSES = [
        "SELECT CAST(company_id AS BIGINT) AS company_id, CAST(id AS BIGINT) AS id, name,
             description, category, color, is_default, is_hidden, is_active,
             CAST(created_at AS TEXT) AS created_at, CAST(updated_at AS TEXT) AS updated_at
         FROM settings_lead_status WHERE id > $1 ORDER BY id LIMIT $2"
    ];
    STAGES = [
        "SELECT CAST(company_id AS BIGINT) AS company_id, CAST(id AS BIGINT) AS id, name,
             description, color, required, auto_advance,
             CAST(\"order\" AS BIGINT) AS position, is_active,
             CAST(created_at AS TEXT) AS created_at, CAST(updated_at AS TEXT) AS updated_at
         FROM settings_lead_stage WHERE id > $1 ORDER BY id LIMIT $2"
    ];
    CHANNELS = [
        "SELECT CAST(company_id AS BIGINT) AS company_id, CAST(id AS BIGINT) AS id, name,
             type AS channel_type, priority, is_active,
             CAST(created_at AS TEXT) AS created_at, CAST(updated_at AS TEXT) AS updated_at
         FROM settings_channel WHERE id > $1 ORDER BY id LIMIT $2"
    ];
    CLIENTS = [
        "SELECT CAST(company_id AS BIGINT) AS company_id, CAST(id AS BIGINT) AS id, name, priority,
             type AS client_type, CAST(communication_way_id AS BIGINT) AS communication_way_id,
             CAST(status_id AS BIGINT) AS status_id, CAST(budget AS TEXT) AS budget, phone_number,
             CAST(assigned_to_id AS BIGINT) AS assigned_to_id,
             CAST(assigned_at AS TEXT) AS assigned_at,
             CAST(last_contacted_at AS TEXT) AS last_contacted_at,
             CAST(created_at AS TEXT) AS created_at, CAST(updated_at AS TEXT) AS updated_at
         FROM crm_client WHERE id > $1 ORDER BY id LIMIT $2"
    ];
    PHONES = [
        "SELECT CAST(c.company_id AS BIGINT) AS company_id, CAST(p.id AS BIGINT) AS id,
             CAST(p.client_id AS BIGINT) AS client_id, p.phone_number, p.phone_type,
             p.is_primary, p.notes, CAST(p.created_at AS TEXT) AS created_at,
             CAST(p.updated_at AS TEXT) AS updated_at
         FROM client_phone_numbers p
         JOIN crm_client c ON c.id = p.client_id
         WHERE p.id > $1 ORDER BY p.id LIMIT $2"
    ];
    TASKS = [
        "SELECT CAST(c.company_id AS BIGINT) AS company_id, CAST(t.id AS BIGINT) AS id,
             CAST(t.client_id AS BIGINT) AS client_id, CAST(t.stage_id AS BIGINT) AS stage_id,
             t.notes, CAST(t.reminder_date AS TEXT) AS reminder_date,
             CAST(t.created_by_id AS BIGINT) AS created_by_id,
             CAST(t.created_at AS TEXT) AS created_at, CAST(t.updated_at AS TEXT) AS updated_at
         FROM crm_client_task t
         JOIN crm_client c ON c.id = t.client_id
         WHERE t.id > $1 ORDER BY t.id LIMIT $2"
    ];
    EVENTS = [
        "SELECT CAST(c.company_id AS BIGINT) AS company_id, CAST(e.id AS BIGINT) AS id,
             CAST(e.client_id AS BIGINT) AS client_id, e.event_type, e.old_value, e.new_value,
             e.notes, CAST(e.created_by_id AS BIGINT) AS created_by_id,
             CAST(e.created_at AS TEXT) AS created_at
         FROM crm_client_event e
         JOIN crm_client c ON c.id = e.client_id
         WHERE e.id > $1 ORDER BY e.id LIMIT $2"
    ];
}

pub(crate) const COUNTS: [(SourceTable, Sql); 12] = [
    (
        SourceTable::Companies,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM companies"),
    ),
    (
        SourceTable::Users,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM users"),
    ),
    (
        SourceTable::Owners,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(owner_id), 0) AS BIGINT) FROM companies"),
    ),
    (
        SourceTable::Plans,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM plans"),
    ),
    (
        SourceTable::Subscriptions,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM subscriptions"),
    ),
    (
        SourceTable::Statuses,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM settings_lead_status"),
    ),
    (
        SourceTable::Stages,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM settings_lead_stage"),
    ),
    (
        SourceTable::Channels,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM settings_channel"),
    ),
    (
        SourceTable::Clients,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM crm_client"),
    ),
    (
        SourceTable::Phones,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM client_phone_numbers"),
    ),
    (
        SourceTable::Tasks,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM crm_client_task"),
    ),
    (
        SourceTable::Events,
        sql!("SELECT COUNT(*), CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM crm_client_event"),
    ),
];

/// Whether every page of the file can be read; `PostgreSQL` looks after its own pages.
pub(crate) const CHECK: Sql = Sql {
    postgres: "SELECT 'ok'",
    sqlite: "PRAGMA quick_check(1)",
};

impl SourceTable {
    const fn largest_id(self) -> i64 {
        match self {
            Self::Companies => LARGEST_COMPANY_ID,
            Self::Clients => LARGEST_CLIENT_ID,
            _ => LARGEST_ID,
        }
    }

    /// The reference's name of the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Companies | Self::Owners => "companies",
            Self::Users => "users",
            Self::Plans => "plans",
            Self::Subscriptions => "subscriptions",
            Self::Statuses => "settings_lead_status",
            Self::Stages => "settings_lead_stage",
            Self::Channels => "settings_channel",
            Self::Clients => "crm_client",
            Self::Phones => "client_phone_numbers",
            Self::Tasks => "crm_client_task",
            Self::Events => "crm_client_event",
        }
    }
}

impl DjangoSource {
    /// Opens the source and makes sure that it is an intact database of the reference.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, SourceError> {
        if let Some(path) = url.file() {
            check_file(path)?;
        }
        let reader = open_foreign(url).await.map_err(|e| explain(url, e))?;
        let mut source = Self {
            url: url.clone(),
            reader,
        };
        let (verdict,) = source.one::<(String,)>(CHECK).await?;
        if verdict != "ok" {
            return Err(SourceError::Damaged(url.to_string()));
        }
        // Every statement is prepared now, so that a missing table or column is found at once.
        for (table, _) in COUNTS {
            source.page(table, i64::MAX, 1).await?;
        }
        Ok(source)
    }

    /// Where it is, without its password.
    pub fn name(&self) -> String {
        self.url.to_string()
    }

    /// Each table with its number of rows and its highest id, in the order of writing.
    pub async fn contents(&mut self) -> Result<Vec<(SourceTable, i64, i64)>, SourceError> {
        let mut contents = Vec::with_capacity(COUNTS.len());
        for (table, statement) in COUNTS {
            let (rows, highest) = self.one::<(i64, i64)>(statement).await?;
            contents.push((table, rows, highest));
        }
        Ok(contents)
    }

    /// At most `limit` rows of a table from behind that id, and the last id among them.
    pub async fn page(
        &mut self,
        table: SourceTable,
        after: i64,
        limit: i64,
    ) -> Result<(ImportRows, Option<i64>), SourceError> {
        macro_rules! page {
            ($sql:ident, $raw:ty, $variant:ident) => {{
                let raw: Vec<$raw> = fetch_all!(self.reader, $raw, $sql, after, limit)
                    .map_err(|error| self.explain(error))?;
                let last = raw.last().map(|row| row.id);
                let largest = table.largest_id();
                let rows = raw
                    .into_iter()
                    .map(|row| {
                        let id = row.id;
                        let converted = if id > largest {
                            Err(format!("its id is larger than {largest}"))
                        } else {
                            row.convert()
                        };
                        converted.map_err(|problem| SourceError::Row {
                            table: table.name(),
                            id,
                            problem,
                        })
                    })
                    .collect::<Result<_, _>>()?;
                (ImportRows::$variant(rows), last)
            }};
        }
        Ok(match table {
            SourceTable::Companies => page!(COMPANIES, RawCompany, Companies),
            SourceTable::Owners => page!(OWNERS, RawOwner, Owners),
            SourceTable::Users => page!(USERS, RawUser, Users),
            SourceTable::Plans => page!(PLANS, RawPlan, Plans),
            SourceTable::Subscriptions => page!(SUBSCRIPTIONS, RawSubscription, Subscriptions),
            SourceTable::Statuses => page!(STATUSES, RawStatus, Statuses),
            SourceTable::Stages => page!(STAGES, RawStage, Stages),
            SourceTable::Channels => page!(CHANNELS, RawChannel, Channels),
            SourceTable::Clients => page!(CLIENTS, RawClient, Clients),
            SourceTable::Phones => page!(PHONES, RawPhone, Phones),
            SourceTable::Tasks => page!(TASKS, RawTask, Tasks),
            SourceTable::Events => page!(EVENTS, RawEvent, Events),
        })
    }

    async fn one<T>(&mut self, statement: Sql) -> Result<T, SourceError>
    where
        T: Send + Unpin,
        for<'r> T:
            sqlx::FromRow<'r, sqlx::postgres::PgRow> + sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>,
    {
        fetch_one!(self.reader, T, statement).map_err(|error| self.explain(error))
    }

    fn explain(&self, error: crate::Error) -> SourceError {
        match error {
            crate::Error::Busy(_) => SourceError::Locked(self.url.to_string()),
            crate::Error::Conflict(error)
            | crate::Error::Corrupt(error)
            | crate::Error::Database(error) => explain(&self.url, error),
            other => SourceError::NotTheCrm {
                url: self.url.to_string(),
                problem: other.to_string(),
            },
        }
    }
}
