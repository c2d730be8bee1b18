//! Clients: who they are, who holds them, and when anybody was last in touch.

mod list;

pub use list::{ClientFilter, ClientOrder, SortKey, StatusCount, Viewer};
#[cfg(test)]
pub(crate) use list::{FROM, SELECT, order_by};
pub(crate) use list::{bind_viewer, like_pattern};

use crate::engine::Tx;
use crate::error::Result;
use crate::tenant::{Tenant, TenantTx};
use serde::Serialize;
use tawzi_core::client::Budget;
use tawzi_core::id::{ChannelId, ClientId, CompanyId, StatusId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_core::sweep::{Due, Move};
use tawzi_core::time::Timestamp;

record! {
    /// A client with the names of what it refers to.
    pub struct Client {
        /// Its id.
        pub id: ClientId,
        /// The company it belongs to.
        pub company_id: CompanyId,
        /// Its name.
        pub name: String,
        /// The word of its priority; an imported one may be none of today's.
        pub priority: String,
        /// The word of its type; an imported one may be none of today's.
        pub client_type: String,
        /// The channel it came through.
        pub channel_id: Option<ChannelId>,
        /// That channel's name.
        pub channel_name: Option<String>,
        /// Its status.
        pub status_id: Option<StatusId>,
        /// That status's name.
        pub status_name: Option<String>,
        /// What kind of status that is.
        pub status_category: Option<StatusCategory>,
        /// What it wants to spend.
        pub budget_hundredths: Option<Budget>,
        /// Its main phone number.
        pub phone_number: Option<String>,
        /// Who holds it.
        pub assigned_to: Option<UserId>,
        /// That person's user name.
        pub assigned_to_username: Option<String>,
        /// When it was assigned; null for one that was assigned before such times were kept.
        pub assigned_at: Option<Timestamp>,
        /// When an activity was last logged since it was assigned.
        pub last_contacted_at: Option<Timestamp>,
        /// When it becomes stale; null while nobody holds it, or its company does not re-assign.
        pub due_at: Option<Timestamp>,
        /// When it was created.
        pub created_at: Timestamp,
        /// When it was edited last.
        pub updated_at: Timestamp,
    }
}

impl Client {
    /// What its status means for a load.
    pub fn category(&self) -> StatusCategory {
        self.status_category.unwrap_or(StatusCategory::None)
    }
}

record! {
    /// A client that is stale.
    pub struct DueClient {
        /// The client.
        pub id: ClientId,
        /// Who holds it.
        pub assigned_to: UserId,
        /// When it was last assigned or contacted.
        pub touched_at: Timestamp,
        /// What kind of status it is in.
        pub status_category: Option<StatusCategory>,
    }
}

impl From<DueClient> for Due {
    fn from(row: DueClient) -> Self {
        Self {
            client: row.id,
            from: row.assigned_to,
            touched_at: row.touched_at,
            category: row.status_category.unwrap_or(StatusCategory::None),
        }
    }
}

record! {
    /// How many stale clients somebody holds, and which they have neglected longest.
    pub struct StaleOfHolder {
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

record! {
    /// A client that nobody holds.
    pub struct UnassignedClient {
        /// The client.
        pub id: ClientId,
        /// What kind of status it is in.
        pub status_category: Option<StatusCategory>,
    }
}

record! {
    /// A client and who holds it.
    pub struct OwnedClient {
        /// The client.
        pub id: ClientId,
        /// Who holds it.
        pub assigned_to: Option<UserId>,
        /// What kind of status it is in.
        pub status_category: Option<StatusCategory>,
    }
}

/// What a client's own fields become.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of Client")]
pub struct ClientEdit<'a> {
    pub name: &'a str,
    pub priority: &'a str,
    pub client_type: &'a str,
    pub channel: Option<ChannelId>,
    pub status: Option<StatusId>,
    pub budget: Option<Budget>,
    pub phone_number: Option<&'a str>,
    pub updated_at: Timestamp,
}

statements! {
    READ_ONE = [
        "SELECT k.id, k.company_id, k.name, k.priority, k.client_type, k.channel_id,
             h.name AS channel_name, k.status_id, s.name AS status_name,
             s.category AS status_category, k.budget_hundredths, k.phone_number, k.assigned_to,
             u.username AS assigned_to_username, k.assigned_at, k.last_contacted_at,
             (SELECT k.touched_at + c.re_assign_hours * 3600000000 FROM company c
              WHERE c.id = k.company_id AND c.re_assign_enabled AND k.assigned_to IS NOT NULL)
                 AS due_at,
             k.created_at, k.updated_at
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         LEFT JOIN channel h ON h.company_id = k.company_id AND h.id = k.channel_id
         LEFT JOIN user_account u ON u.id = k.assigned_to
         WHERE k.company_id = $1 AND k.id = $2 AND ($3 = 0 OR k.assigned_to = $3)"
    ];
    READ_DUE = [
        "SELECT k.id, k.assigned_to, k.touched_at, s.category AS status_category
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         WHERE k.company_id = $1
           AND k.assigned_to IS NOT NULL
           AND k.touched_at < $2
           AND (k.touched_at, k.id) > ($3, $4)
         ORDER BY k.touched_at, k.id
         LIMIT $5"
    ];
    COUNT_DUE = [
        "SELECT COUNT(*)
         FROM client
         WHERE company_id = $1 AND assigned_to IS NOT NULL AND touched_at < $2"
    ];
    READ_STALE_BY_HOLDER = [
        "SELECT assigned_to, id, touched_at, stale
         FROM (SELECT assigned_to, id, touched_at,
                   ROW_NUMBER() OVER (PARTITION BY assigned_to ORDER BY touched_at, id) AS place,
                   COUNT(*) OVER (PARTITION BY assigned_to) AS stale
               FROM client
               WHERE company_id = $1 AND assigned_to IS NOT NULL AND touched_at < $2) d
         WHERE place = 1"
    ];
    READ_UNASSIGNED = [
        "SELECT k.id, s.category AS status_category
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         WHERE k.company_id = $1 AND k.assigned_to IS NULL
         ORDER BY k.created_at, k.id"
    ];
    READ_OWNED = [
        "SELECT k.id, k.assigned_to, s.category AS status_category
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         WHERE k.id" IN_IDS " AND k.company_id = $2
         ORDER BY k.id"
    ];
    READ_HELD = [
        "SELECT k.id, k.assigned_to, s.category AS status_category
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         WHERE k.company_id = $1 AND k.assigned_to = $2
         ORDER BY k.created_at, k.id"
    ];
    SAVE = [
        "UPDATE client
         SET name = $3, priority = $4, client_type = $5, channel_id = $6, status_id = $7,
             budget_hundredths = $8, phone_number = $9, updated_at = $10
         WHERE company_id = $1 AND id = $2"
    ];
    /// The receiver's clock starts now; nobody's stops. The company comes with the rows, too:
    /// `SQLite` would otherwise look at every row for every client of the company.
    ASSIGN = [
        "UPDATE client
         SET assigned_to = r.receiver,
             assigned_at = CASE WHEN r.receiver IS NULL THEN NULL ELSE CAST($3 AS BIGINT) END
         FROM " (ROWS company_id BIGINT, id BIGINT, receiver BIGINT) "
         WHERE r.company_id = $2 AND client.company_id = r.company_id AND client.id = r.id"
    ];
    /// A client that was contacted or moved since it was found due is left alone.
    MOVE = [
        "UPDATE client
         SET assigned_to = r.receiver, assigned_at = $2, last_contacted_at = NULL
         FROM " (ROWS company_id BIGINT, id BIGINT, holder BIGINT, touched BIGINT,
             receiver BIGINT) "
         WHERE client.company_id = r.company_id
           AND client.id = r.id
           AND client.assigned_to = r.holder
           AND client.touched_at = r.touched
         RETURNING client.id"
    ];
    /// Only while the person may still see the client: a sweep may have taken it this moment.
    TOUCH = [
        "UPDATE client
         SET last_contacted_at = CASE WHEN last_contacted_at > $4 THEN last_contacted_at ELSE $4 END
         WHERE company_id = $1 AND id = $2 AND ($3 = 0 OR assigned_to = $3)"
    ];
    DELETE = ["DELETE FROM client WHERE company_id = $1 AND id = $2"];
}

#[derive(Serialize)]
struct AssignRow {
    company_id: CompanyId,
    id: ClientId,
    receiver: Option<UserId>,
}

#[derive(Serialize)]
struct MoveRow {
    company_id: CompanyId,
    id: ClientId,
    holder: UserId,
    touched: i64,
    receiver: UserId,
}

impl Tenant<'_> {
    /// The client with that id, if the viewer may see it.
    pub async fn client(&mut self, id: ClientId, viewer: Viewer) -> Result<Option<Client>> {
        let company = self.company().get();
        fetch_optional!(
            self,
            Client,
            READ_ONE,
            company,
            id.get(),
            bind_viewer(viewer)
        )
    }

    /// At most `limit` clients touched before `threshold`, the longest neglected first, from
    /// behind `after` on.
    pub async fn due_clients(
        &mut self,
        threshold: Timestamp,
        after: Option<(Timestamp, ClientId)>,
        limit: usize,
    ) -> Result<Vec<DueClient>> {
        let company = self.company().get();
        let (touched, id) = after.map_or((i64::MIN, 0), |(at, id)| (at.microseconds(), id.get()));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        fetch_all!(
            self,
            DueClient,
            READ_DUE,
            company,
            threshold.microseconds(),
            touched,
            id,
            limit
        )
    }

    /// How many clients were touched before `threshold`.
    pub async fn count_due_clients(&mut self, threshold: Timestamp) -> Result<i64> {
        let company = self.company().get();
        Ok(fetch_one!(self, (i64,), COUNT_DUE, company, threshold.microseconds())?.0)
    }

    /// Who holds clients that were touched before `threshold`.
    pub async fn stale_by_holder(&mut self, threshold: Timestamp) -> Result<Vec<StaleOfHolder>> {
        let company = self.company().get();
        fetch_all!(
            self,
            StaleOfHolder,
            READ_STALE_BY_HOLDER,
            company,
            threshold.microseconds()
        )
    }

    /// The clients that nobody holds, the oldest first.
    pub async fn unassigned_clients(&mut self) -> Result<Vec<UnassignedClient>> {
        let company = self.company().get();
        fetch_all!(self, UnassignedClient, READ_UNASSIGNED, company)
    }

    /// Who holds those clients; ids that are not of this company are left out.
    pub async fn owned_clients(&mut self, ids: &[ClientId]) -> Result<Vec<OwnedClient>> {
        let company = self.company().get();
        let ids = serde_json::to_string(ids)?;
        fetch_all!(self, OwnedClient, READ_OWNED, &ids, company)
    }
}

