//! `tawzi migrate`

use crate::config::require_folder;
use crate::output;
use anyhow::bail;
use tawzi_store::{DatabaseUrl, Db, Durability, SchemaState};

pub(super) async fn run(url: &DatabaseUrl, check: bool) -> anyhow::Result<()> {
    if check {
        return report(url).await;
    }
    require_folder(url)?;
    let db = Db::open(url, Durability::Full).await?;
    let before = db.migrate().await?;
    let after = db.schema_state().await?;
    output::line(match (before, after) {
        (SchemaState::Current(version), _) => {
            format!("{url} is up to date (schema version {version}).")
        }
        (_, SchemaState::Current(version)) => {
            format!("{url} now has schema version {version}.")
        }
        (_, state) => format!("{url} is not up to date: {state:?}"),
    })?;
    db.close().await;
    Ok(())
}

async fn report(url: &DatabaseUrl) -> anyhow::Result<()> {
    let missing = url.file().is_some_and(|file| !file.exists());
    let state = if missing {
        SchemaState::Empty
    } else {
        let db = Db::open(url, Durability::Full).await?;
        let state = db.schema_state().await;
        db.close().await;
        state?
    };
    match state {
        SchemaState::Current(version) => {
            output::line(format!("{url} is up to date (schema version {version})."))
        }
        SchemaState::Empty => bail!("{url} has no schema yet; run `tawzi migrate`"),
        SchemaState::Behind { applied, newest } => {
            bail!("{url} has schema version {applied} of {newest}; run `tawzi migrate`")
        }
        SchemaState::Ahead { applied, newest } => bail!(
            "{url} has schema version {applied}, this program knows {newest}; use a newer tawzi"
        ),
        SchemaState::Foreign => {
            bail!("{url} holds tables that are not Tawzi's; name another database")
        }
    }
}
