//! How many clients there are: by kind from counters, which the database keeps with every client that
//! comes, changes or goes; otherwise by counting, but not on and on.

use super::list::{Viewer, push_choice, push_selection};
use super::search::{COUNTED, ClientSelection, RowCount};
use crate::db::dialect::in_ids;
use crate::db::run;
use crate::db::tenant::{Tenant, TenantTx};
use crate::error::Result;

row! {
    /// How many clients there are of a status.
    pub struct StatusCount {
        /// The status; `None` counts the clients without one.
        pub status_id: Option<i64>,
        /// Its name.
        pub status_name: Option<String>,
        /// How many.
        pub clients: i64,
    }
}

const SUM: &str = "SELECT CAST(COALESCE(SUM(k.clients), 0) AS BIGINT)
         FROM client_count k
         WHERE k.company_id = ";
const COUNT: &str = "SELECT COUNT(*)
         FROM (SELECT 1 AS one FROM client k WHERE k.company_id = ";
const SELECT_SUMS: &str = "SELECT s.id AS status_id, s.name AS status_name,
             CAST(SUM(k.clients) AS BIGINT) AS clients
         FROM client_count k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         WHERE k.company_id = ";
const SELECT_COUNTS: &str = "SELECT k.status_id, s.name AS status_name, COUNT(*) AS clients
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         WHERE k.company_id = ";
const BY_STATUS: &str = " ORDER BY s.is_default DESC NULLS LAST, s.name NULLS LAST";

statements! {
    CLEAR = ["DELETE FROM client_count WHERE company_id = $1"];
    RECOUNT = [
        "INSERT INTO client_count (company_id, status_id, client_type, priority, clients)
         SELECT company_id, COALESCE(status_id, 0), client_type, priority, COUNT(*)
         FROM client
         WHERE company_id = $1
         GROUP BY company_id, COALESCE(status_id, 0), client_type, priority"
    ];
    /// What the counters say and what counting says, both ways round.
    COUNT_DIFFERENCES = [
        "SELECT COUNT(*)
         FROM (
             SELECT status_id, client_type, priority, SUM(clients) AS difference
             FROM (
                 SELECT status_id, client_type, priority, clients
                 FROM client_count
                 WHERE company_id = $1
                 UNION ALL
                 SELECT COALESCE(status_id, 0), client_type, priority, -COUNT(*)
                 FROM client
                 WHERE company_id = $1
                 GROUP BY COALESCE(status_id, 0), client_type, priority
             ) AS both_ways
             GROUP BY status_id, client_type, priority
         ) AS differences
         WHERE difference <> 0"
    ];
}

/// Adds the conditions on the kind of clients.
macro_rules! push_kinds {
    ($query:expr, $filter:expr) => {
        push_choice!($query, "k.client_type", &$filter.types);
        push_choice!($query, "k.priority", &$filter.priorities);
        let statuses: Vec<_> = $filter.statuses.iter().map(|id| id.get()).collect();
        push_choice!($query, "k.status_id", &statuses);
    };
}

impl Tenant<'_> {
    /// How many clients are selected.
    pub async fn count_clients(&mut self, selection: &ClientSelection) -> Result<RowCount> {
        if let Some(count) = selection.count {
            return Ok(count);
        }
        let company = self.company().get();
        if selection.filter.asks_for_kinds_alone() {
            let (count,) = on!(self, connection => {
                let mut query = sqlx::QueryBuilder::new(SUM);
                query.push_bind(company);
                push_kinds!(query, selection.filter);
                run::fetch_one(connection, query.build()).await?
            });
            return Ok(RowCount::Exactly(count));
        }
        let in_ids = in_ids(self.reader().engine());
        let (rows,) = on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(COUNT);
            query.push_bind(company);
            push_selection!(query, company, selection, in_ids);
            query.push(" LIMIT ").push_bind(COUNTED + 1).push(") AS counted");
            let query = query.build().persistent(selection.keeps_its_plan());
            run::fetch_one(connection, query).await?
        });
        Ok(RowCount::up_to_limit(rows))
    }

    /// How many of them there are of each status, the statuses in their own order.
    pub async fn count_clients_by_status(
        &mut self,
        selection: &ClientSelection,
    ) -> Result<Vec<StatusCount>> {
        let company = self.company().get();
        if selection.filter.asks_for_kinds_alone() {
            return Ok(on!(self, connection => {
                let mut query = sqlx::QueryBuilder::new(SELECT_SUMS);
                query.push_bind(company);
                push_kinds!(query, selection.filter);
                query.push(" GROUP BY s.id, s.name, s.is_default HAVING SUM(k.clients) > 0");
                query.push(BY_STATUS);
                run::fetch_all(connection, query.build()).await?
            }));
        }
        let in_ids = in_ids(self.reader().engine());
        Ok(on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(SELECT_COUNTS);
            query.push_bind(company);
            push_selection!(query, company, selection, in_ids);
            query.push(" GROUP BY k.status_id, s.name, s.is_default");
            query.push(BY_STATUS);
            run::fetch_all(connection, query.build()).await?
        }))
    }

    /// How many of the counters by kind do not say what counting the clients says.
    pub async fn count_wrong_counters(&mut self) -> Result<i64> {
        let company = self.company().get();
        Ok(fetch_one!(self, (i64,), COUNT_DIFFERENCES, company)?.0)
    }
}

impl TenantTx<'_> {
    /// Sets the counters by kind to what counting says. The caller holds the company's lock.
    pub async fn recount_clients(&mut self) -> Result<()> {
        let company = self.company().get();
        execute!(self, CLEAR, company)?;
        execute!(self, RECOUNT, company)?;
        Ok(())
    }
}
