//! `tawzi backup`

use crate::output;
use anyhow::bail;
use std::path::Path;
use tawzi_app::App;
use tawzi_store::EngineKind;

pub(super) async fn run(app: &App, file: &Path) -> anyhow::Result<()> {
    if file.exists() {
        bail!("{} is already there; name a new file", file.display());
    }
    app.db().back_up(file).await?;
    let restore = match app.db().url().engine() {
        EngineKind::Sqlite => "use it with --database sqlite://FILE",
        EngineKind::Postgres => "read it back with `pg_restore --dbname NEW_DATABASE FILE`",
    };
    output::line(format!(
        "Copied {} to {}; {restore}.",
        app.db().url(),
        file.display()
    ))
}
