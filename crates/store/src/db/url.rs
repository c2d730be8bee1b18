//! Where a database is: parsed once, shown without its password.

use crate::db::engine::kind::{EngineKind, postgres_options};
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Where a database is: `sqlite://FILE` or `postgres://…`.
#[derive(Clone)]
pub struct DatabaseUrl(pub(crate) Place);

/// What the driver is to open; with the password, so for the driver alone.
#[derive(Clone)]
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.contains(":memory:") {
                return Err(bad_url(url, "name a file, such as sqlite://tawzi.db"));
            }
            return Ok(Self(Place::Sqlite(PathBuf::from(path))));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            postgres_options(url)
                .map_err(|problem| bad_url(&without_password(url), &problem.to_string()))?;
            return Ok(Self(Place::Postgres(url.to_owned())));
        }
        Err(bad_url(
            &without_password(url),
            "a database is named as sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/NAME",
        ))
    }
}

impl std::fmt::Display for DatabaseUrl {
    /// The address without its password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Place::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Place::Postgres(url) => f.write_str(&without_password(url)),
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    /// Without its password, too: whoever writes a database to the log writes this.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl DatabaseUrl {
    /// The engine it names.
    pub const fn engine(&self) -> EngineKind {
        match self.0 {
            Place::Sqlite(_) => EngineKind::Sqlite,
            Place::Postgres(_) => EngineKind::Postgres,
        }
    }

    /// The file of a `SQLite` database.
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Place::Sqlite(path) => Some(path),
            Place::Postgres(_) => None,
        }
    }

    /// Whether a password is part of the address.
    pub fn holds_password(&self) -> bool {
        self.password().is_some()
    }

    /// The files of a `SQLite` database: its own, and the companions that it has while it is open.
    pub fn files(&self) -> Vec<PathBuf> {
        let file = self.file().map(Path::as_os_str);
        let companion = |suffix: &str| {
            let mut name = file?.to_owned();
            name.push(suffix);
            Some(PathBuf::from(name))
        };
        ["", "-wal", "-shm"]
            .into_iter()
            .filter_map(companion)
            .collect()
    }

    /// The password, for handing to a tool of the engine.
    pub(crate) fn password(&self) -> Option<String> {
        let Place::Postgres(url) = &self.0 else {
            return None;
        };
        let (_, rest) = url.split_once("://")?;
        let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let parameter = parameters
            .split('&')
            .find_map(|parameter| parameter.strip_prefix("password="));
        let before_host = || {
            let (user, _) = place.split('/').next()?.rsplit_once('@')?;
            user.split_once(':').map(|(_, password)| password)
        };
        let password = parameter.or_else(before_host)?;
        let decoded = percent_encoding::percent_decode_str(password).decode_utf8_lossy();
        Some(decoded.into_owned())
    }
}

fn bad_url(url: &str, problem: &str) -> Error {
    Error::BadUrl {
        url: url.to_owned(),
        problem: problem.to_owned(),
    }
}

/// The address without its password, which stands before the last `@` or among the parameters. When
/// in doubt, too much is left out.
fn without_password(url: &str) -> String {
    let (scheme, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), url),
    };
    let shown = match rest.rsplit_once('@') {
        Some((user, place)) => {
            let name = user.split(':').next().unwrap_or_default();
            format!("{name}@{place}")
        }
        None => rest.to_owned(),
    };
    let shown = match shown.split_once("password=") {
        Some((before, password)) => {
            let others = password.split_once('&').map_or("", |(_, others)| others);
            format!("{before}{others}")
        }
        None => shown,
    };
    format!("{scheme}{}", shown.trim_end_matches(['?', '&']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_handed_over_wherever_it_stands() {
        for (url, password) in [
            ("postgres://ali:s3%20cr%40et@db/crm", Some("s3 cr@et")),
            (
                "postgres://ali@db/crm?sslmode=disable&password=s3",
                Some("s3"),
            ),
            ("postgres://ali@db/crm", None),
            ("sqlite://ali:s3@crm.db", None),
        ] {
            let url = DatabaseUrl::from_str(url).unwrap();

            assert_eq!(url.password().as_deref(), password, "{url}");
            assert!(!format!("{url:?} {url}").contains(":s3%20"), "{url}");
            assert!(!format!("{url:?} {url}").contains("=s3"), "{url}");
        }
    }
}
