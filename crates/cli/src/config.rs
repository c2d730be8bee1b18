//! Opening the database that the command line names.

use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use tawzi_store::{DatabaseUrl, Db, Durability, SchemaState};

/// Where the data is when nothing else is said.
const DEFAULT: &str = "sqlite://tawzi.db";

/// The address that was given, or the default.
pub(crate) fn database_url(given: Option<&str>) -> anyhow::Result<DatabaseUrl> {
    Ok(given.unwrap_or(DEFAULT).parse()?)
}

/// Opens a database that is there and up to date.
pub(crate) async fn open_existing(url: &DatabaseUrl) -> anyhow::Result<Db> {
    if let Some(file) = url.file()
        && !file.exists()
    {
        bail!(
            "there is no database {url}; start one with `tawzi serve`, `tawzi company create` or \
             `tawzi import django`, or name another with --database"
        );
    }
    let db = Db::open(url, Durability::Full).await?;
    let state = db.schema_state().await?;
    if state == SchemaState::Empty {
        bail!("{url} is empty; run `tawzi migrate` first");
    }
    db.ensure_schema_from(state).await?;
    Ok(db)
}

/// Opens a database, and makes it when there is none.
pub(crate) async fn open_or_create(url: &DatabaseUrl) -> anyhow::Result<Db> {
    require_folder(url)?;
    let db = Db::open(url, Durability::Full).await?;
    db.ensure_schema().await?;
    Ok(db)
}

/// A new database goes into a folder that is there.
pub(crate) fn require_folder(url: &DatabaseUrl) -> anyhow::Result<()> {
    let folder = url.file().and_then(Path::parent);
    match folder {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            bail!("there is no folder {}; create it first", folder.display())
        }
        _ => Ok(()),
    }
}

/// Removes a new database file when what was to be put into it did not work out.
#[derive(Debug)]
pub(crate) struct NewFile(Option<PathBuf>);

impl NewFile {
    /// Remembers whether the file is there already; then it stays in any case.
    pub(crate) fn watch(url: &DatabaseUrl) -> Self {
        let file = url.file().filter(|file| !file.exists());
        Self(file.map(Path::to_owned))
    }

    /// Removes the file and its companions, if it was new. Every connection must be closed.
    pub(crate) fn remove(self) -> anyhow::Result<()> {
        let Some(file) = self.0 else { return Ok(()) };
        for suffix in ["", "-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(suffix);
            let path = PathBuf::from(name);
            if path.exists() {
                std::fs::remove_file(&path)
                    .with_context(|| format!("{} is incomplete; delete it", path.display()))?;
            }
        }
        Ok(())
    }
}
