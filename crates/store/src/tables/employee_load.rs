//! Load counters: how many clients each person holds, and when they last received one.

use crate::db::engine::Reader;
use crate::db::tenant::{Tenant, TenantTx};
use crate::error::Result;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::load::ClientCounts;
use tawzi_core::roster::{EmployeeLoad, Received};
use tawzi_core::status::StatusCategory;
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

impl RosterEntry {
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

row! {
    /// A row of the roster.
    #[derive(Deserialize)]
    pub(crate) struct RosterRow {
        pub company_id: CompanyId,
        pub user_id: UserId,
        pub username: String,
        pub first_name: String,
        pub last_name: String,
        pub active: i64,
        pub follow_up: i64,
        pub inactive: i64,
        pub closed: i64,
        pub without_status: i64,
        pub last_received_at: Option<i64>,
        pub last_received_order: i64,
    }
}

row! {
    /// A row of counters.
    struct CountRow {
        pub user_id: UserId,
        pub active: i64,
        pub follow_up: i64,
        pub inactive: i64,
        pub closed: i64,
        pub without_status: i64,
    }
}

statements! {
    /// Both tables are cut down to the companies by themselves; joined first, the loads of all
    /// companies would be read for each choice.
    READ_ROSTERS = [
        "SELECT " (PACKED company_id = "u.company_id", user_id = "u.id", username = "u.username",
             first_name = "u.first_name", last_name = "u.last_name",
             active = "COALESCE(l.active, 0)", follow_up = "COALESCE(l.follow_up, 0)",
             inactive = "COALESCE(l.inactive, 0)", closed = "COALESCE(l.closed, 0)",
             without_status = "COALESCE(l.without_status, 0)",
             last_received_at = "l.last_received_at",
             last_received_order = "COALESCE(l.last_received_order, 0)") "
         FROM user_account u
         LEFT JOIN (SELECT * FROM employee_load WHERE company_id" IN_IDS ") l
             ON l.company_id = u.company_id AND l.user_id = u.id
         WHERE u.company_id" IN_IDS " AND u.role = 'employee' AND u.is_active"
    ];
    READ_COUNTERS = [
        "SELECT user_id, active, follow_up, inactive, closed, without_status
         FROM employee_load
         WHERE company_id = $1"
    ];
    COUNT_CLIENTS = [
        "SELECT k.assigned_to AS user_id,
             COUNT(*) FILTER (WHERE s.category = 'active') AS active,
             COUNT(*) FILTER (WHERE s.category = 'follow_up') AS follow_up,
             COUNT(*) FILTER (WHERE s.category = 'inactive') AS inactive,
             COUNT(*) FILTER (WHERE s.category = 'closed') AS closed,
             COUNT(*) FILTER (WHERE s.category IS NULL) AS without_status
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         WHERE k.company_id = $1 AND k.assigned_to IS NOT NULL
         GROUP BY k.assigned_to"
    ];
    CLEAR = [
        "UPDATE employee_load
         SET active = 0, follow_up = 0, inactive = 0, closed = 0, without_status = 0
         WHERE company_id = $1"
    ];
    /// What is known of the last reception stays; where nothing is known, it is the latest
    /// assignment of a client they still hold.
    RECOUNT = [
        "INSERT INTO employee_load (company_id, user_id, active, follow_up, inactive, closed,
             without_status, last_received_at, last_received_order)
         SELECT k.company_id, k.assigned_to,
             COUNT(*) FILTER (WHERE s.category = 'active'),
             COUNT(*) FILTER (WHERE s.category = 'follow_up'),
             COUNT(*) FILTER (WHERE s.category = 'inactive'),
             COUNT(*) FILTER (WHERE s.category = 'closed'),
             COUNT(*) FILTER (WHERE s.category IS NULL),
             MAX(k.assigned_at), 0
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         WHERE k.company_id = $1 AND k.assigned_to IS NOT NULL
         GROUP BY k.company_id, k.assigned_to
         ON CONFLICT (company_id, user_id) DO UPDATE
         SET active = excluded.active, follow_up = excluded.follow_up,
             inactive = excluded.inactive, closed = excluded.closed,
             without_status = excluded.without_status,
             last_received_at = COALESCE(employee_load.last_received_at, excluded.last_received_at)"
    ];
}

