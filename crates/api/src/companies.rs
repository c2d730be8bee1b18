//! Companies, and their settings for distributing clients (contract, section 2.6).

mod whole_number;

use crate::Shared;
use crate::wire::answer::answer;
use crate::wire::body::Object;
use crate::wire::caller::{AnyAdministrator, Caller, PathId, SuperAdministrator};
use crate::wire::failure::{Answer, ErrorBody, Failure, Refused};
use crate::wire::fields::{Demand, Read, parsed, request, sentence};
use crate::wire::list::{ListQuery, Listed, PageQuery, SearchQuery};
use crate::wire::openapi::Specialization;
use crate::wire::operations::operations;
use axum::Json;
use axum::extract::State;
use serde_json::Value;
use tawzi_app::{Company, CompanyUpdate, Error, FieldProblem, Problem, SettingsChange};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::phone::PhoneRegion;
use tawzi_core::text::{CompanyName, Domain};
use tawzi_core::time::Timestamp;
use whole_number::whole_number;

answer! {
    /// A company, as its settings are answered.
    pub(crate) struct CompanyBody of company: Company {
        always id: CompanyId;
        always name: String;
        always domain: String;
        /// `real_estate`, `services` or `products`.
        always specialization: String;
        /// The person it belongs to.
        nullable owner: UserId = company.owner_id;
        perhaps owner_username: String;
        perhaps owner_email: String;
        /// Whether each new client goes to the least busy employee.
        always auto_assign_enabled: bool;
        /// Whether neglected clients move on.
        always re_assign_enabled: bool;
        always re_assign_hours: ReAssignHours;
        always unique_phones: bool;
        nullable phone_region: String = company.phone_region.map(|region| region.as_str().to_owned());
        always created_at: Timestamp;
        always updated_at: Timestamp;
    }
}

answer! {
    /// A company in a list.
    pub(crate) struct CompanyRow of company: Company {
        always id: CompanyId;
        always name: String;
        always domain: String;
        /// `real_estate`, `services` or `products`.
        always specialization: String;
        /// The person it belongs to.
        nullable owner: UserId = company.owner_id;
        perhaps owner_username: String;
        always created_at: Timestamp;
    }
}

request! {
    /// A company.
    #[schema(examples(json!({"name": "My company", "domain": "my.example",
        "specialization": "services", "re_assign_enabled": true, "re_assign_hours": 24})))]
    pub(crate) struct CompanyRequest for CompanyUpdate {
        #[schema(min_length = 1, max_length = 64)]
        required name: CompanyName;
        /// No other company has it.
        #[schema(min_length = 1, max_length = 256)]
        required domain: Domain;
        #[schema(required = false)]
        optional specialization: Specialization;
        /// An active administrator of the company. A new one has nobody yet: its first administrator becomes its
        /// owner.
        given owner: Option<UserId>;
        /// Whether each new client goes to the least busy employee.
        #[schema(required = false, default = false)]
        optional auto_assign_enabled: bool;
        /// Whether neglected clients move on.
        #[schema(required = false, default = false)]
        optional re_assign_enabled: bool;
        #[schema(required = false)]
        optional re_assign_hours: ReAssignHours, by hours;
    }
}

request! {
    /// What is to change about how clients are distributed. Null is as good as nothing.
    #[schema(examples(json!({"auto_assign_enabled": true, "re_assign_enabled": true,
        "re_assign_hours": 24})))]
    pub(crate) struct AssignmentSettingsRequest for SettingsChange {
        /// Whether each new client goes to the least busy employee.
        given auto_assign_enabled: Option<bool>;
        /// Whether neglected clients move on.
        given re_assign_enabled: Option<bool>;
        given re_assign_hours: Option<ReAssignHours>, by hours;
        /// Whether a phone number can belong to one client only.
        given unique_phones: Option<bool>;
        /// The two letters of the country of phone numbers that are written without one; none when empty.
        #[schema(example = "SA")]
        given phone_region: Option<String>, by region;
    }
}

/// Lists the companies. Only super administrators may.
#[utoipa::path(
    get,
    path = "/api/companies/",
    tag = "companies",
    params(PageQuery, SearchQuery),
    responses((status = 200, body = Listed<CompanyRow>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Caller(actor): Caller,
    query: ListQuery,
) -> Answer<Json<Listed<CompanyRow>>> {
    let words = query.words()?;
    let fetch = |page| tawzi_app::list_companies(&state.app, &actor, &words, page);
    query.list(fetch, CompanyRow::new).await
}

operations! {
    in "companies", each a CompanyId, answering CompanyBody by |company, _| CompanyBody::new(company);

    /// Creates a company. Only super administrators may.
    create at "/api/companies/" for SuperAdministrator of CompanyRequest calls register_company;
    /// Shows a company. Only super administrators may.
    read at "/api/companies/{id}/" for Caller calls read_company;
    /// Changes a company. Only super administrators may; but its owner may hand it over, with `owner` and nothing
    /// else.
    edit at "/api/companies/{id}/" for AnyAdministrator of CompanyRequest calls edit_company;
    /// Deletes a company with everything and everybody of it. Only super administrators may.
    delete at "/api/companies/{id}/" for Caller calls delete_company,
        or (status = 400, body = ErrorBody, description = "The company is still needed.");
}

/// Changes a company's settings for distributing clients. Only its administrators may.
#[utoipa::path(
    patch,
    path = "/api/companies/{id}/update_assignment_settings/",
    tag = "companies",
    request_body = AssignmentSettingsRequest,
    responses(
        (status = 200, body = CompanyBody),
        (status = 403, body = inline(Refused), description = "The caller may not change these settings."),
    )
)]
pub(crate) async fn update_assignment_settings(
    State(state): State<Shared>,
    Caller(actor): Caller,
    PathId(id): PathId<CompanyId>,
    Object(body, ..): Object<AssignmentSettingsRequest>,
) -> Answer<Json<CompanyBody>> {
    let change = AssignmentSettingsRequest::read(body, Demand::Nothing);
    let company = tawzi_app::update_assignment_settings(&state.app, &actor, id, change)
        .await
        .map_err(|error| match error {
            Error::Invalid(problems) => first_problem(&problems),
            error => {
                let sentence = "You do not have permission to update these settings.";
                Failure::unless_admin(error, sentence)
            }
        })?;
    Ok(Json(CompanyBody::new(company)))
}

/// A sentence about the first value that makes no sense.
fn first_problem(problems: &[FieldProblem]) -> Failure {
    let sentence = problems.first().map_or(String::new(), |first| {
        let FieldProblem { field, problem } = first;
        match problem {
            Problem::NotAFlag => format!("{field} must be true or false."),
            problem => sentence(field, problem),
        }
    });
    Failure::refused(sentence)
}

/// The country of phone numbers that are written without one; none when the text is empty.
fn region(value: &Value) -> Read<Option<PhoneRegion>> {
    match value.as_str() {
        Some("") => Ok(Some(None)),
        text => {
            let region = PhoneRegion::parse(text.unwrap_or_default());
            parsed(region.map(Some), Problem::Region)
        }
    }
}

/// The hours after which neglected clients move, as Python's `int()` reads them.
fn hours(value: &Value) -> Read<ReAssignHours> {
    let number = whole_number(value).ok_or_else(|| vec![Problem::HoursNotWhole])?;
    parsed(ReAssignHours::parse(number), Problem::Hours)
}
