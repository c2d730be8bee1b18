//! What a request says about a client.

use super::phones::{self, PhoneRequest};
use crate::fields::{
    Demand, FieldErrors, Fields, any_text, choice, decimal, key, key_or_zero, short_text,
};
use crate::state::Shared;
use crate::wire::failure::Failure;
use serde_json::{Map, Value};
use tawzi_app::{Actor, ClientChange, FieldProblem, NewClientRequest, NewPhone, check_references};
use tawzi_core::client::{ClientType, PhoneType, Priority};
use tawzi_core::id::{ChannelId, CompanyId, StatusId, UserId};
use utoipa::ToSchema;

/// The fields, in the order of the reference's serializer.
const FIELDS: [&str; 10] = [
    "name",
    "priority",
    "type",
    "communication_way",
    "status",
    "budget",
    "phone_number",
    "phone_numbers",
    "company",
    "assigned_to",
];

const MAX_NAME: usize = 255;

/// The longest phone number.
pub(super) const MAX_PHONE_NUMBER: usize = 20;

/// A client.
#[derive(ToSchema)]
#[schema(examples(json!({"name": "Rana", "priority": "medium", "type": "fresh", "company": 1,
    "budget": "150000.00", "phone_number": "+963944111222"})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
pub(super) struct ClientRequest {
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    priority: Priority,
    r#type: ClientType,
    /// The channel by which the client came: one of the company.
    communication_way: Option<ChannelId>,
    /// One of the company.
    status: Option<StatusId>,
    /// An amount of at most 10 digits before the point and 2 behind it; empty means none.
    #[schema(pattern = r"^([+-]?\d{1,10}(\.\d{0,2})?)?$")]
    budget: Option<String>,
    #[schema(max_length = 20)]
    phone_number: Option<String>,
    /// All numbers of the client; those that are not listed are deleted. Without it a new client's
    /// `phone_number` becomes the only one.
    #[schema(max_items = 50)]
    phone_numbers: Option<Vec<PhoneRequest>>,
    /// The caller's own.
    company: CompanyId,
    /// An employee or administrator of the company who may work; null and 0 mean nobody.
    assigned_to: Option<UserId>,
}

/// The fields that were sent, and what is wrong with them by themselves.
#[derive(Debug)]
pub(super) struct ClientFields {
    change: ClientChange,
    errors: FieldErrors,
}

/// What a request refers to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    company: Option<CompanyId>,
    channel: Option<ChannelId>,
    status: Option<StatusId>,
    assignee: Option<UserId>,
}

impl ClientFields {
    /// Takes the body apart.
    pub(super) fn read(body: Map<String, Value>, demand: Demand) -> Self {
        let mut fields = Fields::new(body, demand);
        let channel = fields.nullable("communication_way", key);
        let status = fields.nullable("status", key);
        let assigned_to = fields.nullable("assigned_to", key_or_zero);
        let change = ClientChange {
            name: fields.required("name", short_text(MAX_NAME)),
            priority: fields.required("priority", choice(Priority::parse)),
            client_type: fields.required("type", choice(ClientType::parse)),
            channel: channel.map(|channel| channel.map(ChannelId::new)),
            status: status.map(|status| status.map(StatusId::new)),
            budget: fields.nullable("budget", decimal),
            phone_number: fields.nullable("phone_number", any_text(MAX_PHONE_NUMBER)),
            phones: fields.nullable("phone_numbers", phones::read).flatten(),
            company: fields.required("company", key).map(CompanyId::new),
            assigned_to: assigned_to.map(|user| user.map(UserId::new)),
        };
        Self {
            change,
            errors: fields.into_errors(),
        }
    }

    /// What they refer to.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            company: self.change.company,
            channel: self.change.channel.flatten(),
            status: self.change.status.flatten(),
            assignee: self.change.assigned_to.flatten(),
        }
    }

    /// The change, unless something is wrong.
    pub(super) fn into_change(self) -> Result<ClientChange, FieldErrors> {
        if self.errors.is_empty() {
            Ok(self.change)
        } else {
            Err(self.errors)
        }
    }

    /// The new client, unless something is wrong. Without a list of phone numbers its own number
    /// becomes one.
    pub(super) fn into_new_client(self) -> Result<NewClientRequest, FieldErrors> {
        let Self { change, errors } = self;
        let (Some(company), Some(name), Some(priority), Some(client_type), true) = (
            change.company,
            change.name,
            change.priority,
            change.client_type,
            errors.is_empty(),
        ) else {
            return Err(errors);
        };
        let phone_number = change.phone_number.flatten();
        let phones = change.phones.filter(|phones| !phones.is_empty());
        Ok(NewClientRequest {
            company,
            name,
            priority,
            client_type,
            channel: change.channel.flatten(),
            status: change.status.flatten(),
            budget: change.budget.flatten(),
            phones: phones.unwrap_or_else(|| primary_mobile(phone_number.as_deref())),
            phone_number,
            assigned_to: change.assigned_to.flatten(),
        })
    }
}

impl Wanted {
    /// The same without the assignee, if that is who holds the client already: they may be sent
    /// back, even if they could not receive it now.
    pub(super) fn besides_holder(self, holder: Option<UserId>) -> Self {
        Self {
            assignee: self.assignee.filter(|_| self.assignee != holder),
            ..self
        }
    }

    /// Everything that is wrong with a request: its fields, and what they refer to in vain. `known`
    /// is what the verb has already found.
    pub(super) async fn refusal(
        self,
        state: &Shared,
        actor: &Actor,
        mut errors: FieldErrors,
        known: Vec<FieldProblem>,
    ) -> Failure {
        let found = check_references(
            &state.app,
            actor,
            self.company,
            self.channel,
            self.status,
            self.assignee,
        );
        match found.await {
            Err(error) => error.into(),
            Ok(found) => {
                errors.add_problems(if found.is_empty() { &known } else { &found });
                Failure::Fields(errors.in_order_of(&FIELDS))
            }
        }
    }
}

fn primary_mobile(number: Option<&str>) -> Vec<NewPhone> {
    let number = number.filter(|number| !number.is_empty());
    number
        .map(|number| NewPhone {
            id: None,
            phone_number: number.to_owned(),
            phone_type: PhoneType::Mobile,
            is_primary: true,
            notes: None,
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_every_field() {
        assert_eq!(crate::wire::openapi::properties::<ClientRequest>(), FIELDS);
    }
}
