//! Writing many new clients at once, of many companies, in a few statements.

mod record;

pub(crate) use record::CREATE_BATCH;

use crate::db::author::Author;
use crate::db::engine::Tx;
use crate::error::Result;
use serde::Serialize;
use std::collections::BTreeMap;
use tawzi_core::client::{Budget, ClientType, PhoneType, Priority};
use tawzi_core::event::EventText;
use tawzi_core::id::{ChannelId, ClientId, CompanyId, PhoneNumberId, StatusId, UserId};
use tawzi_core::time::Timestamp;

/// A client to be created; who receives it is already decided.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of Client")]
pub struct NewClient<'a> {
    pub company: CompanyId,
    pub name: &'a str,
    pub priority: Priority,
    pub client_type: ClientType,
    pub channel: Option<ChannelId>,
    pub status: Option<StatusId>,
    pub budget: Option<Budget>,
    pub phone_number: Option<&'a str>,
    pub phones: &'a [NewPhone],
    pub assigned_to: Option<UserId>,
    /// What its timeline begins with, and who did that.
    pub event: Option<(EventText, Author)>,
    /// What a repetition of the same request is recognised by.
    pub create_key: Option<i64>,
    pub at: Timestamp,
}

/// A phone number to be created.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the fields are those of ClientPhone")]
pub struct NewPhone {
    /// Which of the client's numbers it was before, when the numbers are replaced.
    pub id: Option<PhoneNumberId>,
    pub phone_number: String,
    pub phone_type: PhoneType,
    pub is_primary: bool,
    pub notes: Option<String>,
}

record! {
    /// A client that an earlier request with the same key created.
    pub struct RecentCreate {
        /// Its company.
        pub company_id: CompanyId,
        /// The key.
        pub create_key: i64,
        /// The client.
        pub id: ClientId,
    }
}

statements! {
    INSERT = [
        "INSERT INTO client (company_id, id, name, priority, client_type, channel_id, status_id,
             budget_hundredths, phone_number, assigned_to, assigned_at, create_key, created_at,
             updated_at)
         SELECT r.company_id, r.id, r.name, r.priority, r.client_type, r.channel_id, r.status_id,
             r.budget, r.phone_number, r.assigned_to,
             CASE WHEN r.assigned_to IS NULL THEN NULL ELSE r.created_at END, r.create_key,
             r.created_at, r.created_at
         FROM " (ROWS company_id BIGINT, id BIGINT, name TEXT, priority TEXT, client_type TEXT,
             channel_id BIGINT, status_id BIGINT, budget BIGINT, phone_number TEXT,
             assigned_to BIGINT, create_key BIGINT, created_at BIGINT)
    ];
    /// One probe of the index for each key: a join would be planned for as few clients as there were at
    /// that time, and read all of them later. The `+` keeps `SQLite` from preferring the index by time,
    /// which would read every client that the company has had since.
    READ_RECENT = [
        "SELECT company_id, create_key, id
         FROM (
             SELECT r.company_id, r.create_key, (
                 SELECT MAX(k.id)
                 FROM client k
                 WHERE k.company_id = r.company_id
                     AND k.create_key = r.create_key
                     AND +k.created_at >= r.since
             ) AS id
             FROM " (ROWS company_id BIGINT, create_key BIGINT, since BIGINT) "
         ) AS found
         WHERE id IS NOT NULL"
    ];
    /// Whether companies $1 still have versions $2, which are joined in the order of the ids, and that it
    /// stays so until commit. Locked in order of id, as by `LOCK_MANY`.
    HOLD_VERSIONS = [
        "SELECT COALESCE(string_agg(CAST(held.version AS TEXT), ',' ORDER BY held.id), '') = $2
             AS holds
         FROM (
             SELECT c.id, c.assignment_version AS version
             FROM company c
             WHERE c.id" IN_IDS "
             ORDER BY c.id" LOCK_ROWS "
         ) AS held"
    ];
}

/// What a batch of creates was decided by; without companies and keys, by nothing that could change.
#[derive(Clone, Debug, Default)]
pub struct CreateBasis {
    /// The version of each company; see [`crate::Company::assignment_version`].
    pub versions: BTreeMap<CompanyId, i64>,
    /// The keys of the requests, and since when a client with the same key would be the same one.
    pub keys: Vec<(CompanyId, i64, Timestamp)>,
}

/// What a created client was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its id.
    pub id: ClientId,
    /// Those of its phone numbers, in their order.
    pub phones: Vec<PhoneNumberId>,
}

impl CreateBasis {
    /// The companies, their versions in the same order, and the keys: the parameters of the condition.
    fn parameters(&self) -> Result<[String; 3]> {
        let companies: Vec<_> = self.versions.keys().collect();
        let versions: Vec<_> = self.versions.values().map(i64::to_string).collect();
        Ok([
            serde_json::to_string(&companies)?,
            versions.join(","),
            key_rows(&self.keys)?,
        ])
    }
}

#[derive(Serialize)]
struct KeyRow {
    company_id: CompanyId,
    create_key: i64,
    since: i64,
}

impl Tx {
    /// The newest client that requests with each of these keys have created since a moment.
    pub async fn recent_creates(
        &mut self,
        keys: &[(CompanyId, i64, Timestamp)],
    ) -> Result<Vec<RecentCreate>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let rows = key_rows(keys)?;
        fetch_all!(self, RecentCreate, READ_RECENT, &rows)
    }
}

/// The parameter of `READ_RECENT`.
fn key_rows(keys: &[(CompanyId, i64, Timestamp)]) -> Result<String> {
    let rows: Vec<_> = keys
        .iter()
        .map(|&(company_id, create_key, since)| KeyRow {
            company_id,
            create_key,
            since: since.microseconds(),
        })
        .collect();
    Ok(serde_json::to_string(&rows)?)
}
