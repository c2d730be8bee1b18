//! The stages of a company: where its activities on clients stand (contract, section 2.11).

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::references::{other_company, require_free_name};
use crate::error::{Result, Thing};
use crate::patch::{needed, set, set_or_clear};
use tawzi_core::id::{CompanyId, StageId};
use tawzi_core::text::{Colour, Notes, ShortName};
use tawzi_core::time::Timestamp;
use tawzi_store::{Stage, TenantTx};

/// What is said about a stage; what is `None` stays, or is what new ones have.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a stage")]
pub struct StagePatch {
    /// It can only be the company it is in.
    pub company: Option<CompanyId>,
    pub name: Option<ShortName>,
    pub description: Option<Option<Notes>>,
    pub color: Option<Colour>,
    pub required: Option<bool>,
    pub auto_advance: Option<bool>,
    /// A new stage goes behind all others, whatever it says.
    pub position: Option<i64>,
    pub is_active: Option<bool>,
}

impl StagePatch {
    fn new_row(self, at: Timestamp) -> Result<Stage> {
        let name = needed("name", self.name.clone())?;
        let mut row = Stage::new(name, 0, at);
        self.apply(&mut row);
        Ok(row)
    }

    fn apply(self, row: &mut Stage) {
        set(&mut row.name, self.name);
        set_or_clear(&mut row.description, self.description);
        set(&mut row.color, self.color);
        set(&mut row.required, self.required);
        set(&mut row.auto_advance, self.auto_advance);
        set(&mut row.position, self.position);
        set(&mut row.is_active, self.is_active);
    }
}

named_verbs! {
    Stage with StageId and StagePatch, called Thing::Stage;
    reads: stage, stage_named, page_of_stages, count_stages;
    writes: save_stage;
    verbs: list_stages, read_stage, create_stage, edit_stage, delete_stage;
    new: behind_all_others;
}

async fn behind_all_others(tenant: &mut TenantTx<'_>, row: Stage) -> Result<Stage> {
    let position = tenant.next_stage_position().await?;
    Ok(Stage { position, ..row })
}
