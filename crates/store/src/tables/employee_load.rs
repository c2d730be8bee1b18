//! Load counters: how many clients each person holds, and when they last received one.

use crate::db::dialect::Sql;
use crate::db::engine::Reader;
use crate::db::tenant::{Tenant, TenantTx};
use crate::error::Result;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::load::ClientCounts;
use tawzi_core::roster::{EmployeeLoad, Received};
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;

/// An active employee with their load.
#[derive(Clone, Debug)]
pub struct RosterEntry {
    /// The company.
    pub company: CompanyId,
    /// Who it is and how busy.
    pub load: EmployeeLoad,
    /// The name they sign in with.
    pub username: String,
    /// First name, perhaps empty.
    pub first_name: String,
    /// Last name, perhaps empty.
    pub last_name: String,
}

/// A row that `rosters!` finds, in the order of its expressions.
#[derive(Deserialize)]
struct RosterRow {
    company: CompanyId,
    user: UserId,
    username: String,
    first_name: String,
    last_name: String,
    active: i64,
    follow_up: i64,
    inactive: i64,
    closed: i64,
    without_status: i64,
    received_at: Option<i64>,
    received_order: i64,
}

impl RosterEntry {
    /// The employees that `rosters!` finds.
    pub(super) fn read(rows: &str) -> Result<Vec<Self>> {
        let rows: Vec<RosterRow> = serde_json::from_str(rows)?;
        let entry = |row: RosterRow| Self {
            company: row.company,
            load: EmployeeLoad {
                user: row.user,
                // In the order of `StatusCategory::ALL`.
                clients: ClientCounts::new([
                    row.active,
                    row.follow_up,
                    row.inactive,
                    row.closed,
                    row.without_status,
                ]),
                last_received: row.received_at.map(|at| Received {
                    at: Timestamp::from_microseconds(at),
                    order: row.received_order,
                }),
            },
            username: row.username,
            first_name: row.first_name,
            last_name: row.last_name,
        };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// How they are called in timelines.
    pub fn name(&self) -> DisplayName {
        DisplayName::new(&self.first_name, &self.last_name, &self.username)
    }
}

/// What changes in the counters of one person.
#[derive(Clone, Copy, Debug)]
pub struct LoadChange {
    /// The company.
    pub company: CompanyId,
    /// The person.
    pub user: UserId,
    /// Clients more (or fewer), by category.
    pub clients: ClientCounts,
    /// When they received their last one, if they received any.
    pub received: Option<Received>,
}

/// Counters that do not say what counting the clients says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadDifference {
    /// The person.
    pub user: UserId,
    /// What the counters say.
    pub counted: ClientCounts,
    /// What is there.
    pub actual: ClientCounts,
}

