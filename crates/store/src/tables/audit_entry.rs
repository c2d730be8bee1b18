//! The security log: who did what to whom, when and from which address, with ids and without names.

use crate::db::engine::{Reader, Tx};
use crate::db::query::Query;
use crate::error::Result;
use crate::tables::client::{Counting, RowCount};
use crate::tables::client_event::Author;
use tawzi_core::audit::AuditRecord;
use tawzi_core::id::{ApiKeyId, AuditEntryId, CompanyId, UserId};
use tawzi_core::time::Timestamp;

row! {
    /// A line of the log.
    pub struct AuditEntry {
        /// Its id.
        pub id: AuditEntryId,
        /// The company that it concerns; null for none.
        pub company_id: Option<CompanyId>,
        /// What happened: a word of `AuditKind`, or of a later version.
        pub kind: String,
        /// A word or two more.
        pub detail: Option<String>,
        /// The person to whom it happened.
        pub user_id: Option<UserId>,
        /// The id of what else it happened to: a key or a sweep, as the kind says.
        pub subject_id: Option<i64>,
        /// How many it was about.
        pub amount: Option<i64>,
        /// The person who did it.
        pub actor_id: Option<UserId>,
        /// The key with which it was done.
        pub actor_key_id: Option<ApiKeyId>,
        /// From which address.
        pub address: Option<String>,
        /// When; of what was counted, the minute.
        pub created_at: Timestamp,
    }
}

/// A line to be written.
#[derive(Clone, Debug)]
pub struct NewAuditEntry {
    /// The company that it concerns. Of what was counted it is the company of the person, if there is one.
    pub company: Option<CompanyId>,
    /// What happened.
    pub record: AuditRecord,
    /// Who did it; nobody for a command, and for strangers.
    pub by: Author,
    /// From which address.
    pub address: Option<String>,
    /// Lines with the same text are one line, whose amounts are added up.
    pub counted_as: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Which lines are looked for; what is empty or `None` leaves none out.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only what concerns this company.
    pub company: Option<CompanyId>,
    /// Words of `AuditKind`.
    pub kinds: Vec<String>,
    /// Only what this person did.
    pub actor: Option<UserId>,
    /// Only what happened to this person.
    pub user: Option<UserId>,
    /// Only since then.
    pub since: Option<Timestamp>,
    /// Only before then.
    pub before: Option<Timestamp>,
}

/// How much of the log is kept.
#[derive(Clone, Copy, Debug)]
pub struct AuditBounds {
    /// Nothing older.
    pub since: Timestamp,
    /// The newest lines of each company that were counted: strangers can make as many as they like.
    pub counted_of_company: i64,
    /// The newest of those in all companies.
    pub counted: i64,
}

/// What stands for no company.
const NO_COMPANY: i64 = 0;

statements! {
    const INSERT = [
        "INSERT INTO audit_entry (company_id, id, kind, detail, user_id, subject_id, amount, actor_id,
             actor_key_id, address, counted_as, created_at)
         SELECT
             CASE
                 WHEN r.counted_as IS NULL THEN r.company_id
                 ELSE COALESCE((SELECT u.company_id FROM user_account u WHERE u.id = r.user_id), 0)
             END,
             r.id, r.kind, r.detail, r.user_id, r.subject_id, r.amount, r.actor_id,
             r.actor_key_id, r.address, r.counted_as, r.created_at
         FROM " (ROWS company_id BIGINT, id BIGINT, kind TEXT, detail TEXT, user_id BIGINT,
             subject_id BIGINT, amount BIGINT, actor_id BIGINT, actor_key_id BIGINT, address TEXT,
             counted_as TEXT, created_at BIGINT) "
         WHERE TRUE
         ON CONFLICT (counted_as) DO UPDATE SET amount = audit_entry.amount + excluded.amount"
    ];
    const SELECT_AUDIT = [
        "SELECT e.id, NULLIF(e.company_id, 0) AS company_id, e.kind, e.detail, e.user_id,
             e.subject_id, e.amount, e.actor_id, e.actor_key_id, e.address, e.created_at
         FROM audit_entry e
         WHERE TRUE"
    ];

    impl Reader {
        /// A company with more lines than that which were counted, and how many it has.
        fn counted_audit_crowd(most: i64) -> Option<(i64, i64)> {
            "SELECT e.company_id, COUNT(*)
             FROM audit_entry e
             WHERE e.counted_as IS NOT NULL
             GROUP BY e.company_id
             HAVING COUNT(*) > $1
             LIMIT 1"
        }

        fn count_counted_audit() -> i64 {
            "SELECT COUNT(*) FROM audit_entry WHERE counted_as IS NOT NULL"
        }
    }

    impl Tx {
        fn delete_audit_before(since: Timestamp, limit: i64) -> u64 {
            "DELETE FROM audit_entry
             WHERE id IN (
                 SELECT e.id FROM audit_entry e WHERE e.created_at < $1 ORDER BY e.created_at LIMIT $2)"
        }

        fn delete_oldest_counted_audit(company: i64, limit: i64) -> u64 {
            "DELETE FROM audit_entry
             WHERE id IN (
                 SELECT e.id
                 FROM audit_entry e
                 WHERE e.company_id = $1 AND e.counted_as IS NOT NULL
                 ORDER BY e.id
                 LIMIT $2)"
        }

        fn delete_oldest_of_counted_audit(limit: i64) -> u64 {
            "DELETE FROM audit_entry
             WHERE id IN (
                 SELECT e.id FROM audit_entry e WHERE e.counted_as IS NOT NULL ORDER BY e.id LIMIT $1)"
        }
    }
}

