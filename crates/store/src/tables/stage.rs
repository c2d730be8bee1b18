//! Stages of a company's client tasks.

use crate::db::engine::Reader;
use crate::db::sequence::Sequence;
use crate::db::tenant::{Tenant, TenantTx, ids_of};
use crate::error::Result;
use std::collections::BTreeSet;
use tawzi_core::id::{CompanyId, StageId};
use tawzi_core::time::Timestamp;

record! {
    /// A stage that an activity can be in.
    pub struct Stage {
        /// Its company.
        pub company_id: CompanyId,
        /// Its id.
        pub id: StageId,
        /// Its name.
        pub name: String,
        /// What it is for.
        pub description: Option<String>,
        /// Its colour, `#rrggbb`.
        pub color: String,
        /// A flag of the reference, without meaning here.
        pub required: bool,
        /// A flag of the reference, without meaning here.
        pub auto_advance: bool,
        /// Its place in lists.
        pub position: i64,
        /// Whether it is in use.
        pub is_active: bool,
        /// When it was created.
        pub created_at: Timestamp,
        /// When it was changed last.
        pub updated_at: Timestamp,
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

/// What a stage becomes.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of Stage")]
pub struct StageEdit<'a> {
    pub name: &'a str,
    pub description: Option<&'a str>,
    pub color: &'a str,
    pub required: bool,
    pub auto_advance: bool,
    pub position: i64,
    pub is_active: bool,
    pub updated_at: Timestamp,
}

/// The columns of a stage, by name: a server that runs goes on when a later version adds another.
macro_rules! columns {
    () => {
        "g.company_id, g.id, g.name, g.description, g.color, g.required, g.auto_advance,
         g.position, g.is_active, g.created_at, g.updated_at"
    };
}

statements! {
    READ_PAGE = [
        "SELECT " (TEXT columns) "
         FROM stage g
         WHERE g.company_id = $1
         ORDER BY g.position, g.name
         LIMIT $2 OFFSET $3"
    ];
    COUNT = ["SELECT COUNT(*) FROM stage WHERE company_id = $1"];
    READ_ONE = [
        "SELECT " (TEXT columns) " FROM stage g WHERE g.company_id = $1 AND g.id = $2"
    ];
    READ_MANY = ["SELECT " (TEXT columns) " FROM stage g WHERE g.id" IN_IDS];
    FIND = ["SELECT id FROM stage WHERE company_id = $1 AND name = $2"];
    NEXT_POSITION = ["SELECT COALESCE(MAX(position) + 1, 0) FROM stage WHERE company_id = $1"];
    EXISTS_ANYWHERE = ["SELECT 1 FROM stage WHERE id = $1 LIMIT 1"];
    INSERT = [
        "INSERT INTO stage (company_id, id, name, color, required, auto_advance, position,
             is_active, created_at, updated_at)
         VALUES ($1, $2, $3, '#808080', FALSE, FALSE, $4, TRUE, $5, $5)"
    ];
    SAVE = [
        "UPDATE stage
         SET name = $3, description = $4, color = $5, required = $6, auto_advance = $7,
             position = $8, is_active = $9, updated_at = $10
         WHERE company_id = $1 AND id = $2"
    ];
    TAKE_FROM_TASKS = [
        "UPDATE client_task SET stage_id = NULL WHERE company_id = $1 AND stage_id = $2"
    ];
    DELETE = ["DELETE FROM stage WHERE company_id = $1 AND id = $2"];
}

impl Reader {
    /// Those of the given stages that are in the given company.
    pub async fn stages_of(
        &mut self,
        wanted: &BTreeSet<(CompanyId, StageId)>,
    ) -> Result<Vec<Stage>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let found = fetch_all!(self, Stage, READ_MANY, &ids_of(wanted)?)?;
        let is_wanted = |stage: &Stage| wanted.contains(&(stage.company_id, stage.id));
        Ok(found.into_iter().filter(is_wanted).collect())
    }

    /// Whether any company has a stage with that id; see [`Reader::status_exists`].
    pub async fn stage_exists(&mut self, id: StageId) -> Result<bool> {
        Ok(fetch_optional!(self, (i32,), EXISTS_ANYWHERE, id.get())?.is_some())
    }
}

impl Tenant<'_> {
    /// A page of the stages, by position, then by name.
    pub async fn page_of_stages(&mut self, offset: i64, limit: i64) -> Result<Vec<Stage>> {
        let company = self.company().get();
        fetch_all!(self, Stage, READ_PAGE, company, limit, offset)
    }

    /// How many stages there are.
    pub async fn count_stages(&mut self) -> Result<i64> {
        let company = self.company().get();
        Ok(fetch_one!(self, (i64,), COUNT, company)?.0)
    }

    /// The stage with that id.
    pub async fn stage(&mut self, id: StageId) -> Result<Option<Stage>> {
        let company = self.company().get();
        fetch_optional!(self, Stage, READ_ONE, company, id.get())
    }

    /// The stage that has exactly that name.
    pub async fn stage_named(&mut self, name: &str) -> Result<Option<StageId>> {
        let company = self.company().get();
        let found = fetch_optional!(self, (i64,), FIND, company, name)?;
        Ok(found.map(|(id,)| StageId::new(id)))
    }

    /// The position behind all others; 0 is the first.
    pub async fn next_stage_position(&mut self) -> Result<i64> {
        let company = self.company().get();
        Ok(fetch_one!(self, (i64,), NEXT_POSITION, company)?.0)
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

    /// Saves what a stage becomes; [`crate::Error::Conflict`] when the name is taken.
    pub async fn save_stage(&mut self, id: StageId, edit: StageEdit<'_>) -> Result<()> {
        let company = self.company().get();
        execute!(
            self,
            SAVE,
            company,
            id.get(),
            edit.name,
            edit.description,
            edit.color,
            edit.required,
            edit.auto_advance,
            edit.position,
            edit.is_active,
            edit.updated_at.microseconds()
        )?;
        Ok(())
    }

    /// Deletes the stage; the activities that were in it are in none. [`crate::Error::Conflict`]
    /// when an activity gets the stage at the same moment.
    pub async fn delete_stage(&mut self, id: StageId) -> Result<()> {
        let company = self.company().get();
        execute!(self, TAKE_FROM_TASKS, company, id.get())?;
        execute!(self, DELETE, company, id.get())?;
        Ok(())
    }
}
