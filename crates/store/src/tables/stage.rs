//! Stages of a company's client tasks.

use tawzi_core::id::{CompanyId, StageId};
use tawzi_core::time::Timestamp;

row! {
    /// A stage that an activity can be in.
    pub struct Stage {
        /// Its company.
        pub company_id: CompanyId,
        /// Its id.
        pub id: StageId,
        /// Its name, which no other stage of the company has.
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

impl Stage {
    /// One that is to be created, with what the reference gives it when nothing else is said.
    pub fn new(name: impl Into<String>, position: i64, at: Timestamp) -> Self {
        Self {
            company_id: CompanyId::new(0),
            id: StageId::new(0),
            name: name.into(),
            description: None,
            color: "#808080".to_owned(),
            required: false,
            auto_advance: false,
            position,
            is_active: true,
            created_at: at,
            updated_at: at,
        }
    }
}

named_table! {
    Stage with StageId in "stage" ordered by "t.position, t.name", which "client_task" has as "stage_id";
    columns: name 3, description 4, color 5, required 6, auto_advance 7, position 8, is_active 9;
    at 10;
    reads: stage, stage_named, page_of_stages, count_stages, stages_of, stage_id_given;
    writes: create_stage, save_stage, delete_stage;
    impl Tenant<'_> {
        /// The position behind all others; 0 is the first.
        pub fn next_stage_position() -> i64 {
            "SELECT COALESCE(MAX(position) + 1, 0) FROM stage WHERE company_id = $1"
        }
    }
}
