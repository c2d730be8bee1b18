//! Clients: who they are, who holds them, and when anybody was last in touch.

pub(crate) mod count;
pub(crate) mod create;
pub(crate) mod found_by;
pub(crate) mod list;
pub(crate) mod neglect;
pub(crate) mod reassign;
pub(crate) mod search;
pub(crate) mod waiting;
pub(crate) mod write;

pub use count::StatusCount;
pub use list::{ClientFilter, ClientOrder, SortKey, Viewer};
pub use neglect::{FutureClients, StaleOfAssignee};
pub(crate) use search::SearchedWord;
pub use search::{ClientSelection, Counting, RowCount};
pub use waiting::UnassignedCount;

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
    /// A client and who holds it, if anybody does.
    pub struct OwnedClient {
        /// The client.
        pub id: ClientId,
        /// Who holds it.
        pub assigned_to: Option<UserId>,
        /// What kind of status it is in.
        pub status_category: Option<StatusCategory>,
    }
}

impl OwnedClient {
    /// What its status means for a load.
    pub fn category(&self) -> StatusCategory {
        self.status_category.unwrap_or(StatusCategory::None)
    }
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

/// What is read of a client, with the names of what it refers to.
macro_rules! columns {
    () => {
        "SELECT k.id, k.company_id, k.name, k.priority, k.client_type, k.channel_id,
             h.name AS channel_name, k.status_id, s.name AS status_name,
             s.category AS status_category, k.budget_hundredths, k.phone_number, k.assigned_to,
             u.username AS assigned_to_username, k.assigned_at, k.last_contacted_at,
             (SELECT k.touched_at + c.re_assign_hours * 3600000000 FROM company c
              WHERE c.id = k.company_id AND c.re_assign_enabled AND k.assigned_to IS NOT NULL)
                 AS due_at,
             k.created_at, k.updated_at"
    };
}

/// The tables of the names of what a client refers to.
macro_rules! joined {
    () => {
        "
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id
         LEFT JOIN channel h ON h.company_id = k.company_id AND h.id = k.channel_id
         LEFT JOIN user_account u ON u.id = k.assigned_to"
    };
}

/// The beginning of a statement that reads clients and who holds them.
macro_rules! owned {
    () => {
        "SELECT k.id, k.assigned_to, s.category AS status_category
         FROM client k
         LEFT JOIN status s ON s.company_id = k.company_id AND s.id = k.status_id"
    };
}

pub(crate) use {columns, joined, owned};

statements! {
    impl Tenant<'_> {
        /// The client with that id, if the viewer may see it.
        pub fn client(id: ClientId, viewer: Viewer) -> Option<Client> {
            (TEXT columns) "
             FROM client k"
             (TEXT joined) "
             WHERE k.company_id = $1 AND k.id = $2 AND ($3 = 0 OR k.assigned_to = $3)"
        }

        /// The next clients behind that one, by id: all of them are read in as many steps as there are pages.
        pub fn clients_behind(last: ClientId, most: i64) -> Vec<Client> {
            (TEXT columns) "
             FROM (SELECT k.* FROM client k WHERE k.company_id = $1 AND k.id > $2
                 ORDER BY k.id LIMIT $3) k"
             (TEXT joined) "
             ORDER BY k.id"
        }

        /// The clients with those ids, in no particular order; those of other companies are left out.
        pub fn clients_with(ids: &[ClientId]) -> Vec<Client> {
            (TEXT columns) "
             FROM client k"
             (TEXT joined) "
             WHERE k.id" (IN_IDS 2) " AND k.company_id = $1"
        }

        /// The clients that nobody holds, the oldest first.
        pub fn unassigned_clients() -> Vec<OwnedClient> {
            (TEXT owned) "
             WHERE k.company_id = $1 AND k.assigned_to IS NULL
             ORDER BY k.created_at, k.id"
        }

        /// Who holds those clients; ids that are not of this company are left out.
        pub fn owned_clients(ids: &[ClientId]) -> Vec<OwnedClient> {
            (TEXT owned) " WHERE k.id" (IN_IDS 2) " AND k.company_id = $1 ORDER BY k.id"
        }

        /// The clients that somebody holds, the oldest first.
        pub fn clients_held_by(user: UserId) -> Vec<OwnedClient> {
            (TEXT owned) "
             WHERE k.company_id = $1 AND k.assigned_to = $2
             ORDER BY k.created_at, k.id"
        }
    }

    impl TenantTx<'_> {
        /// Saves the client's own columns, but for who has it and since when. [`TenantTx::fold_clients`](crate::TenantTx::fold_clients) belongs behind it
        /// where the name or the number is another one.
        pub fn save_client(client: &Client)
            with (client.id, &*client.name, &*client.priority, &*client.client_type,
                client.channel_id, client.status_id, client.budget_hundredths,
                client.phone_number.as_deref(), client.updated_at)
        {
            "UPDATE client
             SET name = $3, priority = $4, client_type = $5, channel_id = $6, status_id = $7,
                 budget_hundredths = $8, phone_number = $9, updated_at = $10
             WHERE company_id = $1 AND id = $2"
        }

        /// Deletes the client with its phone numbers, tasks and events.
        pub fn delete_client(id: ClientId) {
            "DELETE FROM client WHERE company_id = $1 AND id = $2"
        }
    }

    impl Tx {
        /// Notes that somebody was in touch with those clients, as far as the viewers may still see them: a
        /// sweep may have taken one this moment. Gives each that is seen by any of its viewers. The caller
        /// holds the companies' locks, as everybody does who changes several clients: two who took them in
        /// different orders would wait for each other.
        pub fn touch_clients(clients: &[(CompanyId, ClientId, Viewer)], at: Timestamp)
            with (json_rows!(clients, (company, id, viewer) => {
                company_id: *company, id: *id, viewer: *viewer,
            })?, at) -> Vec<TouchedClient>
        {
            "UPDATE client
             SET last_contacted_at =
                 CASE WHEN client.last_contacted_at > $2 THEN client.last_contacted_at ELSE $2 END
             FROM " (ROWS company_id BIGINT, id BIGINT, viewer BIGINT) "
             WHERE client.company_id = r.company_id AND client.id = r.id
                 AND (r.viewer = 0 OR client.assigned_to = r.viewer)
             RETURNING client.company_id, client.id, client.name, client.assigned_to"
        }
    }
}
