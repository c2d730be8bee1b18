//! The key that tokens are signed with: configured, or made once and kept in a file that only its
//! owner can read.

use anyhow::{Context, bail};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use tawzi_app::Keys;
use tawzi_store::DatabaseUrl;

/// The shortest key that is accepted from the environment.
const SHORTEST: usize = 16;

/// The keys from `TAWZI_SECRET_KEY`, or from the file beside the database, which is made at the
/// first start.
pub(crate) fn keys(database: &DatabaseUrl) -> anyhow::Result<Keys> {
    if let Some(secret) = std::env::var_os("TAWZI_SECRET_KEY") {
        let secret = secret.into_encoded_bytes();
        if secret.len() < SHORTEST {
            bail!("TAWZI_SECRET_KEY is too short; use at least {SHORTEST} characters, better 50");
        }
        return Ok(Keys::new(&secret));
    }
    let file = secret_file(database);
    let secret = if let Some(secret) = read(&file)? {
        secret
    } else {
        make(&file)?;
        read(&file)?.with_context(|| format!("{} vanished", file.display()))?
    };
    if secret.len() < SHORTEST {
        bail!(
            "{} holds no key; delete it, and a new one is made",
            file.display()
        );
    }
    Ok(Keys::new(secret.as_bytes()))
}

/// `tawzi.secret` for `tawzi.db`, in the same folder; in the working directory for a server.
fn secret_file(database: &DatabaseUrl) -> PathBuf {
    match database.file() {
        Some(file) => file.with_extension("secret"),
        None => PathBuf::from("tawzi.secret"),
    }
}

fn read(file: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read_to_string(file) {
        Ok(secret) => Ok(Some(secret.trim().to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

/// Makes the file whole or not at all, so that two servers that start together share one key.
fn make(file: &Path) -> anyhow::Result<()> {
    let [high, low]: [u128; 2] = rand::random();
    let secret = format!("{high:032x}{low:032x}");
    let draft = file.with_extension(format!("secret.{}", std::process::id()));
    let write = || -> std::io::Result<()> {
        let mut draft: File = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)?;
        writeln!(draft, "{secret}")?;
        draft.sync_all()
    };
    let made = write().and_then(|()| match std::fs::hard_link(&draft, file) {
        // Another server was first; its key is ours.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        result => result,
    });
    // The link, if it was made, stays.
    drop(std::fs::remove_file(&draft));
    made.with_context(|| {
        format!(
            "{} cannot be written; set TAWZI_SECRET_KEY instead",
            file.display()
        )
    })
}
