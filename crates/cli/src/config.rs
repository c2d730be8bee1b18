//! Opening the database that the command line names.

use crate::output;
use anyhow::{Context, bail};
use std::path::Path;
use tawzi_app::open_to_others;
use tawzi_store::{DatabaseUrl, Db, Durability, SchemaState};

/// Where the data is when nothing else is said.
pub(crate) const DEFAULT: &str = "sqlite://tawzi.db";

/// Names a file that holds the address of the database, for those that have a password in it.
const URL_FILE: &str = "TAWZI_DATABASE_URL_FILE";

/// The address that was given, the one in the file that the environment names, or that one.
pub(crate) fn database_url(given: Option<&str>, default: &str) -> anyhow::Result<DatabaseUrl> {
    match (given, std::env::var_os(URL_FILE)) {
        (Some(given), _) => Ok(given.parse()?),
        (None, Some(file)) if !file.is_empty() => Ok(address_in(Path::new(&file))?.parse()?),
        _ => Ok(default.parse()?),
    }
}

/// The address of a database in a file of its own.
pub(crate) fn address_in(file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("{} cannot be read", file.display()))?;
    match text.trim() {
        "" => bail!(
            "{} is empty; write the address of a database into it",
            file.display()
        ),
        address => Ok(address.to_owned()),
    }
}

/// Says that an argument with a password is seen by every user of the machine.
pub(crate) fn warn_of_passwords_in_arguments() {
    let tells = |argument: &str| {
        let value = match argument
            .strip_prefix("--")
            .and_then(|option| option.split_once('='))
        {
            Some((_, value)) => value,
            None => argument,
        };
        value
            .parse()
            .is_ok_and(|url: DatabaseUrl| url.holds_password())
    };
    if std::env::args_os().any(|argument| argument.to_str().is_some_and(tells)) {
        output::note(
            "warning: other users of this machine can read the password among the arguments of this program; name the \
             database by TAWZI_DATABASE_URL or TAWZI_DATABASE_URL_FILE, what is imported by TAWZI_DJANGO_URL or --from-file, \
             or keep the password in a file for PostgreSQL (PGPASSFILE)",
        );
    }
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

/// Says so in the log when the data is not as private as it should be.
fn warn_of_open_files(url: &DatabaseUrl) {
    if let Some(sentence) = open_to_others(url) {
        tracing::warn!("{sentence}");
    }
}

/// Opens a database, and makes it when there is none.
pub(crate) async fn open_or_create(url: &DatabaseUrl) -> anyhow::Result<Db> {
    require_folder(url)?;
    let db = Db::open(url, Durability::Full).await?;
    db.ensure_schema().await?;
    warn_of_open_files(url);
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
pub(crate) struct NewFile(Option<DatabaseUrl>);

impl NewFile {
    /// Remembers whether the file is there already; then it stays in any case.
    pub(crate) fn watch(url: &DatabaseUrl) -> Self {
        let is_new = url.file().is_some_and(|file| !file.exists());
        Self(is_new.then(|| url.clone()))
    }

    /// Removes the file and its companions, if it was new. Every connection must be closed.
    pub(crate) fn remove(self) -> anyhow::Result<()> {
        for path in self.0.iter().flat_map(DatabaseUrl::files) {
            if path.exists() {
                std::fs::remove_file(&path)
                    .with_context(|| format!("{} is incomplete; delete it", path.display()))?;
            }
        }
        Ok(())
    }
}
