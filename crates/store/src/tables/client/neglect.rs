//! Neglected clients: which are due, and who has them.

use crate::db::tenant::Tenant;
use crate::error::Result;
use tawzi_core::id::{ClientId, CompanyId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_core::sweep::Due;
use tawzi_core::time::Timestamp;

row! {
    /// How many stale clients somebody holds, and which they have neglected longest.
    pub struct StaleOfAssignee {
        /// Who.
        pub assigned_to: UserId,
        /// The client that was neglected longest.
        pub id: ClientId,
        /// When it was last assigned or contacted.
        pub touched_at: Timestamp,
        /// How many stale clients they hold.
        pub stale: i64,
    }
}

row! {
    /// How many clients of a company have moments that have not come yet.
    pub struct FutureClients {
        /// The company.
        pub company: CompanyId,
        /// How many clients.
        pub clients: i64,
    }
}

statements! {
    impl Reader {
        /// How many clients were assigned, contacted or created after that moment, in each company that has such.
        pub fn clients_of_the_future(moment: Timestamp) -> Vec<FutureClients> {
            "SELECT company, clients
             FROM (
                 SELECT c.id AS company,
                     (SELECT COUNT(*)
                      FROM client k
                      WHERE k.company_id = c.id AND k.assigned_to IS NOT NULL AND k.touched_at > $1)
                     + (SELECT COUNT(*)
                        FROM client k
                        WHERE k.company_id = c.id AND k.created_at > $1
                            AND (k.assigned_to IS NULL OR k.touched_at IS NULL OR k.touched_at <= $1))
                         AS clients
                 FROM company c
             ) counted
             WHERE clients > 0
             ORDER BY company"
        }
    }

    impl Tenant<'_> {
        fn read_due(threshold: Timestamp, touched_at: i64, id: i64, limit: i64) -> String {
            "SELECT " (JSON "id", "assigned_to", "touched_at", "category") "
             FROM (
                 SELECT k.id, k.assigned_to, k.touched_at, s.category
                 FROM client k
                 LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
                 WHERE k.company_id = $1
                   AND k.assigned_to IS NOT NULL
                   AND k.touched_at < $2
                   AND (k.touched_at, k.id) > ($3, $4)
                 ORDER BY k.touched_at, k.id
                 LIMIT $5
             ) AS due"
        }

        /// How many clients were touched before `threshold`. The second bound, which is true of every moment,
        /// keeps `SQLite` from reading all clients of the company.
        pub fn count_due_clients(threshold: Timestamp) -> i64 {
            "SELECT COUNT(*)
             FROM client
             WHERE company_id = $1 AND assigned_to IS NOT NULL AND touched_at < $2
                 AND touched_at > -9000000000000000000"
        }

        /// Who holds clients that were touched before `threshold`. The `+ 0` keeps `SQLite` from reading all
        /// clients of the company in the order of their assignees.
        pub fn stale_by_assignee(threshold: Timestamp) -> Vec<StaleOfAssignee> {
            "SELECT assigned_to, id, touched_at, stale
             FROM (SELECT assigned_to, id, touched_at,
                       ROW_NUMBER() OVER (PARTITION BY assigned_to + 0 ORDER BY touched_at, id)
                           AS place,
                       COUNT(*) OVER (PARTITION BY assigned_to + 0) AS stale
                   FROM client
                   WHERE company_id = $1 AND assigned_to IS NOT NULL AND touched_at < $2) d
             WHERE place = 1"
        }
    }
}

impl Tenant<'_> {
    /// At most `limit` clients touched before `threshold`, the longest neglected first, from
    /// behind `after` on.
    pub async fn due_clients(
        &mut self,
        threshold: Timestamp,
        after: Option<(Timestamp, ClientId)>,
        limit: usize,
    ) -> Result<Vec<Due>> {
        let (touched, id) = after.map_or((i64::MIN, 0), |(at, id)| (at.microseconds(), id.get()));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let due = self.read_due(threshold, touched, id, limit).await?;
        let due: Vec<(_, _, i64, Option<_>)> = serde_json::from_str(&due)?;
        let due = due.into_iter().map(|(client, from, at, category)| Due {
            client,
            from,
            touched_at: Timestamp::from_microseconds(at),
            category: category.unwrap_or(StatusCategory::None),
        });
        Ok(due.collect())
    }
}