impl Tenant<'_> {
    /// The clients that somebody holds, the oldest first.
    pub async fn clients_held_by(&mut self, user: UserId) -> Result<Vec<OwnedClient>> {
        let company = self.company().get();
        fetch_all!(self, OwnedClient, READ_HELD, company, user.get())
    }
}

impl Tx {
    /// Carries out the moves of a sweep and gives the clients that did move: one that was
    /// contacted or moved since it was found due stays. The caller holds the companies' locks and
    /// changes the loads.
    pub async fn move_clients(
        &mut self,
        moves: &[(CompanyId, Move)],
        at: Timestamp,
    ) -> Result<Vec<ClientId>> {
        if moves.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<_> = moves
            .iter()
            .map(|&(company_id, m)| MoveRow {
                company_id,
                id: m.due.client,
                holder: m.due.from,
                touched: m.due.touched_at.microseconds(),
                receiver: m.to,
            })
            .collect();
        let rows = serde_json::to_string(&rows)?;
        let moved = fetch_all!(self, (i64,), MOVE, &rows, at.microseconds())?;
        Ok(moved.into_iter().map(|(id,)| ClientId::new(id)).collect())
    }
}

impl TenantTx<'_> {
    /// Saves the client's own fields.
    pub async fn save_client(&mut self, id: ClientId, edit: &ClientEdit<'_>) -> Result<()> {
        let company = self.company().get();
        execute!(
            self,
            SAVE,
            company,
            id.get(),
            edit.name,
            edit.priority,
            edit.client_type,
            edit.channel.map(ChannelId::get),
            edit.status.map(StatusId::get),
            edit.budget.map(Budget::hundredths),
            edit.phone_number,
            edit.updated_at.microseconds()
        )?;
        Ok(())
    }

    /// Gives each client to its receiver, or takes it from everybody. The caller holds the
    /// company's lock and changes the loads.
    pub async fn assign_clients(
        &mut self,
        assignments: impl IntoIterator<Item = (ClientId, Option<UserId>)>,
        at: Timestamp,
    ) -> Result<()> {
        let company_id = self.company();
        let rows: Vec<_> = assignments
            .into_iter()
            .map(|(id, receiver)| AssignRow {
                company_id,
                id,
                receiver,
            })
            .collect();
        let rows = serde_json::to_string(&rows)?;
        execute!(self, ASSIGN, &rows, company_id.get(), at.microseconds())?;
        Ok(())
    }

    /// Notes that somebody was in touch; whether the viewer may (still) see the client.
    pub async fn touch_client(
        &mut self,
        id: ClientId,
        viewer: Viewer,
        at: Timestamp,
    ) -> Result<bool> {
        let company = self.company().get();
        let touched = execute!(
            self,
            TOUCH,
            company,
            id.get(),
            bind_viewer(viewer),
            at.microseconds()
        )?;
        Ok(touched > 0)
    }

    /// Deletes the client with its phone numbers, tasks and events.
    pub async fn delete_client(&mut self, id: ClientId) -> Result<()> {
        let company = self.company().get();
        execute!(self, DELETE, company, id.get())?;
        Ok(())
    }
}
