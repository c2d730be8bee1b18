//! The fields of a company in a request.

use super::hours;
use crate::fields::{Demand, FieldErrors, Fields, Read, choice, flag, key, short_text};
use crate::wire::failure::{Answer, Failure};
use crate::wire::openapi::Specialization;
use serde_json::{Map, Value};
use tawzi_app::{CompanyDraft, CompanyUpdate};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::UserId;
use utoipa::ToSchema;

/// A company.
#[derive(ToSchema)]
#[schema(examples(json!({"name": "My company", "domain": "my.example",
    "specialization": "services", "re_assign_enabled": true, "re_assign_hours": 24})))]
#[expect(dead_code, reason = "it describes the fields for the document")]
pub(super) struct CompanyRequest {
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// No other company has it.
    #[schema(min_length = 1, max_length = 256)]
    domain: String,
    #[schema(required = false)]
    specialization: Specialization,
    /// Somebody of the company. A new one has nobody yet: its first administrator becomes its owner.
    owner: Option<UserId>,
    /// Whether each new client goes to the least busy employee.
    #[schema(required = false, default = false)]
    auto_assign_enabled: bool,
    /// Whether neglected clients move on.
    #[schema(required = false, default = false)]
    re_assign_enabled: bool,
    #[schema(required = false)]
    re_assign_hours: ReAssignHours,
}

/// What a request says about a company.
#[derive(Debug)]
pub(super) struct CompanyFields {
    update: CompanyUpdate,
    errors: FieldErrors,
}

impl CompanyFields {
    /// Takes the body apart.
    pub(super) fn read(body: Map<String, Value>, demand: Demand) -> Self {
        let mut fields = Fields::new(body, demand);
        let update = CompanyUpdate {
            name: fields.required("name", short_text(64)),
            domain: fields.required("domain", short_text(256)),
            specialization: fields.optional("specialization", choice(specialization)),
            owner: fields.nullable("owner", key).flatten().map(UserId::new),
            auto_assign_enabled: fields.optional("auto_assign_enabled", flag),
            re_assign_enabled: fields.optional("re_assign_enabled", flag),
            re_assign_hours: fields.optional("re_assign_hours", whole_hours),
        };
        Self {
            update,
            errors: fields.into_errors(),
        }
    }

    /// The company to be created; people come afterwards, so that it cannot have an owner yet.
    pub(super) fn into_draft(mut self) -> Answer<CompanyDraft> {
        if self.update.owner.is_some() {
            let sentence = "Create the company first, then an administrator for it: the first \
                            one becomes its owner.";
            self.errors.add("owner", sentence);
        }
        let update = self.update;
        let (Some(name), Some(domain), true) = (update.name, update.domain, self.errors.is_empty())
        else {
            return Err(Failure::Fields(self.errors));
        };
        Ok(CompanyDraft {
            name,
            domain,
            specialization: update
                .specialization
                .unwrap_or_else(|| "real_estate".to_owned()),
            auto_assign_enabled: update.auto_assign_enabled.unwrap_or(false),
            re_assign_enabled: update.re_assign_enabled.unwrap_or(false),
            re_assign_hours: update.re_assign_hours.unwrap_or(ReAssignHours::DEFAULT),
        })
    }

    /// What is to change about a company.
    pub(super) fn into_update(self) -> Answer<CompanyUpdate> {
        if self.errors.is_empty() {
            Ok(self.update)
        } else {
            Err(Failure::Fields(self.errors))
        }
    }
}

fn specialization(word: &str) -> Option<String> {
    ["real_estate", "services", "products"]
        .contains(&word)
        .then(|| word.to_owned())
}

fn whole_hours(value: &Value) -> Read<ReAssignHours> {
    hours(value).map(Some).map_err(|sentence| vec![sentence])
}
