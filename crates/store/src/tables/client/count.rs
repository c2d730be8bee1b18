//! How many clients there are: by kind from counters, which the database keeps with every client that
//! comes, changes or goes; otherwise by counting, but not on and on.

use super::search::{ClientSelection, Counting, RowCount};
use crate::db::query::Query;
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

statements! {
    const CLEAR = ["DELETE FROM client_count WHERE company_id = $1"];
    const RECOUNT = [
        "INSERT INTO client_count (company_id, status_id, client_type, priority, clients)
         SELECT company_id, COALESCE(status_id, 0), client_type, priority, COUNT(*)
         FROM client
         WHERE company_id = $1
         GROUP BY company_id, COALESCE(status_id, 0), client_type, priority"
    ];

    impl Tenant<'_> {
        /// How many of the counters by kind do not say what counting the clients says.
        pub fn count_wrong_counters() -> i64 {
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
        }
    }
}

impl Tenant<'_> {
    /// How many clients are selected.
    pub async fn count_clients(&mut self, selection: &ClientSelection) -> Result<RowCount> {
        self.count_clients_so_far(selection, Counting::AsEver).await
    }

    /// The same, counted so far.
    pub async fn count_clients_so_far(
        &mut self,
        selection: &ClientSelection,
        counting: Counting,
    ) -> Result<RowCount> {
        if let Some(indexed) = &selection.told_by_index {
            return self.count_indexed(indexed, counting).await;
        }
        if selection.asks_for_kinds_alone() {
            let mut query = self.query(sql!(
                "SELECT CAST(COALESCE(SUM(k.clients), 0) AS BIGINT)
                 FROM client_count k
                 WHERE k.company_id = $1"
            ));
            selection.filter.push_kinds(&mut query);
            return fetch!(self, query).map(RowCount::Exactly);
        }
        let mut query = self.query(sql!(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM client k WHERE k.company_id = $1"
        ));
        selection.push_to(&mut query, self.company());
        counting.end(&mut query);
        let query = query.persistent(selection.keeps_its_plan());
        fetch!(self, query).map(|rows| counting.of(rows))
    }

    /// How many of them there are of each status, the statuses in their own order.
    pub async fn count_clients_by_status(
        &mut self,
        selection: &ClientSelection,
    ) -> Result<Vec<StatusCount>> {
        let (count, table) = if selection.asks_for_kinds_alone() {
            ("CAST(SUM(k.clients) AS BIGINT)", "client_count")
        } else {
            ("COUNT(*)", "client")
        };
        let text = format!(
            "SELECT s.id AS status_id, s.name AS status_name, {count} AS clients
             FROM {table} k
             LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
             WHERE k.company_id = $1"
        );
        let mut query = Query::built(text).with(self.company());
        // Of kinds alone it has conditions only on columns that the counters have, too.
        selection.push_to(&mut query, self.company());
        query.push(" GROUP BY s.id, s.name, s.is_default HAVING ");
        query.push(count).push(" > 0");
        query.push(" ORDER BY s.is_default DESC NULLS LAST, s.name NULLS LAST");
        fetch!(self, query)
    }
}

impl TenantTx<'_> {
    /// Sets the counters by kind to what counting says. The caller holds the company's lock.
    pub async fn recount_clients(&mut self) -> Result<()> {
        execute!(self, CLEAR, self.company())?;
        execute!(self, RECOUNT, self.company())
    }
}
