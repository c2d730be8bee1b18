//! The phone numbers of clients in one form, so that a number that is there already is found however
//! it was written. Kept only for companies that want each number to belong to one client.

use crate::db::engine::Tx;
use crate::db::tenant::TenantTx;
use crate::error::Result;
use serde::Serialize;
use std::collections::HashMap;
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::phone::{PhoneKey, PhoneRegion};

/// How many numbers are gathered at a time.
const CHUNK: i64 = 5_000;

row! {
    /// The oldest client that has a number.
    struct PhoneOwner {
        /// Its company.
        pub company_id: CompanyId,
        /// The number.
        pub phone_key: PhoneKey,
        /// The client.
        pub client_id: ClientId,
    }
}

row! {
    /// A number as it was written.
    struct Written {
        /// By which the rows are ordered.
        pub id: i64,
        /// Whose it is.
        pub client_id: ClientId,
        /// The number.
        pub phone_number: String,
    }
}

statements! {
    READ_OWNERS = [
        "SELECT p.company_id, p.phone_key, MIN(p.client_id) AS client_id
         FROM " (ROWS company_id BIGINT, phone_key TEXT) "
         JOIN client_phone_key p ON p.company_id = r.company_id AND p.phone_key = r.phone_key
         GROUP BY p.company_id, p.phone_key"
    ];
    READ_OF_CLIENT = [
        "SELECT phone_key FROM client_phone_key WHERE company_id = $1 AND client_id = $2"
    ];
    INSERT = [
        "INSERT INTO client_phone_key (company_id, phone_key, client_id)
         SELECT r.company_id, r.phone_key, r.client_id
         FROM " (ROWS company_id BIGINT, phone_key TEXT, client_id BIGINT) "
         WHERE TRUE
         ON CONFLICT DO NOTHING"
    ];
    DELETE_OF_CLIENT = [
        "DELETE FROM client_phone_key WHERE company_id = $1 AND client_id = $2"
    ];
    DELETE_ALL = ["DELETE FROM client_phone_key WHERE company_id = $1"];
    READ_WRITTEN = [
        "SELECT id, id AS client_id, phone_number
         FROM client
         WHERE company_id = $1 AND id > $2 AND phone_number IS NOT NULL
         ORDER BY id
         LIMIT $3"
    ];
    READ_WRITTEN_LISTS = [
        "SELECT id, client_id, phone_number
         FROM client_phone
         WHERE company_id = $1 AND id > $2
         ORDER BY id
         LIMIT $3"
    ];
}

#[derive(Serialize)]
struct KeyRow<'a> {
    company_id: CompanyId,
    phone_key: &'a str,
    client_id: Option<ClientId>,
}

fn insert_rows(keys: &[(CompanyId, &PhoneKey, ClientId)]) -> Result<String> {
    let rows = keys.iter().map(|&(company_id, key, client)| KeyRow {
        company_id,
        phone_key: key.as_str(),
        client_id: Some(client),
    });
    Ok(serde_json::to_string(&rows.collect::<Vec<_>>())?)
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
        let rows = keys.iter().map(|&(company_id, key)| KeyRow {
            company_id,
            phone_key: key.as_str(),
            client_id: None,
        });
        let rows = serde_json::to_string(&rows.collect::<Vec<_>>())?;
        let owners = fetch_all!(self, PhoneOwner, READ_OWNERS, &rows)?;
        Ok(owners
            .into_iter()
            .map(|owner| ((owner.company_id, owner.phone_key), owner.client_id))
            .collect())
    }

    /// Keeps the numbers of clients. One that is kept already stays once.
    pub async fn insert_phone_keys(
        &mut self,
        keys: &[(CompanyId, &PhoneKey, ClientId)],
    ) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let rows = insert_rows(keys)?;
        execute!(self, INSERT, &rows)?;
        Ok(())
    }
}

impl TenantTx<'_> {
    /// The numbers that are kept for a client.
    pub async fn phone_keys_of(&mut self, client: ClientId) -> Result<Vec<String>> {
        let company = self.company().get();
        let keys = fetch_all!(self, (String,), READ_OF_CLIENT, company, client.get())?;
        Ok(keys.into_iter().map(|(key,)| key).collect())
    }

    /// Forgets the numbers of a client.
    pub async fn delete_phone_keys_of(&mut self, client: ClientId) -> Result<()> {
        let company = self.company().get();
        execute!(self, DELETE_OF_CLIENT, company, client.get())?;
        Ok(())
    }

    /// Forgets the numbers of all clients.
    pub async fn delete_phone_keys(&mut self) -> Result<()> {
        let company = self.company().get();
        execute!(self, DELETE_ALL, company)?;
        Ok(())
    }

    /// Gathers the numbers of all clients anew, a few thousand at a time.
    pub async fn rebuild_phone_keys(&mut self, region: Option<PhoneRegion>) -> Result<()> {
        self.delete_phone_keys().await?;
        let company = self.company();
        for statement in [READ_WRITTEN, READ_WRITTEN_LISTS] {
            let mut after = 0;
            loop {
                let written = fetch_all!(self, Written, statement, company.get(), after, CHUNK)?;
                let Some(last) = written.last() else { break };
                after = last.id;
                let keys: Vec<_> = written
                    .iter()
                    .filter_map(|row| {
                        Some((PhoneKey::of(&row.phone_number, region)?, row.client_id))
                    })
                    .collect();
                let rows: Vec<_> = keys
                    .iter()
                    .map(|(key, client)| (company, key, *client))
                    .collect();
                let rows = insert_rows(&rows)?;
                execute!(self, INSERT, &rows)?;
            }
        }
        Ok(())
    }
}
