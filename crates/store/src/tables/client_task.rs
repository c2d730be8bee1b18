//! Client tasks: the activities that people log on their clients.

use crate::db::author::Author;
use crate::db::engine::{Tx, Writer};
use crate::db::run;
use crate::db::sequence::Sequence;
use crate::db::tenant::{Tenant, TenantTx};
use crate::error::Result;
use crate::tables::client::{COUNTED, RowCount, Viewer, bind_viewer};
use serde::Serialize;
use tawzi_core::id::{ApiKeyId, ClientId, ClientTaskId, CompanyId, StageId, UserId};
use tawzi_core::time::Timestamp;

row! {
    /// An activity on a client.
    pub struct ClientTask {
        /// Its id.
        pub id: ClientTaskId,
        /// The client.
        pub client_id: ClientId,
        /// The client's name.
        pub client_name: String,
        /// Its stage.
        pub stage_id: Option<StageId>,
        /// That stage's name.
        pub stage_name: Option<String>,
        /// What was done or said.
        pub notes: Option<String>,
        /// When to be reminded.
        pub reminder_date: Option<Timestamp>,
        /// Who logged it; null when it was logged with a key.
        pub created_by: Option<UserId>,
        /// That person's user name.
        pub created_by_username: Option<String>,
        /// The name of the key with which it was logged.
        pub api_key_name: Option<String>,
        /// When it was logged.
        pub created_at: Timestamp,
        /// When it was edited last.
        pub updated_at: Timestamp,
    }
}

/// An activity to be logged.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of ClientTask")]
pub struct NewTask<'a> {
    pub client: ClientId,
    pub stage: Option<StageId>,
    pub notes: Option<&'a str>,
    pub reminder_date: Option<Timestamp>,
    pub created_by: Author,
    pub at: Timestamp,
}

/// What an activity becomes.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of ClientTask")]
pub struct TaskEdit<'a> {
    pub client: ClientId,
    pub stage: Option<StageId>,
    pub notes: Option<&'a str>,
    pub reminder_date: Option<Timestamp>,
    pub updated_at: Timestamp,
}

/// What activities can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskOrder {
    /// When they were logged.
    CreatedAt,
    /// When to be reminded.
    ReminderDate,
    /// The name of their stage.
    StageName,
}

const SELECT: &str = "SELECT t.id, t.client_id, k.name AS client_name, t.stage_id,
             g.name AS stage_name, t.notes, t.reminder_date, t.created_by,
             u.username AS created_by_username, a.name AS api_key_name, t.created_at,
             t.updated_at";
const COUNT: &str = "SELECT COUNT(*) FROM (SELECT 1 AS one";
/// Whoever sees everything and searches for nothing need not ask whose clients they are.
const FROM_ALL: &str = " FROM client_task t WHERE t.company_id = ";
const FROM: &str = "
         FROM client_task t
         JOIN client k ON k.company_id = t.company_id AND k.id = t.client_id
         LEFT JOIN stage g ON g.company_id = t.company_id AND g.id = t.stage_id
         LEFT JOIN user_account u ON u.id = t.created_by
         LEFT JOIN api_key a ON a.company_id = t.company_id AND a.id = t.api_key_id
         WHERE t.company_id = ";

statements! {
    READ_ONE = [
        "SELECT t.id, t.client_id, k.name AS client_name, t.stage_id, g.name AS stage_name,
             t.notes, t.reminder_date, t.created_by, u.username AS created_by_username,
             a.name AS api_key_name, t.created_at, t.updated_at
         FROM client_task t
         JOIN client k ON k.company_id = t.company_id AND k.id = t.client_id
         LEFT JOIN stage g ON g.company_id = t.company_id AND g.id = t.stage_id
         LEFT JOIN user_account u ON u.id = t.created_by
         LEFT JOIN api_key a ON a.company_id = t.company_id AND a.id = t.api_key_id
         WHERE t.company_id = $1 AND t.id = $2 AND ($3 = 0 OR k.assigned_to = $3)"
    ];
    INSERT = [
        "INSERT INTO client_task (company_id, id, client_id, stage_id, notes, reminder_date,
             created_by, api_key_id, created_at, updated_at)
         SELECT r.company_id, r.id, r.client_id, r.stage_id, r.notes, r.reminder_date,
             r.created_by, r.api_key_id, r.created_at, r.created_at
         FROM " (ROWS company_id BIGINT, id BIGINT, client_id BIGINT, stage_id BIGINT, notes TEXT,
             reminder_date BIGINT, created_by BIGINT, api_key_id BIGINT, created_at BIGINT)
    ];
    SAVE = [
        "UPDATE client_task
         SET client_id = $3, stage_id = $4, notes = $5, reminder_date = $6, updated_at = $7
         WHERE company_id = $1 AND id = $2"
    ];
    DELETE = ["DELETE FROM client_task WHERE company_id = $1 AND id = $2"];
}

#[derive(Serialize)]
struct TaskRow<'a> {
    company_id: CompanyId,
    id: i64,
    client_id: ClientId,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage_id: Option<StageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reminder_date: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key_id: Option<ApiKeyId>,
    created_at: i64,
}

