//! Clients that nobody has, and those of them that wait for somebody who can receive them.

use super::{OwnedClient, owned};
use tawzi_core::id::CompanyId;

row! {
    /// How many clients of a company nobody has.
    pub struct UnassignedCount {
        /// The company.
        pub company: CompanyId,
        /// Whether it assigns by itself.
        pub auto_assign_enabled: bool,
        /// How many clients nobody has.
        pub unassigned: i64,
        /// How many of them wait for somebody who can receive them.
        pub waiting: i64,
    }
}

// A program of the version before that assigns a client leaves since when it has waited.
statements! {
    impl Tenant<'_> {
        /// At most so many clients that wait, the longest waiting first.
        pub fn waiting_clients(limit: i64) -> Vec<OwnedClient> {
            (TEXT owned) "
             WHERE k.company_id = $1 AND k.waiting_since IS NOT NULL AND +k.assigned_to IS NULL
             ORDER BY k.waiting_since, k.id
             LIMIT $2"
        }

        /// How many clients wait.
        pub fn count_waiting_clients() -> i64 {
            "SELECT COUNT(*) FROM client k WHERE k.company_id = $1 AND k.waiting_since IS NOT NULL AND +k.assigned_to IS NULL"
        }
    }

    impl Reader {
        /// The companies that assign by themselves and in which a client waits, by id; `only` looks at a single company.
        /// Costs one probe of the index of waiting clients per company: when none waits, no client is read.
        pub fn companies_with_waiting_clients(only: Option<CompanyId>)
            with (only.map_or(0, CompanyId::get)) -> Vec<CompanyId>
        {
            "SELECT c.id
             FROM company c
             WHERE c.auto_assign_enabled
               AND ($1 = 0 OR c.id = $1)
               AND (SELECT 1
                    FROM client k
                    WHERE k.company_id = c.id AND k.waiting_since IS NOT NULL AND +k.assigned_to IS NULL
                    ORDER BY k.waiting_since
                    LIMIT 1) = 1
             ORDER BY c.id"
        }

        /// How many clients nobody has, in each company with such clients, by id; `only` looks at a single one.
        pub fn unassigned_counts(only: Option<CompanyId>)
            with (only.map_or(0, CompanyId::get)) -> Vec<UnassignedCount>
        {
            "SELECT company, auto_assign_enabled, unassigned, waiting
             FROM (
                 SELECT c.id AS company, c.auto_assign_enabled,
                     (SELECT COUNT(*)
                      FROM client k
                      WHERE k.company_id = c.id AND k.assigned_to IS NULL) AS unassigned,
                     (SELECT COUNT(*)
                      FROM client k
                      WHERE k.company_id = c.id AND k.waiting_since IS NOT NULL AND +k.assigned_to IS NULL) AS waiting
                 FROM company c
                 WHERE $1 = 0 OR c.id = $1
             ) counted
             WHERE unassigned > 0
             ORDER BY company"
        }

        /// How many clients wait in all companies that assign by themselves, as far as that many.
        pub fn count_waiting(most: i64) -> i64 {
            "SELECT COUNT(*)
             FROM (
                 SELECT 1 AS one
                 FROM company c
                 JOIN client k ON k.company_id = c.id AND k.waiting_since IS NOT NULL AND +k.assigned_to IS NULL
                 WHERE c.auto_assign_enabled
                 LIMIT $1
             ) waiting"
        }
    }
}
