//! The stages of a company's activities on clients.

use crate::wire::answer::answer;
use crate::wire::caller::{Administrator, Subscriber};
use crate::wire::fields::request;
use crate::wire::operations::operations;
use tawzi_app::{Actor, Stage, StagePatch};
use tawzi_core::id::{CompanyId, StageId};
use tawzi_core::text::{Colour, Notes, ShortName};
use tawzi_core::time::Timestamp;

answer! {
    /// A stage.
    pub(crate) struct StageBody of stage: Stage, reader: &Actor {
        always id: StageId;
        always name: String;
        nullable description: String;
        always color: String;
        always required: bool;
        always auto_advance: bool;
        /// Its place among the others.
        always order: i64 = stage.position;
        always company: CompanyId = stage.company_id;
        nullable company_name: String = reader.company_name().map(str::to_owned);
        always is_active: bool;
        always created_at: Timestamp;
        /// Lists go without it.
        perhaps updated_at: Timestamp = Some(stage.updated_at);
    }
}

request! {
    /// A stage.
    #[schema(examples(json!({"name": "First call", "color": "#2563eb", "company": 1})))]
    pub(crate) struct StageRequest for StagePatch {
        /// No other stage of the company has it.
        #[schema(min_length = 1, max_length = 255)]
        required name: ShortName;
        #[schema(max_length = 10_000)]
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

operations! {
    in "stages", each a StageId, answering StageBody by StageBody::new;

    /// Lists the stages of the company.
    list at "/api/settings/stages/" for Subscriber calls list_stages, without updated_at;
    /// Creates a stage. Only administrators may.
    create at "/api/settings/stages/" for Administrator of StageRequest calls create_stage;
    /// Shows a stage.
    read at "/api/settings/stages/{id}/" for Subscriber calls read_stage;
    /// Changes a stage. Only administrators may.
    edit at "/api/settings/stages/{id}/" for Administrator of StageRequest calls edit_stage;
    /// Deletes a stage. Only administrators may.
    delete at "/api/settings/stages/{id}/" for Administrator calls delete_stage;
}
