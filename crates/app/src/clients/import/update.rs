//! Lines that say which client they are: what differs is changed, and nothing else.

use super::CsvReport;
use super::header::Header;
use super::lines::Line;
use crate::clients::columns::{Column, WRITTEN};
use crate::clients::create::NewClientRequest;
use crate::clients::edit::Edit;
use crate::clients::export::cell;
use crate::clients::phones::{self, numbers};
use crate::clients::references::{Wanted, problems};
use crate::clients::{ClientChange, ClientWithPhones};
use crate::error::{Error, Result};
use crate::sheet::{joined, undefused};
use std::collections::HashMap;
use tawzi_core::client::PhoneType;
use tawzi_core::id::ClientId;
use tawzi_core::time::Timestamp;
use tawzi_store::{Author, Company, NewPhone, Tenant, Tx};

/// What a line changes in a client, and a sentence about it.
pub(super) struct Difference {
    change: ClientChange,
    pub(super) sentence: String,
}

/// The clients with those ids that the company has.
pub(super) async fn read(
    mut tenant: Tenant<'_>,
    ids: &[ClientId],
) -> Result<HashMap<ClientId, ClientWithPhones>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let clients = tenant.clients_with(ids).await?;
    let clients = ClientWithPhones::of(&mut tenant, clients).await?;
    let by_id = clients.into_iter().map(|client| (client.client.id, client));
    Ok(by_id.collect())
}