/// The active employees of the companies in parameter 1, as JSON; see [`RosterEntry::read`]. Both tables are cut
/// down to the companies by themselves: joined first, the loads of all companies would be read for each choice.
macro_rules! rosters {
    ($engine:ident) => {
        concat!(
            "SELECT ",
            sql_part!($engine (JSON "u.company_id", "u.id", "u.username", "u.first_name",
                "u.last_name", "COALESCE(l.active, 0)", "COALESCE(l.follow_up, 0)",
                "COALESCE(l.inactive, 0)", "COALESCE(l.closed, 0)",
                "COALESCE(l.without_status, 0)", "l.last_received_at",
                "COALESCE(l.last_received_order, 0)")),
            " FROM user_account u
              LEFT JOIN (SELECT * FROM employee_load WHERE company_id",
            sql_part!($engine IN_IDS),
            ") l ON l.company_id = u.company_id AND l.user_id = u.id
              WHERE u.company_id",
            sql_part!($engine IN_IDS),
            " AND u.role = 'employee' AND u.is_active"
        )
    };
}
pub(super) use rosters;

/// How many clients there are of each category, in the order of `StatusCategory::ALL`.
macro_rules! counts {
    () => {
        "COUNT(*) FILTER (WHERE s.category = 'active'),
             COUNT(*) FILTER (WHERE s.category = 'follow_up'),
             COUNT(*) FILTER (WHERE s.category = 'inactive'),
             COUNT(*) FILTER (WHERE s.category = 'closed'),
             COUNT(*) FILTER (WHERE s.category IS NULL)"
    };
}

macro_rules! of_assignees {
    () => {
        "
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         WHERE k.company_id = $1 AND k.assigned_to IS NOT NULL
         GROUP BY k.company_id, k.assigned_to"
    };
}

statements! {
    const READ_ROSTERS = [(TEXT_WITH rosters)];
    const READ_COUNTERS = [
        "SELECT user_id, active, follow_up, inactive, closed, without_status
         FROM employee_load
         WHERE company_id = $1"
    ];
    const COUNT_CLIENTS = ["SELECT k.assigned_to, " (TEXT counts) (TEXT of_assignees)];
    const CLEAR = [
        "UPDATE employee_load
         SET active = 0, follow_up = 0, inactive = 0, closed = 0, without_status = 0
         WHERE company_id = $1"
    ];
    /// What is known of the last reception stays; where nothing is known, it is the latest
    /// assignment of a client they still hold.
    const RECOUNT = [
        "INSERT INTO employee_load (company_id, user_id, active, follow_up, inactive, closed,
             without_status, last_received_at, last_received_order)
         SELECT k.company_id, k.assigned_to, " (TEXT counts) ", MAX(k.assigned_at), 0"
         (TEXT of_assignees) "
         ON CONFLICT (company_id, user_id) DO UPDATE
         SET active = excluded.active, follow_up = excluded.follow_up,
             inactive = excluded.inactive, closed = excluded.closed,
             without_status = excluded.without_status,
             last_received_at = COALESCE(employee_load.last_received_at, excluded.last_received_at)"
    ];
}

impl Reader {
    /// The active employees of those companies with their loads. To choose by them, hold the
    /// companies' locks.
    pub async fn rosters(&mut self, companies: &[CompanyId]) -> Result<Vec<RosterEntry>> {
        let rows: String = fetch!(self, READ_ROSTERS, companies)?;
        RosterEntry::read(&rows)
    }
}

impl Tenant<'_> {
    /// The active employees with their loads.
    pub async fn roster(&mut self) -> Result<Vec<RosterEntry>> {
        let company = self.company();
        self.reader.rosters(&[company]).await
    }

    /// Where the counters differ from what counting says.
    pub async fn load_differences(&mut self) -> Result<Vec<LoadDifference>> {
        let counted = self.client_counts(READ_COUNTERS).await?;
        let actual = self.client_counts(COUNT_CLIENTS).await?;
        let users: BTreeSet<_> = counted.keys().chain(actual.keys()).copied().collect();
        let differences = users.into_iter().map(|user| LoadDifference {
            user,
            counted: counted.get(&user).copied().unwrap_or_default(),
            actual: actual.get(&user).copied().unwrap_or_default(),
        });
        Ok(differences.filter(|d| d.counted != d.actual).collect())
    }

    async fn client_counts(&mut self, statement: Sql) -> Result<BTreeMap<UserId, ClientCounts>> {
        let rows: Vec<(UserId, i64, i64, i64, i64, i64)> = fetch!(self, statement, self.company())?;
        // In the order of `StatusCategory::ALL`.
        let counts = |(user, a, f, i, c, n)| (user, ClientCounts::new([a, f, i, c, n]));
        Ok(rows.into_iter().map(counts).collect())
    }
}

impl TenantTx<'_> {
    /// Sets the counters to what counting says. The caller holds the company's lock.
    pub async fn recount_loads(&mut self) -> Result<()> {
        execute!(self, CLEAR, self.company())?;
        execute!(self, RECOUNT, self.company())
    }
}
