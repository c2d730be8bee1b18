//! The phone numbers of clients in one form, so that a number that is there already is found however
//! it was written. Kept only for companies that want each number to belong to one client.

use crate::db::engine::Tx;
use crate::error::Result;
use std::collections::HashMap;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::phone::PhoneKey;
use tawzi_core::time::Timestamp;

statements! {
    const READ_OWNERS = [
        "SELECT p.company_id, p.phone_key, MIN(p.client_id) AS client_id
         FROM " (ROWS company_id BIGINT, phone_key TEXT) "
         JOIN client_phone_key p ON p.company_id = r.company_id AND p.phone_key = r.phone_key
         GROUP BY p.company_id, p.phone_key"
    ];
    const INSERT = [
        "INSERT INTO client_phone_key (company_id, phone_key, client_id)
         SELECT r.company_id, r.phone_key, r.client_id
         FROM " (ROWS company_id BIGINT, phone_key TEXT, client_id BIGINT) "
         WHERE TRUE
         ON CONFLICT DO NOTHING"
    ];

    impl Tenant<'_> {
        /// The numbers that are kept for a client.
        pub fn phone_keys_of(client: ClientId) -> Vec<String> {
            "SELECT phone_key FROM client_phone_key WHERE company_id = $1 AND client_id = $2"
        }

        /// So many clients after that one, by id.
        pub fn client_ids_after(after: ClientId, limit: i64) -> Vec<ClientId> {
            "SELECT id
             FROM client
             WHERE company_id = $1 AND id > $2
             ORDER BY id
             LIMIT $3"
        }

        /// The numbers that stand in the rows of those clients.
        pub fn own_numbers_of(clients: &[ClientId]) -> Vec<(ClientId, String)> {
            "SELECT id, phone_number
             FROM client
             WHERE id" (IN_IDS 2) " AND company_id = $1 AND phone_number IS NOT NULL
             ORDER BY id"
        }

        /// The numbers that are listed for those clients.
        pub fn listed_numbers_of(clients: &[ClientId]) -> Vec<(ClientId, String)> {
            "SELECT client_id, phone_number
             FROM client_phone
             WHERE client_id" (IN_IDS 2) " AND company_id = $1
             ORDER BY client_id, id"
        }

        /// The clients that were created or changed since then.
        pub fn clients_changed_since(since: Timestamp) -> Vec<ClientId> {
            "SELECT id FROM client WHERE company_id = $1 AND updated_at >= $2 ORDER BY id"
        }
    }

    impl TenantTx<'_> {
        /// Forgets the numbers of a client.
        pub fn delete_phone_keys_of(client: ClientId) {
            "DELETE FROM client_phone_key WHERE company_id = $1 AND client_id = $2"
        }

        /// Forgets the numbers of those clients.
        pub fn delete_phone_keys_of_all(clients: &[ClientId]) {
            "DELETE FROM client_phone_key WHERE company_id = $1 AND client_id" (IN_IDS 2)
        }
    }
}

impl Tx {
    /// Which client has each of these numbers; the oldest, if several do. Numbers that nobody has
    /// are left out.
    pub async fn clients_with_phones(
        &mut self,
        keys: &[(CompanyId, &PhoneKey)],
    ) -> Result<HashMap<(CompanyId, PhoneKey), ClientId>> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = json_rows!(keys, (company, key) => {
            company_id: *company, phone_key: *key,
        })?;
        let owners: Vec<(CompanyId, PhoneKey, ClientId)> = fetch!(self, READ_OWNERS, rows)?;
        let owner = |(company, key, client)| ((company, key), client);
        Ok(owners.into_iter().map(owner).collect())
    }

    /// Keeps the numbers of clients. One that is kept already stays once.
    pub async fn insert_phone_keys(
        &mut self,
        keys: &[(CompanyId, &PhoneKey, ClientId)],
    ) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let rows = json_rows!(keys, (company, key, client) => {
            company_id: *company, phone_key: *key, client_id: *client,
        })?;
        execute!(self, INSERT, rows)
    }
}
