//! Client tasks: the activities that people log on their clients.

use crate::db::dialect::like_pattern;
use crate::db::engine::Tx;
use crate::db::keyset::{Order, OrderKey, Position, PositionKey, Start};
use crate::db::query::Query;
use crate::db::tenant::Tenant;
use crate::error::Result;
use crate::tables::client::{Counting, RowCount, SearchedWord, Viewer};
use crate::tables::client_event::Author;
use crate::tables::create_key::{CreateKey, Earlier, KeyQuestion, key_rows, read_earlier};
use std::collections::BTreeMap;
use tawzi_core::id::{ClientId, ClientTaskId, CompanyId, StageId, UserId};
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
    /// What a repetition of the same request is recognised by.
    pub create_key: Option<CreateKey>,
    pub at: Timestamp,
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

/// The beginning of a statement that reads activities.
macro_rules! tasks {
    () => {
        "SELECT t.id, t.client_id, k.name AS client_name, t.stage_id, g.name AS stage_name,
             t.notes, t.reminder_date, t.created_by, u.username AS created_by_username,
             a.name AS api_key_name, t.created_at, t.updated_at
         FROM client_task t
         JOIN client k ON k.company_id = t.company_id AND k.id = t.client_id
         LEFT JOIN stage g ON g.company_id = t.company_id AND g.id = t.stage_id
         LEFT JOIN user_account u ON u.id = t.created_by
         LEFT JOIN api_key a ON a.company_id = t.company_id AND a.id = t.api_key_id
         WHERE t.company_id = $1"
    };
}

statements! {
    const INSERT = [
        "INSERT INTO client_task (company_id, id, client_id, stage_id, notes, reminder_date,
             created_by, api_key_id, create_key, create_asked, created_at, updated_at)
         SELECT r.company_id, r.id, r.client_id, r.stage_id, r.notes, r.reminder_date,
             r.created_by, r.api_key_id, r.create_key, r.create_asked, r.created_at, r.created_at
         FROM " (ROWS company_id BIGINT, id BIGINT, client_id BIGINT, stage_id BIGINT, notes TEXT,
             reminder_date BIGINT, created_by BIGINT, api_key_id BIGINT, create_key BIGINT,
             create_asked BIGINT, created_at BIGINT)
    ];
    /// Found as earlier creates of clients are.
    const READ_EARLIER = [
        "SELECT " (JSON "r.company_id", "r.create_key",
            "(SELECT MAX(t.id)
              FROM client_task t
              WHERE t.company_id = r.company_id
                  AND t.create_key = r.create_key
                  AND t.created_at >= r.since)",
            "CASE WHEN r.chosen THEN
                (SELECT MAX(t.create_asked)
                 FROM client_task t
                 WHERE t.company_id = r.company_id
                     AND t.create_key = r.create_key
                     AND t.created_at >= r.since) END") "
         FROM " (ROWS company_id BIGINT, create_key BIGINT, since BIGINT, chosen BOOLEAN)
    ];

    impl Tenant<'_> {
        /// The activity with that id, if the viewer may see its client.
        pub fn task(id: ClientTaskId, viewer: Viewer) -> Option<ClientTask> {
            (TEXT tasks) " AND t.id = $2 AND ($3 = 0 OR k.assigned_to = $3)"
        }
    }

    impl TenantTx<'_> {
        /// Saves an activity.
        pub fn save_task(task: &ClientTask)
            with (task.id, task.client_id, task.stage_id, task.notes.as_deref(),
                task.reminder_date, task.updated_at)
        {
            "UPDATE client_task
             SET client_id = $3, stage_id = $4, notes = $5, reminder_date = $6, updated_at = $7
             WHERE company_id = $1 AND id = $2"
        }

        /// Deletes the activity.
        pub fn delete_task(id: ClientTaskId) {
            "DELETE FROM client_task WHERE company_id = $1 AND id = $2"
        }
    }
}

impl ClientTask {
    /// Where it stands in a list of that order.
    pub fn position(&self, order: &[(TaskOrder, bool)]) -> Position {
        let key = |(key, _): &(TaskOrder, bool)| match key {
            TaskOrder::CreatedAt => PositionKey::Number(Some(self.created_at.microseconds())),
            TaskOrder::ReminderDate => {
                PositionKey::Number(self.reminder_date.map(Timestamp::microseconds))
            }
            TaskOrder::StageName => match &self.stage_name {
                Some(name) => PositionKey::Text(name.clone()),
                None => PositionKey::Number(None),
            },
        };
        Position {
            keys: order.iter().map(key).collect(),
            id: self.id.get(),
        }
    }
}