/// A row of the changes that [`Tx::write`](crate::Tx::write) writes.
#[derive(Serialize)]
pub(crate) struct ChangeRow {
    company_id: CompanyId,
    user_id: UserId,
    active: i64,
    follow_up: i64,
    inactive: i64,
    closed: i64,
    without_status: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_received_at: Option<i64>,
    last_received_order: i64,
}

impl Reader {
    /// The active employees of those companies with their loads. To choose by them, hold the
    /// companies' locks.
    pub async fn rosters(&mut self, companies: &[CompanyId]) -> Result<Vec<RosterEntry>> {
        let ids = serde_json::to_string(companies)?;
        let rows = fetch_packed!(self, RosterRow, READ_ROSTERS, &ids)?;
        Ok(rows.into_iter().map(RosterEntry::from).collect())
    }
}

impl From<RosterRow> for RosterEntry {
    fn from(row: RosterRow) -> Self {
        let order = row.last_received_order;
        Self {
            company: row.company_id,
            load: EmployeeLoad {
                user: row.user_id,
                clients: ClientCounts::new([
                    row.active,
                    row.follow_up,
                    row.inactive,
                    row.closed,
                    row.without_status,
                ]),
                last_received: row.last_received_at.map(|at| Received {
                    at: Timestamp::from_microseconds(at),
                    order,
                }),
            },
            username: row.username,
            first_name: row.first_name,
            last_name: row.last_name,
        }
    }
}

impl Tenant<'_> {
    /// The active employees with their loads.
    pub async fn roster(&mut self) -> Result<Vec<RosterEntry>> {
        let company = self.company();
        self.reader().rosters(&[company]).await
    }

    /// Where the counters differ from what counting says.
    pub async fn load_differences(&mut self) -> Result<Vec<LoadDifference>> {
        let company = self.company().get();
        let actual = fetch_all!(self, CountRow, COUNT_CLIENTS, company)?;
        let counted = fetch_all!(self, CountRow, READ_COUNTERS, company)?;
        let mut both: BTreeMap<UserId, (ClientCounts, ClientCounts)> = BTreeMap::new();
        for row in counted {
            both.entry(row.user_id).or_default().0 = row.counts();
        }
        for row in actual {
            both.entry(row.user_id).or_default().1 = row.counts();
        }
        Ok(both
            .into_iter()
            .filter(|(_, (counted, actual))| counted != actual)
            .map(|(user, (counted, actual))| LoadDifference {
                user,
                counted,
                actual,
            })
            .collect())
    }
}

impl CountRow {
    const fn counts(&self) -> ClientCounts {
        // In the order of `StatusCategory::ALL`.
        ClientCounts::new([
            self.active,
            self.follow_up,
            self.inactive,
            self.closed,
            self.without_status,
        ])
    }
}

impl From<&LoadChange> for ChangeRow {
    fn from(change: &LoadChange) -> Self {
        let counts = change.clients.by_category();
        let of = |category: StatusCategory| counts[category.index()];
        Self {
            company_id: change.company,
            user_id: change.user,
            active: of(StatusCategory::Active),
            follow_up: of(StatusCategory::FollowUp),
            inactive: of(StatusCategory::Inactive),
            closed: of(StatusCategory::Closed),
            without_status: of(StatusCategory::None),
            last_received_at: change.received.map(|received| received.at.microseconds()),
            last_received_order: change.received.map_or(0, |received| received.order),
        }
    }
}

impl TenantTx<'_> {
    /// Sets the counters to what counting says. The caller holds the company's lock.
    pub async fn recount_loads(&mut self) -> Result<()> {
        let company = self.company().get();
        execute!(self, CLEAR, company)?;
        execute!(self, RECOUNT, company)?;
        Ok(())
    }
}
