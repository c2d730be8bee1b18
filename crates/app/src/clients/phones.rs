//! A phone number belongs to one client, in the companies that want it so.
//!
//! Whoever looks here holds the lock of the company, so no two clients take a number at once.

use crate::error::{Error, Result};
use tawzi_core::id::{ClientId, CompanyId};
use tawzi_core::phone::PhoneKey;
use tawzi_store::{Company, Tx};

/// A number of a client: as it is compared, and as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    pub(crate) key: PhoneKey,
    written: String,
}

impl Number {
    /// That it belongs to another client already.
    pub(crate) fn taken_by(&self, client: ClientId) -> Error {
        let number = self.written.clone();
        Error::PhoneTaken { number, client }
    }

    /// The sentence about a number that two lines of a file have.
    pub(crate) fn stands_twice(&self) -> String {
        format!(
            "the phone number {} stands on an earlier line",
            self.written
        )
    }
}

/// The numbers of a client that must be nobody else's: all that are written, or none where the
/// company does not mind.
pub(crate) fn numbers<'a>(
    company: &Company,
    written: impl IntoIterator<Item = &'a str>,
) -> Vec<Number> {
    if !company.unique_phones {
        return Vec::new();
    }
    let mut numbers: Vec<Number> = Vec::new();
    for written in written {
        if let Some(key) = PhoneKey::of(written, company.phone_region)
            && numbers.iter().all(|number| number.key != key)
        {
            let written = written.to_owned();
            numbers.push(Number { key, written });
        }
    }
    numbers
}

/// That a number which the client did not have is another client's, if one is. What was shared before may stay.
pub(crate) async fn taken(
    tx: &mut Tx,
    company: CompanyId,
    client: ClientId,
    numbers: &[Number],
) -> Result<Option<Error>> {
    if numbers.is_empty() {
        return Ok(None);
    }
    let had = tx.tenant_tx(company).phone_keys_of(client).await?;
    let fresh = numbers
        .iter()
        .filter(|number| !had.iter().any(|key| key == number.key.as_str()));
    let fresh: Vec<_> = fresh.collect();
    let wanted: Vec<_> = fresh.iter().map(|number| (company, &number.key)).collect();
    let owners = tx.clients_with_phones(&wanted).await?;
    let owner = |number: &Number| owners.get(&(company, number.key.clone())).copied();
    let taken = |number: &Number| owner(number).map(|owner| number.taken_by(owner));
    Ok(fresh.into_iter().find_map(taken))
}

/// Keeps what the numbers of a client have become.
///
/// `Err` when one that it did not have is another client's.
pub(crate) async fn replace(
    tx: &mut Tx,
    company: CompanyId,
    client: ClientId,
    numbers: &[Number],
) -> Result<()> {
    if let Some(taken) = taken(tx, company, client, numbers).await? {
        return Err(taken);
    }
    tx.tenant_tx(company).delete_phone_keys_of(client).await?;
    let kept = numbers.iter().map(|number| (company, &number.key, client));
    tx.insert_phone_keys(&kept.collect::<Vec<_>>()).await?;
    Ok(())
}
