//! A company's settings for distributing its clients (contract, section 2.6).

mod whole_number;

use crate::Shared;
use crate::body::Object;
use crate::caller::{Caller, PathId};
use crate::failure::{Answer, Failure};
use crate::fields::flag;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value};
use tawzi_app::{Company, Error, SettingsChange};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::time::Timestamp;
use whole_number::whole_number;

/// A company, as its settings are answered.
#[derive(Debug, Serialize)]
pub(crate) struct CompanyBody {
    id: CompanyId,
    name: String,
    domain: String,
    specialization: String,
    owner: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_email: Option<String>,
    auto_assign_enabled: bool,
    re_assign_enabled: bool,
    re_assign_hours: ReAssignHours,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// `PATCH /api/companies/{id}/update_assignment_settings/`
pub(crate) async fn update_assignment_settings(
    State(state): State<Shared>,
    Caller(actor): Caller,
    id: PathId,
    Object(body): Object,
) -> Answer<Json<CompanyBody>> {
    let id = CompanyId::new(id.number("Company")?);
    // The values are looked at once it is known that the person may change them.
    let change = || settings(body).map_err(Error::Refused);
    let company = tawzi_app::update_assignment_settings(&state.db, &actor, id, change)
        .await
        .map_err(|error| {
            let sentence = "You do not have permission to update these settings.";
            Failure::unless_admin(error, sentence)
        })?;
    Ok(Json(company.into()))
}

/// What the body changes, or a sentence about the first value that makes no sense.
fn settings(mut body: Map<String, Value>) -> Result<SettingsChange, String> {
    let mut given = |name| body.remove(name).filter(|value| !value.is_null());
    let switch = |name: &str, value: Option<Value>| match value.as_ref().map(flag) {
        None => Ok(None),
        Some(Ok(flag)) => Ok(flag),
        Some(Err(_)) => Err(format!("{name} must be true or false.")),
    };
    Ok(SettingsChange {
        auto_assign_enabled: switch("auto_assign_enabled", given("auto_assign_enabled"))?,
        re_assign_enabled: switch("re_assign_enabled", given("re_assign_enabled"))?,
        re_assign_hours: given("re_assign_hours").as_ref().map(hours).transpose()?,
    })
}

fn hours(value: &Value) -> Result<ReAssignHours, String> {
    let number = whole_number(value).ok_or("re_assign_hours must be a valid integer.")?;
    ReAssignHours::parse(number).map_err(|bad| bad.to_string())
}

impl From<Company> for CompanyBody {
    fn from(company: Company) -> Self {
        Self {
            id: company.id,
            name: company.name,
            domain: company.domain,
            specialization: company.specialization,
            owner: company.owner_id,
            owner_username: company.owner_username,
            owner_email: company.owner_email,
            auto_assign_enabled: company.auto_assign_enabled,
            re_assign_enabled: company.re_assign_enabled,
            re_assign_hours: company.re_assign_hours,
            created_at: company.created_at,
            updated_at: company.updated_at,
        }
    }
}
