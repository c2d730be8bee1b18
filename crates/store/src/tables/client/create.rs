//! Creating clients, those of many requests and companies at once: what the decisions need, in one statement.
//! What they come to is written by [`Tx::write`](crate::Tx::write).

use crate::db::engine::Reader;
use crate::error::Result;
use crate::tables::employee_load::{RosterEntry, RosterRow};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use tawzi_core::id::{ChannelId, ClientId, CompanyId, StatusId, UserId};
use tawzi_core::phone::PhoneKey;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_core::user::DisplayName;

/// What a batch of creates asks about, beside who the employees of its companies are.
#[derive(Clone, Debug, Default)]
pub struct CreateQuestions {
    /// The companies, whose locks the caller holds.
    pub companies: BTreeSet<CompanyId>,
    /// What repetitions of the requests are recognised by, and since when a client with the same key would
    /// be the same one.
    pub keys: Vec<(CompanyId, i64, Timestamp)>,
    /// Statuses that requests name.
    pub statuses: BTreeSet<(CompanyId, StatusId)>,
    /// Channels that requests name.
    pub channels: BTreeSet<(CompanyId, ChannelId)>,
    /// Assignees that requests name.
    pub assignees: BTreeSet<UserId>,
    /// Phone numbers that must be nobody else's.
    pub phones: BTreeSet<(CompanyId, PhoneKey)>,
}

/// The answers, as they are while the companies are locked. What is not there is left out.
#[derive(Clone, Debug, Default)]
pub struct CreateAnswers {
    /// The active employees of the companies, with their loads.
    pub employees: Vec<RosterEntry>,
    /// The newest client that a request with that key has created since the moment that was asked for.
    pub created: BTreeMap<(CompanyId, i64), ClientId>,
    /// Name and category of statuses.
    pub statuses: BTreeMap<(CompanyId, StatusId), (String, StatusCategory)>,
    /// Names of channels.
    pub channels: BTreeMap<(CompanyId, ChannelId), String>,
    /// User name and name of active people of a company.
    pub assignees: BTreeMap<(CompanyId, UserId), (String, DisplayName)>,
    /// The oldest client that has a phone number.
    pub phones: BTreeMap<(CompanyId, PhoneKey), ClientId>,
}

statements! {
    /// Each part is cut down by ids, which are arrays: joined with rows of unknown number, whole tables would be
    /// read for a single create. Repetitions and phone numbers are one probe of an index for each. The `+`
    /// keeps `SQLite` from preferring the index by time, which would read every client that the company has
    /// had since.
    const READ_ANSWERS = [
        "SELECT
             (SELECT " (JSON "u.company_id", "u.id", "u.username", "u.first_name", "u.last_name",
                 "COALESCE(l.active, 0)", "COALESCE(l.follow_up, 0)", "COALESCE(l.inactive, 0)",
                 "COALESCE(l.closed, 0)", "COALESCE(l.without_status, 0)", "l.last_received_at",
                 "COALESCE(l.last_received_order, 0)") "
              FROM user_account u
              LEFT JOIN (SELECT * FROM employee_load WHERE company_id" IN_IDS ") l
                  ON l.company_id = u.company_id AND l.user_id = u.id
              WHERE u.company_id" IN_IDS " AND u.role = 'employee' AND u.is_active) AS employees,
             (SELECT " (JSON "r.company_id", "r.create_key",
                 "(SELECT MAX(k.id)
                   FROM client k
                   WHERE k.company_id = r.company_id
                       AND k.create_key = r.create_key
                       AND +k.created_at >= r.since)") "
              FROM " (ROWS 2 company_id BIGINT, create_key BIGINT, since BIGINT) ") AS created,
             (SELECT " (JSON "s.company_id", "s.id", "s.name", "s.category") "
              FROM status s
              WHERE s.id" (IN_IDS 3) ") AS statuses,
             (SELECT " (JSON "h.company_id", "h.id", "h.name") "
              FROM channel h
              WHERE h.id" (IN_IDS 4) ") AS channels,
             (SELECT " (JSON "a.company_id", "a.id", "a.username", "a.first_name", "a.last_name") "
              FROM user_account a
              WHERE a.id" (IN_IDS 5) " AND a.is_active AND a.company_id IS NOT NULL) AS assignees,
             (SELECT " (JSON "r.company_id", "r.phone_key",
                 "(SELECT MIN(p.client_id)
                   FROM client_phone_key p
                   WHERE p.company_id = r.company_id AND p.phone_key = r.phone_key)") "
              FROM " (ROWS 6 company_id BIGINT, phone_key TEXT) ") AS phones"
    ];
}

row! {
    /// Each column is a JSON array of rows, which are arrays themselves.
    struct AnswerRow {
        pub employees: String,
        pub created: String,
        pub statuses: String,
        pub channels: String,
        pub assignees: String,
        pub phones: String,
    }
}

/// A person as they are found: company, id, user name, first and last name.
#[derive(Deserialize)]
struct UserRow(CompanyId, UserId, String, String, String);

impl Reader {
    /// What the decisions about a batch of creates need. To write what they come
    /// to, hold the locks of the companies, taken in a statement of its own.
    pub async fn answer_creates(&mut self, asked: &CreateQuestions) -> Result<CreateAnswers> {
        let keys = json_rows!(&asked.keys, (company, key, since) => {
            company_id: *company, create_key: *key, since: *since,
        })?;
        let phones = json_rows!(&asked.phones, (company, key) => {
            company_id: *company, phone_key: key,
        })?;
        let row: AnswerRow = fetch!(
            self,
            READ_ANSWERS,
            &asked.companies,
            keys,
            &asked.statuses,
            &asked.channels,
            &asked.assignees,
            phones
        )?;
        row.into_answers(asked)
    }
}

impl AnswerRow {
    /// Statuses and channels are asked for by their ids: those of other companies are left out here.
    fn into_answers(self, asked: &CreateQuestions) -> Result<CreateAnswers> {
        let employees: Vec<RosterRow> = read(&self.employees)?;
        let created: Vec<(CompanyId, i64, Option<ClientId>)> = read(&self.created)?;
        let statuses: Vec<(CompanyId, StatusId, String, StatusCategory)> = read(&self.statuses)?;
        let channels: Vec<(CompanyId, ChannelId, String)> = read(&self.channels)?;
        let assignees: Vec<UserRow> = read(&self.assignees)?;
        let phones: Vec<(CompanyId, String, Option<ClientId>)> = read(&self.phones)?;
        let assignee = |UserRow(company, id, username, first, last): UserRow| {
            let name = DisplayName::new(&first, &last, &username);
            ((company, id), (username, name))
        };
        Ok(CreateAnswers {
            employees: employees.into_iter().map(RosterEntry::from).collect(),
            created: created
                .into_iter()
                .filter_map(|(c, key, id)| Some(((c, key), id?)))
                .collect(),
            statuses: statuses
                .into_iter()
                .map(|(c, id, name, category)| ((c, id), (name, category)))
                .filter(|(status, _)| asked.statuses.contains(status))
                .collect(),
            channels: channels
                .into_iter()
                .map(|(c, id, name)| ((c, id), name))
                .filter(|(channel, _)| asked.channels.contains(channel))
                .collect(),
            assignees: assignees.into_iter().map(assignee).collect(),
            phones: phones
                .into_iter()
                .filter_map(|(c, key, id)| Some(((c, PhoneKey::from_kept(key)), id?)))
                .collect(),
        })
    }
}

fn read<T: DeserializeOwned>(rows: &str) -> Result<Vec<T>> {
    Ok(serde_json::from_str(rows)?)
}