/// Changes the clients that lines say, and adds what came of it. The caller holds the company's lock, whose settings
/// these are.
pub(super) async fn update(
    tx: &mut Tx,
    settings: &Company,
    header: &Header,
    lines: &[(ClientId, Line<'_>)],
    by: (Author, Timestamp),
    report: &mut CsvReport,
) -> Result<()> {
    let ids: Vec<_> = lines.iter().map(|(id, _)| *id).collect();
    let there = read(tx.tenant(settings.id), &ids).await?;
    for (id, line) in lines {
        let number = line.row.line;
        let Some(client) = there.get(id) else {
            let gone = "the client was deleted meanwhile";
            report.left_out.add(number, gone);
            continue;
        };
        let Some(difference) = Difference::of(header, line, client) else {
            report.repeated += 1;
            continue;
        };
        match difference.record(tx, settings, client, by).await {
            Ok(()) => {
                report.changed += 1;
                report.changes.add(number, difference.sentence);
            }
            Err(error @ (Error::PhoneTaken { .. } | Error::Invalid(_))) => {
                report.left_out.add(number, error);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl Difference {
    /// What differs between a client and the line that says it. A column that is not there says nothing; an empty
    /// cell empties what may be empty. `None` when nothing differs.
    pub(super) fn of(header: &Header, line: &Line<'_>, there: &ClientWithPhones) -> Option<Self> {
        let cells = line.row.cells.as_ref().ok()?;
        let said = &line.create.as_ref().ok()?.client;
        let says = |column| header.cell(cells, column).unwrap_or_default();
        let numbers = numbers_there(header, said, there);
        let differs = |column: &Column| {
            let is_filled = !says(*column).is_empty();
            header.has(*column) && differs(*column, is_filled, said, there, &numbers)
        };
        let columns: Vec<_> = WRITTEN.into_iter().filter(differs).collect();
        let sentences = columns.iter().map(|column| {
            let old = match column {
                Column::OtherPhoneNumbers => joined(&numbers.1).into(),
                column => cell(there, *column),
            };
            let (old, new) = (undefused(&old), says(*column));
            format!("{} {old:?} becomes {new:?}", column.name())
        });
        let sentence = sentences.collect::<Vec<_>>().join(", ");
        let has = |column| columns.contains(&column);
        let mut change = ClientChange {
            name: has(Column::Name).then(|| said.name.clone()),
            priority: has(Column::Priority).then_some(said.priority),
            client_type: has(Column::Type).then_some(said.client_type),
            channel: has(Column::CommunicationWay).then_some(said.channel),
            status: has(Column::Status).then_some(said.status),
            budget: has(Column::Budget).then_some(said.budget),
            assigned_to: has(Column::AssignedTo).then_some(said.assigned_to),
            ..ClientChange::default()
        };
        if has(Column::PhoneNumber) || has(Column::OtherPhoneNumbers) {
            let (own, phones) = wanted_numbers(header, said, there, &numbers);
            change.phone_number = Some(own);
            change.phones = Some(phones);
        }
        (!columns.is_empty()).then_some(Self { change, sentence })
    }

    /// Writes it, as if somebody edited the client.
    ///
    /// `Err` when a phone number is another client's, or when the company has no such status, channel or person any
    /// more; nothing was written then.
    async fn record(
        &self,
        tx: &mut Tx,
        settings: &Company,
        there: &ClientWithPhones,
        (author, at): (Author, Timestamp),
    ) -> Result<()> {
        let (company, before) = (settings.id, &there.client);
        let wanted = Wanted::of(&self.change);
        let named = wanted.read(tx, company).await?;
        let lacking = problems(tx, company, wanted.lacking(company, &named)).await?;
        if !lacking.is_empty() {
            return Err(Error::Invalid(lacking));
        }
        if let Some(phones) = &self.change.phones {
            let written = phones.iter().map(|phone| phone.phone_number.as_str());
            let numbers = numbers(settings, written);
            if let Some(taken) = phones::taken(tx, company, before.id, &numbers).await? {
                return Err(taken);
            }
        }
        let edit = Edit {
            before,
            change: &self.change,
            there: &named,
            author,
            at,
        };
        edit.record(tx, Some(settings)).await
    }
}

/// Whether a column of a line says something else about a client.
fn differs(
    column: Column,
    is_filled: bool,
    said: &NewClientRequest,
    there: &ClientWithPhones,
    (own, others): &(Option<&str>, Vec<&str>),
) -> bool {
    let client = &there.client;
    match column {
        Column::Name => said.name != client.name,
        Column::PhoneNumber => said.phone_number.as_deref() != *own,
        Column::OtherPhoneNumbers => others_of(said) != *others,
        // These cannot be empty: an empty cell says nothing.
        Column::Priority => is_filled && said.priority.as_str() != client.priority,
        Column::Type => is_filled && said.client_type.as_str() != client.client_type,
        Column::Status => said.status != client.status_id,
        Column::CommunicationWay => said.channel != client.channel_id,
        Column::Budget => said.budget != client.budget_hundredths,
        Column::AssignedTo => said.assigned_to != client.assigned_to,
        Column::Id
        | Column::CreatedAt
        | Column::AssignedAt
        | Column::LastContactedAt
        | Column::Line
        | Column::Problem => false,
    }
}

/// The client's own number and the others, as a line would say them. The first of the others stands for an own number
/// that is not there, as an export writes it, unless the line says that there is none.
fn numbers_there<'c>(
    header: &Header,
    said: &NewClientRequest,
    there: &'c ClientWithPhones,
) -> (Option<&'c str>, Vec<&'c str>) {
    let own = there.client.phone_number.as_deref().unwrap_or_default();
    if own.is_empty() && header.has(Column::PhoneNumber) && said.phone_number.is_none() {
        let listed = there.phones.iter().map(|phone| phone.phone_number.as_str());
        return (None, listed.collect());
    }
    there.numbers()
}

fn others_of(said: &NewClientRequest) -> Vec<&str> {
    let listed = said.phones.iter().map(|phone| phone.phone_number.as_str());
    let own = said.phone_number.as_deref();
    listed.filter(|number| own != Some(*number)).collect()
}

/// The numbers that the client is to have, its own first. One that stays keeps its id, kind and note.
fn wanted_numbers(
    header: &Header,
    said: &NewClientRequest,
    there: &ClientWithPhones,
    numbers: &(Option<&str>, Vec<&str>),
) -> (Option<String>, Vec<NewPhone>) {
    let (mut own, mut others) = numbers.clone();
    if header.has(Column::PhoneNumber) {
        own = said.phone_number.as_deref();
    }
    if header.has(Column::OtherPhoneNumbers) {
        others = others_of(said);
    }
    others.retain(|other| own != Some(*other));
    let primary = own.or(others.first().copied());
    let phone = |number: &str| {
        let mut kept = there.phones.iter();
        let kept = kept.find(|phone| phone.phone_number == number);
        let kind = kept.and_then(|phone| PhoneType::parse(&phone.phone_type));
        NewPhone {
            id: kept.map(|phone| phone.id),
            phone_number: number.to_owned(),
            phone_type: kind.unwrap_or(PhoneType::Mobile),
            is_primary: primary == Some(number),
            notes: kept.and_then(|phone| phone.notes.clone()),
        }
    };
    let phones = own.into_iter().chain(others).map(phone).collect();
    (own.map(str::to_owned), phones)
}
