//! Clients: who they are, who holds them, and when anybody was last in touch.

mod count;
pub(crate) mod create;
mod list;
mod neglect;
pub(crate) mod reassign;
mod search;
pub(crate) mod write;

#[cfg(test)]
pub(crate) use count::STATEMENTS as COUNT_STATEMENTS;
pub use count::StatusCount;
pub(crate) use list::bind_viewer;
pub use list::{ClientFilter, ClientOrder, SortKey, Viewer};
#[cfg(test)]
pub(crate) use list::{FROM_PAGE, JOINED, SELECT, order_by};
#[cfg(test)]
pub(crate) use neglect::{
    COUNT_DUE, READ_DUE, READ_STALE_BY_ASSIGNEE, STATEMENTS as NEGLECT_STATEMENTS,
};
pub use neglect::{DueClient, StaleOfAssignee};
pub(crate) use search::COUNTED;
#[cfg(test)]
pub(crate) use search::STATEMENTS as SEARCH_STATEMENTS;
pub use search::{ClientSelection, RowCount};

use crate::db::engine::{Tx, Writer};
use crate::db::tenant::{Tenant, TenantTx};
use crate::error::Result;
use serde::Serialize;
use tawzi_core::id::{ChannelId, ClientId, CompanyId, StatusId, UserId};
use tawzi_core::money::Budget;
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;

row! {
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

row! {
    /// A client that nobody holds.
    pub struct UnassignedClient {
        /// The client.
        pub id: ClientId,
        /// What kind of status it is in.
        pub status_category: Option<StatusCategory>,
    }
}

row! {
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

impl UnassignedClient {
    /// What its status means for a load.
    pub fn category(&self) -> StatusCategory {
        self.status_category.unwrap_or(StatusCategory::None)
    }
}

impl OwnedClient {
    /// What its status means for a load.
    pub fn category(&self) -> StatusCategory {
        self.status_category.unwrap_or(StatusCategory::None)
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
    /// Only while the person may still see the client: a sweep may have taken it this moment.
    TOUCH = [
        "UPDATE client
         SET last_contacted_at =
             CASE WHEN client.last_contacted_at > $2 THEN client.last_contacted_at ELSE $2 END
         FROM " (ROWS company_id BIGINT, id BIGINT, viewer BIGINT) "
         WHERE client.company_id = r.company_id AND client.id = r.id
             AND (r.viewer = 0 OR client.assigned_to = r.viewer)
         RETURNING client.company_id, client.id, client.name, client.assigned_to"
    ];
    DELETE = ["DELETE FROM client WHERE company_id = $1 AND id = $2"];
}

row! {
    /// A client that somebody was in touch with.
    pub struct TouchedClient {
        /// Its company.
        pub company_id: CompanyId,
        /// Its id.
        pub id: ClientId,
        /// Its name.
        pub name: String,
        /// Who holds it.
        pub assigned_to: Option<UserId>,
    }
}

#[derive(Serialize)]
struct TouchRow {
    company_id: CompanyId,
    id: ClientId,
    viewer: i64,
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

    /// The clients that somebody holds, the oldest first.
    pub async fn clients_held_by(&mut self, user: UserId) -> Result<Vec<OwnedClient>> {
        let company = self.company().get();
        fetch_all!(self, OwnedClient, READ_HELD, company, user.get())
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

    /// Notes that somebody was in touch; whether the viewer may (still) see the client.
    pub async fn touch_client(
        &mut self,
        id: ClientId,
        viewer: Viewer,
        at: Timestamp,
    ) -> Result<bool> {
        let company = self.company();
        let touched = touch_clients(self.writer(), [(company, id, viewer)], at).await?;
        Ok(!touched.is_empty())
    }

    /// Deletes the client with its phone numbers, tasks and events.
    pub async fn delete_client(&mut self, id: ClientId) -> Result<()> {
        let company = self.company().get();
        execute!(self, DELETE, company, id.get())?;
        Ok(())
    }
}

impl Tx {
    /// Notes that somebody was in touch with those clients, as far as the viewers may (still) see them;
    /// gives each that is seen by any of its viewers. The caller holds the companies' locks, as everybody
    /// does who changes several clients: two who took them in different orders would wait for each other.
    pub async fn touch_clients(
        &mut self,
        clients: impl IntoIterator<Item = (CompanyId, ClientId, Viewer)>,
        at: Timestamp,
    ) -> Result<Vec<TouchedClient>> {
        touch_clients(self.writer(), clients, at).await
    }
}

async fn touch_clients(
    mut tx: Writer<'_>,
    clients: impl IntoIterator<Item = (CompanyId, ClientId, Viewer)>,
    at: Timestamp,
) -> Result<Vec<TouchedClient>> {
    let clients = clients.into_iter();
    let row = |(company_id, id, viewer)| TouchRow {
        company_id,
        id,
        viewer: bind_viewer(viewer),
    };
    let rows: Vec<_> = clients.map(row).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let rows = serde_json::to_string(&rows)?;
    fetch_all!(tx, TouchedClient, TOUCH, &rows, at.microseconds())
}
