//! Phone numbers of clients.

use crate::db::sequence::Sequence;
use crate::db::tenant::{Tenant, TenantTx};
use crate::error::Result;
use crate::tables::client::write::NewPhone;
use serde::Serialize;
use tawzi_core::id::{ClientId, CompanyId, PhoneNumberId};
use tawzi_core::time::Timestamp;

row! {
    /// A phone number of a client.
    pub struct ClientPhone {
        /// Its id.
        pub id: PhoneNumberId,
        /// The client.
        pub client_id: ClientId,
        /// The number, as it was written.
        pub phone_number: String,
        /// The word of its kind; an imported one may be none of today's.
        pub phone_type: String,
        /// Whether it is the number to call first.
        pub is_primary: bool,
        /// A note about it.
        pub notes: Option<String>,
        /// When it was added.
        pub created_at: Timestamp,
        /// When it was changed last.
        pub updated_at: Timestamp,
    }
}

statements! {
    READ = [
        "SELECT id, client_id, phone_number, phone_type, is_primary, notes, created_at, updated_at
         FROM client_phone
         WHERE client_id" IN_IDS " AND company_id = $2
         ORDER BY client_id, is_primary DESC, phone_type, created_at, id"
    ];
    DELETE_OF_CLIENT = ["DELETE FROM client_phone WHERE company_id = $1 AND client_id = $2"];
    INSERT = [
        "INSERT INTO client_phone (company_id, id, client_id, phone_number, phone_type, is_primary,
             notes, created_at, updated_at)
         SELECT r.company_id, r.id, r.client_id, r.phone_number, r.phone_type, r.is_primary,
             r.notes, r.created_at, r.created_at
         FROM " (ROWS company_id BIGINT, id BIGINT, client_id BIGINT, phone_number TEXT,
             phone_type TEXT, is_primary BOOLEAN, notes TEXT, created_at BIGINT)
    ];
}

#[derive(Serialize)]
struct PhoneRow<'a> {
    company_id: CompanyId,
    id: i64,
    client_id: ClientId,
    phone_number: &'a str,
    phone_type: &'static str,
    is_primary: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a str>,
    created_at: i64,
}

impl Tenant<'_> {
    /// The numbers of those clients: by client, the primary first, then by kind and age.
    pub async fn phones_of(&mut self, clients: &[ClientId]) -> Result<Vec<ClientPhone>> {
        if clients.is_empty() {
            return Ok(Vec::new());
        }
        let company = self.company().get();
        let ids = serde_json::to_string(clients)?;
        fetch_all!(self, ClientPhone, READ, &ids, company)
    }
}

impl TenantTx<'_> {
    /// Replaces the client's numbers. One that is kept (its `id` is given and was the client's)
    /// keeps its id.
    pub async fn replace_phones(
        &mut self,
        client: ClientId,
        phones: &[NewPhone],
        at: Timestamp,
    ) -> Result<()> {
        let company_id = self.company();
        let had: Vec<_> = self
            .phones_of(&[client])
            .await?
            .iter()
            .map(|p| p.id)
            .collect();
        let mut kept: Vec<PhoneNumberId> = Vec::new();
        for id in phones.iter().filter_map(|p| p.id) {
            if had.contains(&id) && !kept.contains(&id) {
                kept.push(id);
            }
        }
        execute!(self, DELETE_OF_CLIENT, company_id.get(), client.get())?;
        let mut fresh = self
            .take_ids(Sequence::ClientPhone, phones.len() - kept.len())
            .await?
            .into_iter();
        let mut rows = Vec::with_capacity(phones.len());
        for phone in phones {
            let reused = phone.id.and_then(|id| {
                let place = kept.iter().position(|&k| k == id)?;
                Some(kept.swap_remove(place).get())
            });
            rows.push(PhoneRow {
                company_id,
                id: reused.or_else(|| fresh.next()).unwrap_or_default(),
                client_id: client,
                phone_number: &phone.phone_number,
                phone_type: phone.phone_type.as_str(),
                is_primary: phone.is_primary,
                notes: phone.notes.as_deref(),
                created_at: at.microseconds(),
            });
        }
        let rows = serde_json::to_string(&rows)?;
        execute!(self, INSERT, &rows)?;
        Ok(())
    }
}