fn order_of(order: &[(TaskOrder, bool)]) -> Order {
    let key = |&(key, descending): &(TaskOrder, bool)| {
        let (column, is_text) = match key {
            TaskOrder::CreatedAt => ("t.created_at", false),
            TaskOrder::ReminderDate => ("t.reminder_date", false),
            TaskOrder::StageName => ("g.name", true),
        };
        OrderKey {
            column,
            can_be_null: key != TaskOrder::CreatedAt,
            is_text,
            descending,
        }
    };
    Order {
        keys: order.iter().map(key).collect(),
        id: OrderKey::number("t.id", true),
    }
}

/// A word that occurs in the notes, in the name of the stage, or in that of the client.
struct TaskWord {
    pattern: String,
    /// How it is looked for in names of clients, unless their phone numbers may have it, too.
    in_names: Option<SearchedWord>,
}

impl TaskWord {
    fn all(words: &[String]) -> Vec<Self> {
        let word = |word: &String| Self {
            pattern: like_pattern(word),
            in_names: SearchedWord::in_names(word),
        };
        words.iter().map(word).collect()
    }
}

impl Tenant<'_> {
    /// How many activities the viewer may see in which all words occur.
    pub async fn count_tasks(&mut self, viewer: Viewer, words: &[String]) -> Result<RowCount> {
        self.count_tasks_so_far(viewer, words, Counting::AsEver)
            .await
    }

    /// The same, counted so far.
    pub async fn count_tasks_so_far(
        &mut self,
        viewer: Viewer,
        words: &[String],
        counting: Counting,
    ) -> Result<RowCount> {
        let words = TaskWord::all(words);
        let mut query = self.query(sql!(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM client_task t"
        ));
        // Whoever sees everything and searches for nothing need not ask whose clients they are.
        if viewer != Viewer::Everything || !words.is_empty() {
            query.push(
                " JOIN client k ON k.company_id = t.company_id AND k.id = t.client_id
                  LEFT JOIN stage g ON g.company_id = t.company_id AND g.id = t.stage_id",
            );
        }
        query.push(" WHERE t.company_id = $1");
        query = query.persistent(words.is_empty());
        push_filter(&mut query, viewer, &words);
        counting.end(&mut query);
        fetch!(self, query).map(|rows| counting.of(rows))
    }

    /// A page of them; without an order the newest first.
    pub async fn tasks(
        &mut self,
        viewer: Viewer,
        words: &[String],
        order: &[(TaskOrder, bool)],
        start: impl Into<Start>,
        limit: i64,
    ) -> Result<Vec<ClientTask>> {
        let (words, start) = (TaskWord::all(words), start.into());
        let mut query = self.query(sql!((TEXT tasks))).persistent(words.is_empty());
        push_filter(&mut query, viewer, &words);
        order_of(order).push_part(&mut query, &start, limit);
        fetch!(self, query)
    }
}

impl Tx {
    /// The newest activity that a request with that key has logged since the moment that is asked for. To log what
    /// nobody has, hold the locks of the companies, taken in a statement of its own.
    pub async fn earlier_tasks(
        &mut self,
        keys: &[KeyQuestion],
    ) -> Result<BTreeMap<(CompanyId, i64), Earlier<ClientTaskId>>> {
        let earlier: String = fetch!(self, READ_EARLIER, key_rows(keys)?)?;
        read_earlier(&earlier)
    }

    /// Logs the activities and gives their ids, in the same order.
    pub async fn create_tasks(
        &mut self,
        tasks: &[(CompanyId, NewTask<'_>)],
    ) -> Result<Vec<ClientTaskId>> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        let ids = self.writer().take_ids(tasks.len()).await?;
        let rows = json_rows!(tasks.iter().zip(&ids), ((company, task), id) => {
            company_id: *company,
            id: *id,
            client_id: task.client,
            stage_id: task.stage,
            notes: task.notes,
            reminder_date: task.reminder_date,
            created_by: task.created_by.user(),
            api_key_id: task.created_by.api_key(),
            create_key: task.create_key.map(|key| key.key),
            create_asked: task.create_key.and_then(|key| key.asked),
            created_at: task.at,
        })?;
        execute!(self, INSERT, rows)?;
        Ok(ids)
    }
}

fn push_filter<'q>(query: &mut Query<'q>, viewer: Viewer, words: &'q [TaskWord]) {
    if let Viewer::AssignedTo(user) = viewer {
        query.push(" AND k.assigned_to = ").push_bind(user);
    }
    for word in words {
        query.push(" AND (").push_like("t.notes", &word.pattern);
        query.push(" OR ").push_like("g.name", &word.pattern);
        query.push(" OR ");
        match &word.in_names {
            Some(searched) => searched.push_patterns(query),
            None => query.push_like("k.name", &word.pattern),
        }
        query.push(")");
    }
}
