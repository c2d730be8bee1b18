//! `tawzi backup`

use crate::output;
use anyhow::bail;
use std::path::Path;
use std::process::ExitCode;
use tawzi_store::{Db, EngineKind};

pub(super) async fn run(db: &Db, file: &Path) -> anyhow::Result<ExitCode> {
    if file.exists() {
        bail!("{} is already there; name a new file", file.display());
    }
    db.back_up(file).await?;
    let restore = match db.url().engine() {
        EngineKind::Sqlite => "use it with --database sqlite://FILE",
        EngineKind::Postgres => "read it back with `pg_restore --dbname NEW_DATABASE FILE`",
    };
    output::line(format!(
        "Copied {} to {}; {restore}.",
        db.url(),
        file.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