/// The columns a search looks into.
const SEARCHED: [&str; 3] = ["t.notes", "g.name", "k.name"];

macro_rules! push_filter {
    ($query:expr, $viewer:expr, $words:expr) => {
        if let Viewer::AssignedTo(user) = $viewer {
            $query.push(" AND k.assigned_to = ").push_bind(user.get());
        }
        push_words!($query, $words, SEARCHED);
    };
}

impl Tenant<'_> {
    /// How many activities the viewer may see in which all words occur.
    pub async fn count_tasks(&mut self, viewer: Viewer, words: &[String]) -> Result<RowCount> {
        let company = self.company().get();
        let from = match viewer {
            Viewer::Everything if words.is_empty() => FROM_ALL,
            _ => FROM,
        };
        let (rows,) = on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(COUNT);
            query.push(from).push_bind(company);
            push_filter!(query, viewer, words);
            query.push(" LIMIT ").push_bind(COUNTED + 1).push(") AS counted");
            run::fetch_one(connection, query.build()).await?
        });
        Ok(RowCount::up_to_limit(rows))
    }

    /// A page of them; without an order the newest first.
    pub async fn tasks(
        &mut self,
        viewer: Viewer,
        words: &[String],
        order: &[(TaskOrder, bool)],
        offset: i64,
        limit: i64,
    ) -> Result<Vec<ClientTask>> {
        let company = self.company().get();
        let mut order_by = String::from(" ORDER BY ");
        for (key, descending) in order {
            order_by.push_str(match key {
                TaskOrder::CreatedAt => "t.created_at",
                TaskOrder::ReminderDate => "t.reminder_date",
                TaskOrder::StageName => "g.name",
            });
            // The engines disagree about where nothing belongs.
            order_by.push_str(if *descending {
                " DESC NULLS LAST, "
            } else {
                " NULLS FIRST, "
            });
        }
        order_by.push_str("t.id DESC");
        Ok(on!(self, connection => {
            let mut query = sqlx::QueryBuilder::new(SELECT);
            query.push(FROM).push_bind(company);
            push_filter!(query, viewer, words);
            query.push(&order_by);
            query.push(" LIMIT ").push_bind(limit);
            query.push(" OFFSET ").push_bind(offset);
            run::fetch_all(connection, query.build()).await?
        }))
    }

    /// The activity with that id, if the viewer may see its client.
    pub async fn task(&mut self, id: ClientTaskId, viewer: Viewer) -> Result<Option<ClientTask>> {
        let company = self.company().get();
        fetch_optional!(
            self,
            ClientTask,
            READ_ONE,
            company,
            id.get(),
            bind_viewer(viewer)
        )
    }
}

impl TenantTx<'_> {
    /// Logs an activity.
    pub async fn create_task(&mut self, new: NewTask<'_>) -> Result<ClientTaskId> {
        let company = self.company();
        let id = self.take_id(Sequence::ClientTask).await?;
        insert_tasks(self.writer(), &[(company, new)], &[id]).await?;
        Ok(ClientTaskId::new(id))
    }

    /// Saves what an activity becomes.
    pub async fn save_task(&mut self, id: ClientTaskId, edit: TaskEdit<'_>) -> Result<()> {
        let company = self.company().get();
        execute!(
            self,
            SAVE,
            company,
            id.get(),
            edit.client.get(),
            edit.stage.map(StageId::get),
            edit.notes,
            edit.reminder_date.map(Timestamp::microseconds),
            edit.updated_at.microseconds()
        )?;
        Ok(())
    }

    /// Deletes the activity.
    pub async fn delete_task(&mut self, id: ClientTaskId) -> Result<()> {
        let company = self.company().get();
        execute!(self, DELETE, company, id.get())?;
        Ok(())
    }
}

impl Tx {
    /// Logs the activities and gives their ids, in the same order.
    pub async fn create_tasks(
        &mut self,
        tasks: &[(CompanyId, NewTask<'_>)],
    ) -> Result<Vec<ClientTaskId>> {
        let ids = self.take_ids(Sequence::ClientTask, tasks.len()).await?;
        insert_tasks(self.writer(), tasks, &ids).await?;
        Ok(ids.into_iter().map(ClientTaskId::new).collect())
    }
}

async fn insert_tasks(
    mut tx: Writer<'_>,
    tasks: &[(CompanyId, NewTask<'_>)],
    ids: &[i64],
) -> Result<()> {
    if tasks.is_empty() {
        return Ok(());
    }
    let rows = tasks.iter().zip(ids).map(|((company, task), &id)| TaskRow {
        company_id: *company,
        id,
        client_id: task.client,
        stage_id: task.stage,
        notes: task.notes,
        reminder_date: task.reminder_date.map(Timestamp::microseconds),
        created_by: task.created_by.user(),
        api_key_id: task.created_by.api_key(),
        created_at: task.at.microseconds(),
    });
    let rows: Vec<_> = rows.collect();
    execute!(tx, INSERT, &serde_json::to_string(&rows)?)?;
    Ok(())
}
