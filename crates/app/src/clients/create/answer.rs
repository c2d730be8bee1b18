//! A client that was just created, as it would be read.

use super::Create;
use super::decide::Choice;
use crate::clients::ClientWithPhones;
use tawzi_core::id::{ClientId, PhoneNumberId};
use tawzi_core::stale;
use tawzi_core::time::Timestamp;
use tawzi_store::{Client, ClientPhone};

/// The client with that id, whose phone numbers have those.
pub(super) fn answer(
    create: &Create,
    choice: Choice,
    id: ClientId,
    phones: &[PhoneNumberId],
    at: Timestamp,
) -> ClientWithPhones {
    let request = &create.client;
    let assigned_to = choice.decision.assignee;
    let (assigned_to_username, _) = choice.assignee.unzip();
    let (status_name, status_category) = choice.status.unzip();
    let hours = assigned_to.and(choice.policy.re_assign);
    let client = Client {
        id,
        company_id: request.company,
        name: request.name.clone(),
        priority: request.priority.as_str().to_owned(),
        client_type: request.client_type.as_str().to_owned(),
        channel_id: request.channel,
        channel_name: choice.channel_name,
        status_id: request.status,
        status_name,
        status_category,
        budget_hundredths: request.budget,
        phone_number: request.phone_number.clone(),
        assigned_to,
        assigned_to_username,
        assigned_at: assigned_to.map(|_| at),
        last_contacted_at: None,
        due_at: hours.map(|hours| stale::due_at(at, hours)),
        created_at: at,
        updated_at: at,
    };
    let phones = request.phones.iter().zip(phones);
    let mut phones: Vec<_> = phones
        .map(|(phone, &phone_id)| ClientPhone {
            id: phone_id,
            client_id: id,
            phone_number: phone.phone_number.clone(),
            phone_type: phone.phone_type.as_str().to_owned(),
            is_primary: phone.is_primary,
            notes: phone.notes.clone(),
            created_at: at,
            updated_at: at,
        })
        .collect();
    // As they are listed: the primary first, then by kind and age.
    phones.sort_by(|a, b| {
        let rank = |p: &ClientPhone| (!p.is_primary, p.phone_type.clone(), p.id);
        rank(a).cmp(&rank(b))
    });
    ClientWithPhones { client, phones }
}
