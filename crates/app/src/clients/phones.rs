//! A phone number belongs to one client, in the companies that want it so.
//!
//! Whoever looks here holds the lock of the company, so no two clients take a number at once.

use crate::error::{Error, Result};
use std::collections::HashMap;
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

/// Keeps what the numbers of a client have become.
///
/// `Err` when one that it did not have is another client's. What was shared before may stay.
pub(crate) async fn replace(
    tx: &mut Tx,
    company: CompanyId,
    client: ClientId,
    numbers: &[Number],
) -> Result<()> {
    let had = tx.tenant_tx(company).phone_keys_of(client).await?;
    let fresh = numbers
        .iter()
        .filter(|number| !had.iter().any(|key| key == number.key.as_str()));
    let fresh: Vec<_> = fresh.collect();
    let wanted: Vec<_> = fresh.iter().map(|number| (company, &number.key)).collect();
    let holders = tx.phone_holders(&wanted).await?;
    for number in fresh {
        if let Some(&holder) = holders.get(&(company, number.key.clone())) {
            return Err(number.taken_by(holder));
        }
    }
    tx.tenant_tx(company).delete_phone_keys_of(client).await?;
    let kept = numbers.iter().map(|number| (company, &number.key, client));
    tx.insert_phone_keys(&kept.collect::<Vec<_>>()).await?;
    Ok(())
}

/// Whose the numbers of a batch are: of clients that are there, or of an earlier request.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    numbers: Vec<Vec<Number>>,
    holders: HashMap<(CompanyId, PhoneKey), ClientId>,
    claimed: HashMap<(CompanyId, PhoneKey), usize>,
}

/// Who has a number that a request wants.
#[derive(Debug)]
pub(crate) enum Holder {
    /// A client that is there.
    Client(ClientId),
    /// The client that an earlier request of the batch creates.
    Request(usize),
}

impl Claims {
    /// The claims before any request; `numbers` are those of each.
    pub(crate) async fn open(tx: &mut Tx, numbers: Vec<(CompanyId, Vec<Number>)>) -> Result<Self> {
        let wanted = numbers
            .iter()
            .flat_map(|(company, numbers)| numbers.iter().map(|number| (*company, &number.key)));
        let holders = tx.phone_holders(&wanted.collect::<Vec<_>>()).await?;
        let claimed = HashMap::new();
        let numbers = numbers.into_iter().map(|(_, numbers)| numbers).collect();
        Ok(Self {
            numbers,
            holders,
            claimed,
        })
    }

    /// The numbers of the request at that place.
    pub(crate) fn of(&self, place: usize) -> &[Number] {
        self.numbers.get(place).map_or(&[], Vec::as_slice)
    }

    /// Takes the numbers of a request, or says which of them somebody has.
    pub(crate) fn claim(
        &mut self,
        company: CompanyId,
        place: usize,
    ) -> std::result::Result<(), (Number, Holder)> {
        let numbers = self.numbers.get(place).map_or(&[][..], Vec::as_slice);
        for number in numbers {
            let key = (company, number.key.clone());
            let holder = match (self.holders.get(&key), self.claimed.get(&key)) {
                (Some(&client), _) => Holder::Client(client),
                (None, Some(&request)) => Holder::Request(request),
                (None, None) => continue,
            };
            return Err((number.clone(), holder));
        }
        for number in numbers {
            self.claimed.insert((company, number.key.clone()), place);
        }
        Ok(())
    }
}
