//! By what clients are found: a text of their names and phone numbers, which is kept beside them and in an index.
//! Whoever writes a client or its numbers has it written here, or, for new ones, together with them.

use crate::db::engine::{Db, Reader, Tx};
use crate::db::tenant::TenantTx;
use crate::error::Result;
use std::collections::HashMap;
use tawzi_core::found::{found_by, letters};
use tawzi_core::id::{ClientId, CompanyId};

/// How many clients get their texts in one transaction: a company is locked meanwhile.
const STEP: i64 = 1_000;

/// The text by which a client is found, and the pairs of letters in it.
pub(super) struct Found {
    pub(super) by: String,
    pub(super) letters: String,
}

impl Found {
    pub(super) fn of<'n>(name: &str, numbers: impl IntoIterator<Item = &'n str>) -> Self {
        let by = found_by(name, numbers);
        let letters = letters::pairs(&by);
        Self { by, letters }
    }
}

row! {
    /// What the text of a client is made of, and the text.
    struct Named {
        /// The client.
        pub id: ClientId,
        /// Its name.
        pub name: String,
        /// Its main phone number.
        pub phone_number: Option<String>,
        /// The text by which it is found, if it has one yet.
        pub found_by: Option<String>,
    }
}

statements! {
    const READ_WITHOUT = [
        "SELECT company_id, id
         FROM client
         WHERE found_by IS NULL AND (company_id, id) > ($1, $2)
         ORDER BY company_id, id
         LIMIT $3"
    ];
    const READ = [
        "SELECT id, name, phone_number, found_by
         FROM client
         WHERE id" (IN_IDS 2) " AND company_id = $1
         ORDER BY id"
    ];
    const SAVE = [
        "UPDATE client
         SET found_by = r.found_by
         FROM " (ROWS company_id BIGINT, client_id BIGINT, found_by TEXT) "
         WHERE client.company_id = r.company_id AND client.id = r.client_id"
    ];
    const FORGET = [
        "DELETE FROM client_search WHERE company_id = $1 AND client_id" (IN_IDS 2)
    ];
    const INDEX = [
        "INSERT INTO client_search (company_id, client_id, text, letters)
         SELECT r.company_id, r.client_id, r.found_by, r.letters
         FROM " (ROWS company_id BIGINT, client_id BIGINT, found_by TEXT, letters TSVECTOR)
    ];
}

impl TenantTx<'_> {
    /// Writes by what those clients are found, where that has changed.
    pub async fn fold_clients(&mut self, ids: &[ClientId]) -> Result<()> {
        let company = self.company();
        let named: Vec<Named> = fetch!(self, READ, company, ids)?;
        let mut numbers: HashMap<ClientId, Vec<String>> = HashMap::new();
        for phone in self.phones_of(ids).await? {
            let of_client = numbers.entry(phone.client_id).or_default();
            of_client.push(phone.phone_number);
        }
        let changed = named.iter().filter_map(|client| {
            let listed = numbers.get(&client.id).into_iter().flatten();
            let all = client.phone_number.iter().chain(listed);
            let found = Found::of(&client.name, all.map(String::as_str));
            (client.found_by.as_ref() != Some(&found.by)).then_some((client.id, found))
        });
        let changed: Vec<_> = changed.collect();
        if changed.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = changed.iter().map(|(id, _)| *id).collect();
        let rows = json_rows!(&changed, (id, found) => {
            company_id: company, client_id: *id, found_by: &*found.by, letters: &*found.letters,
        })?;
        execute!(self, SAVE, rows.as_str())?;
        execute!(self, FORGET, company, &*ids)?;
        execute!(self, INDEX, rows)
    }
}

impl Reader {
    /// Some clients of whom it is not known yet by what they are found, from behind the last one on.
    async fn next_without(
        &mut self,
        (company, client): (CompanyId, ClientId),
    ) -> Result<Vec<(CompanyId, ClientId)>> {
        fetch!(self, READ_WITHOUT, company, client, STEP)
    }
}

impl Tx {
    /// Writes by what clients are found, of all of whom that is not known yet; after many were written at once.
    pub(crate) async fn fold_all_clients(&mut self) -> Result<()> {
        let mut last = NOBODY;
        loop {
            let clients = self.next_without(last).await?;
            last = match clients.last() {
                Some(last) => *last,
                None => return Ok(()),
            };
            for (company, ids) in by_company(&clients) {
                self.tenant_tx(company).fold_clients(&ids).await?;
            }
        }
    }
}

impl Db {
    /// Writes by what clients are found, of all of whom that is not known yet, as of those that a program of the version
    /// before wrote: in steps that make nobody wait; what was written stays if it is given up. With nobody, it is one look
    /// into an index.
    pub async fn fold_clients(&self) -> Result<()> {
        let mut last = NOBODY;
        loop {
            let clients = self.read().await?.next_without(last).await?;
            last = match clients.last() {
                Some(last) => *last,
                None => return Ok(()),
            };
            for (company, ids) in by_company(&clients) {
                let mut tx = self.begin().await?;
                // Whoever edits a client holds the same lock.
                tx.lock_company(company).await?;
                tx.tenant_tx(company).fold_clients(&ids).await?;
                tx.commit().await?;
            }
        }
    }
}

/// Comes before every client.
const NOBODY: (CompanyId, ClientId) = (CompanyId::new(i64::MIN), ClientId::new(i64::MIN));

/// The clients of each company; those of one stand together.
fn by_company(
    clients: &[(CompanyId, ClientId)],
) -> impl Iterator<Item = (CompanyId, Vec<ClientId>)> {
    let companies = clients.chunk_by(|one, other| one.0 == other.0);
    companies.map(|of_one| (of_one[0].0, of_one.iter().map(|(_, id)| *id).collect()))
}
