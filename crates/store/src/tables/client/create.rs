//! Creating clients, those of many requests and companies at once: what the decisions need, in one statement.
//! What they come to is written by [`Tx::write`](crate::Tx::write).

use crate::db::engine::Reader;
use crate::error::Result;
use crate::tables::create_key::{Earlier, KeyQuestion, key_rows, read_earlier};
use crate::tables::employee_load::{RosterEntry, rosters};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use tawzi_core::id::{ChannelId, ClientId, CompanyId, StatusId, UserId};
use tawzi_core::phone::PhoneKey;
use tawzi_core::status::StatusCategory;
use tawzi_core::user::DisplayName;

/// What a batch of creates asks about, beside who the employees of its companies are.
#[derive(Clone, Debug, Default)]
pub struct CreateQuestions {
    /// The companies, whose locks the caller holds.
    pub companies: BTreeSet<CompanyId>,
    /// What repetitions of the requests are recognised by, and since when a client with the same key would
    /// be the same one.
    pub keys: Vec<KeyQuestion>,
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
    pub created: BTreeMap<(CompanyId, i64), Earlier<ClientId>>,
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
    /// read for a single create. Repetitions and phone numbers are one probe of an index for each, and a second
    /// one where the sender chose the key: of those since a moment there is one. The `+` keeps `SQLite` from
    /// preferring the index by time, which would read every client that the company has had since.
    const READ_ANSWERS = [
        "SELECT
             (" (TEXT_WITH rosters) ") AS employees,
             (SELECT " (JSON "r.company_id", "r.create_key",
                 "(SELECT MAX(k.id)
                   FROM client k
                   WHERE k.company_id = r.company_id
                       AND k.create_key = r.create_key
                       AND +k.created_at >= r.since)",
                "CASE WHEN r.chosen THEN
                    (SELECT MAX(k.create_asked)
                     FROM client k
                     WHERE k.company_id = r.company_id
                         AND k.create_key = r.create_key
                         AND +k.created_at >= r.since) END") "
              FROM " (ROWS 2 company_id BIGINT, create_key BIGINT, since BIGINT,
                  chosen BOOLEAN) ") AS created,
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

/// A JSON array of rows for each of the questions; the rows are arrays themselves.
type Answers = (String, String, String, String, String, String);

impl Reader {
    /// What the decisions about a batch of creates need. To write what they come
    /// to, hold the locks of the companies, taken in a statement of its own.
    pub async fn answer_creates(&mut self, asked: &CreateQuestions) -> Result<CreateAnswers> {
        let keys = key_rows(&asked.keys)?;
        let phones = json_rows!(&asked.phones, (company, key) => {
            company_id: *company, phone_key: key,
        })?;
        let answers: Answers = fetch!(
            self,
            READ_ANSWERS,
            &asked.companies,
            keys,
            &asked.statuses,
            &asked.channels,
            &asked.assignees,
            phones
        )?;
        CreateAnswers::read(&answers, asked)
    }
}

impl CreateAnswers {
    /// Statuses and channels are asked for by their ids: those of other companies are left out here.
    fn read(answers: &Answers, asked: &CreateQuestions) -> Result<Self> {
        let (employees, created, statuses, channels, assignees, phones) = answers;
        let statuses: Vec<(CompanyId, StatusId, String, StatusCategory)> = read(statuses)?;
        let channels: Vec<(CompanyId, ChannelId, String)> = read(channels)?;
        let assignees: Vec<(CompanyId, UserId, String, String, String)> = read(assignees)?;
        let phones: Vec<(CompanyId, String, Option<ClientId>)> = read(phones)?;
        let assignee = |(company, id, username, first, last): (_, _, String, String, String)| {
            let name = DisplayName::new(&first, &last, &username);
            ((company, id), (username, name))
        };
        Ok(Self {
            employees: RosterEntry::read(employees)?,
            created: read_earlier(created)?,
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
