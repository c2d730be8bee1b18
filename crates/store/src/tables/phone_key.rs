//! The phone numbers of clients in one form, so that a number that is there already is found however
//! it was written. Kept only for companies that want each number to belong to one client.

use crate::db::engine::Tx;
use crate::db::tenant::TenantTx;
use crate::error::Result;
use std::collections::HashMap;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::phone::{PhoneKey, PhoneRegion};

/// How many numbers are gathered at a time.
const CHUNK: i64 = 5_000;

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
    const READ_WRITTEN = [
        "SELECT id, id AS client_id, phone_number
         FROM client
         WHERE company_id = $1 AND id > $2 AND phone_number IS NOT NULL
         ORDER BY id
         LIMIT $3"
    ];
    const READ_WRITTEN_LISTS = [
        "SELECT id, client_id, phone_number
         FROM client_phone
         WHERE company_id = $1 AND id > $2
         ORDER BY id
         LIMIT $3"
    ];

    impl Tenant<'_> {
        /// The numbers that are kept for a client.
        pub fn phone_keys_of(client: ClientId) -> Vec<String> {
            "SELECT phone_key FROM client_phone_key WHERE company_id = $1 AND client_id = $2"
        }
    }

    impl TenantTx<'_> {
        /// Forgets the numbers of a client.
        pub fn delete_phone_keys_of(client: ClientId) {
            "DELETE FROM client_phone_key WHERE company_id = $1 AND client_id = $2"
        }

        /// Forgets the numbers of all clients.
        pub fn delete_phone_keys() {
            "DELETE FROM client_phone_key WHERE company_id = $1"
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

impl TenantTx<'_> {
    /// Gathers the numbers of all clients anew, a few thousand at a time.
    pub async fn rebuild_phone_keys(&mut self, region: Option<PhoneRegion>) -> Result<()> {
        self.delete_phone_keys().await?;
        let company = self.company();
        for statement in [READ_WRITTEN, READ_WRITTEN_LISTS] {
            let mut after = 0;
            loop {
                let written: Vec<(i64, ClientId, String)> =
                    fetch!(self, statement, company, after, CHUNK)?;
                let Some(&(last, _, _)) = written.last() else {
                    break;
                };
                after = last;
                let keys = written
                    .iter()
                    .filter_map(|(_, client, text)| Some((PhoneKey::of(text, region)?, *client)));
                let keys: Vec<_> = keys.collect();
                let rows = json_rows!(&keys, (key, client) => {
                    company_id: company, phone_key: key, client_id: *client,
                })?;
                execute!(self, INSERT, rows)?;
            }
        }
        Ok(())
    }
}
