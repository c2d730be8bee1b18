//! Stages of a company's client tasks.

use crate::engine::Reader;
use crate::error::Result;
use crate::sequence::Sequence;
use crate::tenant::{Tenant, TenantTx};
use tawzi_core::id::StageId;
use tawzi_core::time::Timestamp;

record! {
    /// A stage that an activity can be in.
    pub struct Stage {
        /// Its id.
        pub id: StageId,
        /// Its name.
        pub name: String,
    }
}

/// A stage to be created.
#[derive(Clone, Copy, Debug)]
pub struct NewStage<'a> {
    /// Its name, which no other stage of the company may have.
    pub name: &'a str,
    /// Its place in lists.
    pub position: i64,
}

statements! {
    READ_ONE = ["SELECT id, name FROM stage WHERE company_id = $1 AND id = $2"];
    EXISTS_ANYWHERE = ["SELECT 1 FROM stage WHERE id = $1 LIMIT 1"];
    INSERT = [
        "INSERT INTO stage (company_id, id, name, color, required, auto_advance, position,
             is_active, created_at, updated_at)
         VALUES ($1, $2, $3, '#808080', FALSE, FALSE, $4, TRUE, $5, $5)"
    ];
}

impl Reader {
    /// Whether any company has a stage with that id; see [`Reader::status_exists`].
    pub async fn stage_exists(&mut self, id: StageId) -> Result<bool> {
        Ok(fetch_optional!(self, (i32,), EXISTS_ANYWHERE, id.get())?.is_some())
    }
}

impl Tenant<'_> {
    /// The stage with that id.
    pub async fn stage(&mut self, id: StageId) -> Result<Option<Stage>> {
        let company = self.company().get();
        fetch_optional!(self, Stage, READ_ONE, company, id.get())
    }
}

impl TenantTx<'_> {
    /// Creates a stage; [`crate::Error::Conflict`] when the name is taken.
    pub async fn create_stage(&mut self, new: NewStage<'_>, at: Timestamp) -> Result<StageId> {
        let company = self.company().get();
        let id = self.take_id(Sequence::Stage).await?;
        execute!(
            self,
            INSERT,
            company,
            id,
            new.name,
            new.position,
            at.microseconds()
        )?;
        Ok(StageId::new(id))
    }
}
