//! The key that tokens are signed with: configured, or made once and kept in a file that only its
//! owner can read.

use anyhow::{Context, bail};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use tawzi_app::Keys;
use tawzi_store::{DatabaseUrl, PrivateFile};

/// How many characters a key must have, and how many of them that are not the one before or beside it.
const SHORTEST: usize = 16;
const FEWEST_SURPRISES: usize = 8;

/// How to make a key.
const MAKE: &str = "make one with `openssl rand -base64 48`";

/// The keys from `TAWZI_SECRET_KEY`, or from the file beside the database, which is made at the
/// first start.
pub(crate) fn keys(database: &DatabaseUrl) -> anyhow::Result<Keys> {
    if let Some(secret) = std::env::var_os("TAWZI_SECRET_KEY") {
        let secret = secret.into_encoded_bytes();
        if secret.len() < SHORTEST {
            bail!("TAWZI_SECRET_KEY is too short; use at least {SHORTEST} characters, or {MAKE}");
        }
        if is_easy_to_guess(&secret) {
            bail!("TAWZI_SECRET_KEY is easy to guess; {MAKE}");
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
    let file = file.display();
    if secret.len() < SHORTEST {
        bail!("{file} holds no key; delete it, and a new one is made");
    }
    if is_easy_to_guess(secret.as_bytes()) {
        bail!("the key in {file} is easy to guess; delete it, and a new one is made");
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

/// Whether a key, however long, is a short text again and again, has few different characters, or is a row as on a
/// keyboard of digits.
fn is_easy_to_guess(secret: &[u8]) -> bool {
    let text = secret.trim_ascii();
    let repeats = |length: &usize| text.iter().zip(&text[*length..]).all(|(a, b)| a == b);
    let without_repetition = (1..text.len()).find(repeats).unwrap_or(text.len());
    let text = &text[..without_repetition];
    let different: BTreeSet<_> = text.iter().collect();
    let surprises = text.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) > 1);
    without_repetition < SHORTEST
        || different.len() < FEWEST_SURPRISES
        || surprises.count() < FEWEST_SURPRISES
}

/// The key in the file; `None` when there is no file.
fn read(file: &Path) -> anyhow::Result<Option<String>> {
    let cannot_read = || format!("{} cannot be read", file.display());
    let mut open = match File::open(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        open => open.with_context(cannot_read)?,
    };
    let metadata = open.metadata().with_context(cannot_read)?;
    if !metadata.is_file() {
        bail!(
            "{} is no file; set TAWZI_SECRET_KEY instead",
            file.display()
        );
    }
    let owners = [0, rustix::process::geteuid().as_raw()];
    if metadata.mode() & 0o077 != 0 || !owners.contains(&metadata.uid()) {
        bail!(
            "other users of this machine may read or write {0}, so that somebody may know the key or have chosen it; delete \
             the file, and a new key is made, or, if nobody else can have had it, type `chmod 600 {0}`",
            file.display()
        );
    }
    let mut secret = String::new();
    open.read_to_string(&mut secret).with_context(cannot_read)?;
    Ok(Some(secret.trim().to_owned()))
}

/// Makes the file whole or not at all, so that two servers that start together share one key.
fn make(file: &Path) -> anyhow::Result<()> {
    let [high, low]: [u128; 2] = rand::random();
    let write = || {
        let mut new = PrivateFile::to_become(file)?;
        writeln!(new.file(), "{high:032x}{low:032x}")?;
        new.keep()
    };
    match write() {
        // Another server was first; its key is ours.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.with_context(|| {
            let file = file.display();
            format!("{file} cannot be written; set TAWZI_SECRET_KEY instead")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_what_comes_to_mind_first() {
        for weak in [
            "aaaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
            "0000000000000000",
            "0123456789012345",
            "abcdefghijklmnopqrstuvwxyz",
            "passwordpasswordpassword",
            "abababababababababab",
            "a1a1a1a1a1b2b2b2b2b2",
            "                    ",
        ] {
            assert!(is_easy_to_guess(weak.as_bytes()), "{weak}");
        }
        for good in [
            "9b1d0f6c2e7a4853b6f1c0d2e3a49587",
            "check-key-0123456789",
            "a key for tests that is long enough",
            "x7#Kq9!mZ2$vB5^n",
            "مفتاح سرّي طويل جدا",
        ] {
            assert!(!is_easy_to_guess(good.as_bytes()), "{good}");
        }
    }
}
