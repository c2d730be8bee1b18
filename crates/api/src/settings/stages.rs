//! The stages of a company's activities on clients.

use crate::wire::fields::request;
use serde::Serialize;
use tawzi_app::{Actor, Stage, StagePatch, Thing};
use tawzi_core::id::{CompanyId, StageId};
use tawzi_core::text::{Colour, Notes, ShortName};
use tawzi_core::time::Timestamp;
use utoipa::ToSchema;

/// A stage.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StageBody {
    id: StageId,
    name: String,
    #[schema(required)]
    description: Option<String>,
    color: String,
    required: bool,
    auto_advance: bool,
    /// Its place among the others.
    order: i64,
    company: CompanyId,
    #[schema(required)]
    company_name: Option<String>,
    is_active: bool,
    created_at: Timestamp,
    /// Lists go without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    updated_at: Option<Timestamp>,
}

request! {
    /// A stage.
    #[schema(examples(json!({"name": "First call", "color": "#2563eb", "company": 1})))]
    pub(crate) struct StageRequest for StagePatch {
        /// No other stage of the company has it.
        #[schema(min_length = 1, max_length = 255)]
        required name: ShortName;
        nullable description: Option<Notes>;
        #[schema(required = false, min_length = 1, max_length = 7, default = "#808080")]
        optional color: Colour;
        #[schema(required = false, default = false)]
        optional required: bool;
        #[schema(required = false, default = false)]
        optional auto_advance: bool;
        /// Its place; a new one comes last.
        #[schema(required = false, minimum = -2_147_483_648, maximum = 2_147_483_647)]
        optional order: i64 => position;
        /// The caller's own.
        required company: CompanyId;
        #[schema(required = false, default = true)]
        optional is_active: bool;
    }
}

setting_handlers! {
    StageRequest, StageBody, StageId, called Thing::Stage, in "stages";
    "/api/settings/stages/":
        /// Lists the stages of the company.
        list_stages,
        /// Creates a stage. Only administrators may.
        create_stage;
    "/api/settings/stages/{id}/":
        /// Shows a stage.
        read_stage,
        /// Changes a stage. Only administrators may.
        edit_stage,
        /// Deletes a stage. Only administrators may.
        delete_stage;
}

impl StageBody {
    fn new(actor: &Actor, stage: Stage) -> Self {
        Self {
            id: stage.id,
            name: stage.name,
            description: stage.description,
            color: stage.color,
            required: stage.required,
            auto_advance: stage.auto_advance,
            order: stage.position,
            company: stage.company_id,
            company_name: actor.company_name().map(str::to_owned),
            is_active: stage.is_active,
            created_at: stage.created_at,
            updated_at: Some(stage.updated_at),
        }
    }
}
