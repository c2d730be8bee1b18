//! Phone numbers of clients.

use crate::db::tenant::TenantTx;
use crate::error::Result;
use crate::tables::client::write::NewPhone;
use std::collections::BTreeSet;
use tawzi_core::id::{ClientId, PhoneNumberId};
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
    const DELETE_OF_CLIENT = ["DELETE FROM client_phone WHERE company_id = $1 AND client_id = $2"];
    const INSERT = [
        "INSERT INTO client_phone (company_id, id, client_id, phone_number, phone_type, is_primary,
             notes, created_at, updated_at)
         SELECT r.company_id, r.id, r.client_id, r.phone_number, r.phone_type, r.is_primary,
             r.notes, r.created_at, r.created_at
         FROM " (ROWS company_id BIGINT, id BIGINT, client_id BIGINT, phone_number TEXT,
             phone_type TEXT, is_primary BOOLEAN, notes TEXT, created_at BIGINT)
    ];

    impl Tenant<'_> {
        /// The numbers of those clients: by client, the primary first, then by kind and age.
        pub fn phones_of(clients: &[ClientId]) -> Vec<ClientPhone> {
            "SELECT id, client_id, phone_number, phone_type, is_primary, notes, created_at,
                 updated_at
             FROM client_phone
             WHERE client_id" (IN_IDS 2) " AND company_id = $1
             ORDER BY client_id, is_primary DESC, phone_type, created_at, id"
        }
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
        let company = self.company();
        let had = self.phones_of(&[client]).await?;
        let mut free: BTreeSet<_> = had.into_iter().map(|phone| phone.id).collect();
        // An id is kept once, however often it is sent.
        let kept = |phone: &NewPhone| phone.id.filter(|id| free.remove(id));
        let ids: Vec<_> = phones.iter().map(kept).collect();
        execute!(self, DELETE_OF_CLIENT, company, client)?;
        let missing = ids.iter().filter(|id| id.is_none()).count();
        let mut fresh = self.writer().take_ids(missing).await?.into_iter();
        let rows = json_rows!(ids.into_iter().zip(phones), (id, phone) => {
            company_id: company,
            id: id.or_else(|| fresh.next()),
            client_id: client,
            phone_number: &phone.phone_number,
            phone_type: phone.phone_type,
            is_primary: phone.is_primary,
            notes: phone.notes.as_deref(),
            created_at: at,
        })?;
        execute!(self, INSERT, rows)
    }
}
