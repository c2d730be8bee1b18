//! The statuses of a company: where its clients stand, and what they weigh in the load of their assignee
//! (contract, section 2.11).

use crate::access::actor::Actor;
use crate::app::App;
use crate::clients::references::{other_company, require_free_name};
use crate::error::{Result, Thing};
use crate::patch::{needed, set, set_or_clear};
use tawzi_core::id::{CompanyId, StatusId};
use tawzi_core::status::StatusCategory;
use tawzi_core::text::{Colour, Notes, ShortName};
use tawzi_core::time::Timestamp;
use tawzi_store::{Status, TenantTx};

/// What is said about a status; what is `None` stays, or is what new ones have.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a status")]
pub struct StatusPatch {
    /// It can only be the company it is in.
    pub company: Option<CompanyId>,
    pub name: Option<ShortName>,
    pub description: Option<Option<Notes>>,
    pub category: Option<StatusCategory>,
    pub color: Option<Colour>,
    /// If it is the default, no other is.
    pub is_default: Option<bool>,
    pub is_hidden: Option<bool>,
    pub is_active: Option<bool>,
}

impl StatusPatch {
    fn new_row(self, at: Timestamp) -> Result<Status> {
        let name = needed("name", self.name.clone())?;
        let category = needed("category", self.category)?;
        let mut row = Status::new(name, category, at);
        self.apply(&mut row);
        Ok(row)
    }

    fn apply(self, row: &mut Status) {
        set(&mut row.name, self.name);
        set_or_clear(&mut row.description, self.description);
        set(&mut row.category, self.category);
        set(&mut row.color, self.color);
        set(&mut row.is_default, self.is_default);
        set(&mut row.is_hidden, self.is_hidden);
        set(&mut row.is_active, self.is_active);
    }
}

named_verbs! {
    Status with StatusId and StatusPatch, called Thing::Status;
    reads: status, status_named, page_of_statuses, count_statuses;
    writes: save_status;
    verbs: list_statuses, read_status, create_status, edit_status, delete_status;
    saved: saved;
    deleted: recount_loads;
}

async fn saved(tenant: &mut TenantTx<'_>, before: Option<&Status>, after: &Status) -> Result<()> {
    if after.is_default {
        tenant.clear_other_defaults(after.id).await?;
    }
    if before.is_some_and(|before| before.category != after.category) {
        tenant.recount_loads().await?;
    }
    Ok(())
}
