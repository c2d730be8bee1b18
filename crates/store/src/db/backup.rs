//! A copy of the whole database in one file, made while it is in use.

use crate::db::dialect::Sql;
use crate::db::engine::{Db, EngineKind};
use crate::error::{Error, Result};
use crate::private_file::PrivateFile;
use std::path::Path;

/// `SQLite` alone copies itself; `PostgreSQL` has a program for it.
pub(crate) const VACUUM_INTO: Sql = Sql {
    postgres: "SELECT CAST($1 AS TEXT)",
    sqlite: "VACUUM INTO $1",
};

impl Db {
    /// Writes the database to a file that must not exist yet, and that nobody else can read. A `SQLite` database
    /// becomes another `SQLite` file; a `PostgreSQL` one becomes what `pg_restore` reads.
    pub async fn back_up(&self, file: &Path) -> Result<()> {
        let cannot_create = |source| Error::File {
            what: format!("{} could not be created", file.display()),
            source,
        };
        let copy = PrivateFile::to_become(file).map_err(cannot_create)?;
        match self.url().engine() {
            EngineKind::Sqlite => self.vacuum_into(copy.path()).await?,
            EngineKind::Postgres => self.pg_dump(copy.path())?,
        }
        copy.keep().map_err(cannot_create)
    }

    async fn vacuum_into(&self, file: &Path) -> Result<()> {
        let mut connection = self.writer_outside_transaction().await?;
        execute!(connection, VACUUM_INTO, file.to_string_lossy().into_owned())
    }

    fn pg_dump(&self, file: &Path) -> Result<()> {
        let failed = |what: &str, source| Error::File {
            what: what.to_owned(),
            source,
        };
        let mut command = std::process::Command::new("pg_dump");
        command
            .arg("--format=custom")
            .arg("--no-password")
            .arg("--file")
            .arg(file)
            .arg("--dbname")
            .arg(self.url().to_string());
        // Other users can read a command's arguments, but not its environment.
        if let Some(password) = self.url().password() {
            command.env("PGPASSWORD", password);
        }
        let output = command.output().map_err(|source| {
            failed(
                "pg_dump could not be started; install PostgreSQL's client programs",
                source,
            )
        })?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(failed("pg_dump failed", std::io::Error::other(said)))
    }
}