impl Reader {
    /// A page of the lines, the newest first.
    pub async fn audit_entries(
        &mut self,
        filter: &AuditFilter,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<AuditEntry>> {
        let mut query = query!(SELECT_AUDIT);
        push_filter(&mut query, filter);
        query.push(" ORDER BY e.id DESC").push_page(offset, limit);
        fetch!(self, query)
    }

    /// How many there are, counted so far.
    pub async fn count_audit_entries(
        &mut self,
        filter: &AuditFilter,
        counting: Counting,
    ) -> Result<RowCount> {
        let mut query = query!(sql!(
            "SELECT COUNT(*) FROM (SELECT e.company_id FROM audit_entry e WHERE TRUE"
        ));
        push_filter(&mut query, filter);
        counting.end(&mut query);
        fetch!(self, query).map(|rows| counting.of(rows))
    }
}

impl Tx {
    /// Writes lines. No two of them are counted as the same.
    pub async fn record_audit(&mut self, entries: &[NewAuditEntry]) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let ids = self
            .writer()
            .take_ids::<AuditEntryId>(entries.len())
            .await?;
        let rows = json_rows!(entries.iter().zip(ids), (entry, id) => {
            company_id: entry.company.map_or(NO_COMPANY, CompanyId::get),
            id: id,
            kind: entry.record.kind.as_str(),
            detail: entry.record.detail.as_deref(),
            user_id: entry.record.user,
            subject_id: entry.record.subject,
            amount: entry.record.amount,
            actor_id: entry.by.user(),
            actor_key_id: entry.by.api_key(),
            address: entry.address.as_deref(),
            counted_as: entry.counted_as.as_deref(),
            created_at: entry.at,
        })?;
        execute!(self, INSERT, rows)
    }

    /// Deletes at most `step` lines that are too old or too many, and says how many; none once the log is within its
    /// bounds.
    pub async fn prune_audit(&mut self, bounds: &AuditBounds, step: i64) -> Result<u64> {
        let old = self.delete_audit_before(bounds.since, step).await?;
        if old > 0 {
            return Ok(old);
        }
        if let Some((company, rows)) = self.counted_audit_crowd(bounds.counted_of_company).await? {
            let excess = rows - bounds.counted_of_company;
            return self
                .delete_oldest_counted_audit(company, excess.min(step))
                .await;
        }
        let excess = self.count_counted_audit().await? - bounds.counted;
        if excess > 0 {
            return self.delete_oldest_of_counted_audit(excess.min(step)).await;
        }
        Ok(0)
    }
}

/// Adds all conditions. One that may be absent is left out: each index serves others.
fn push_filter(query: &mut Query<'_>, filter: &AuditFilter) {
    if let Some(company) = filter.company {
        query.push(" AND e.company_id = ").push_bind(company);
    }
    query.push_choice(" AND ", "e.kind", filter.kinds.iter().cloned());
    if let Some(actor) = filter.actor {
        query.push(" AND e.actor_id = ").push_bind(actor);
    }
    if let Some(user) = filter.user {
        query.push(" AND e.user_id = ").push_bind(user);
    }
    if let Some(since) = filter.since {
        query.push(" AND e.created_at >= ").push_bind(since);
    }
    if let Some(before) = filter.before {
        query.push(" AND e.created_at < ").push_bind(before);
    }
}
