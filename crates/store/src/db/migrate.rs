//! The schema: which version a database has, and bringing it up to date.

use crate::db::dialect::Sql;
use crate::db::engine::{Db, EngineKind, Reader};
use crate::error::{Error, Result};
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::sync::LazyLock;

/// How a database's schema stands to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// There is no schema yet.
    Empty,
    /// Some migrations are missing.
    Behind {
        /// The version it has.
        applied: i64,
        /// The version this program needs.
        newest: i64,
    },
    /// It is what this program needs.
    Current(i64),
    /// It was made by a newer program.
    Ahead {
        /// The version it has.
        applied: i64,
        /// The version this program needs.
        newest: i64,
    },
    /// There are tables, but not ours.
    Foreign,
}

/// Whether the table of migrations is there, and whether any other table is.
pub(crate) const TABLES: Sql = Sql {
    postgres: "SELECT COUNT(*) FILTER (WHERE relname = '_sqlx_migrations'), COUNT(*) \
               FROM pg_class \
               WHERE relnamespace = to_regnamespace(quote_ident(current_schema())) \
                   AND relkind IN ('r', 'p')",
    sqlite: "SELECT COUNT(*) FILTER (WHERE name = '_sqlx_migrations'), COUNT(*) \
             FROM sqlite_master WHERE type = 'table'",
};

pub(crate) const APPLIED: Sql = sql!("SELECT MAX(version) FROM _sqlx_migrations WHERE success");

/// `PostgreSQL` always works like that.
const WRITE_AHEAD: Sql = Sql {
    postgres: "SELECT 'wal'",
    sqlite: "PRAGMA journal_mode = WAL",
};

/// One program at a time brings a schema up to date: its steps are separate transactions, and what
/// lies between them is no state to judge. `SQLite` programs race instead, see [`Db::migrate`].
pub(crate) const TAKE_TURN: Sql = Sql {
    postgres: "SELECT pg_advisory_lock(7283946150)",
    sqlite: "SELECT 1",
};

/// Lets the next one.
pub(crate) const END_TURN: Sql = Sql {
    postgres: "SELECT pg_advisory_unlock(7283946150)",
    sqlite: "SELECT 1",
};

impl Db {
    /// How the schema stands.
    pub async fn schema_state(&self) -> Result<SchemaState> {
        // It is connected already.
        let mut reader = self.writer_outside_transaction().await?;
        let (ours, tables): (i64, i64) = fetch!(reader, TABLES)?;
        if ours == 0 {
            return Ok(if tables == 0 {
                SchemaState::Empty
            } else {
                SchemaState::Foreign
            });
        }
        let (applied,): (Option<i64>,) = fetch!(reader, APPLIED)?;
        let newest = self.migrator().iter().map(|m| m.version).max().unwrap_or(0);
        Ok(match applied {
            None => SchemaState::Empty,
            Some(applied) if applied < newest => SchemaState::Behind { applied, newest },
            Some(applied) if applied > newest => SchemaState::Ahead { applied, newest },
            Some(applied) => SchemaState::Current(applied),
        })
    }

    /// Brings the schema up to date and says how it stood before.
    ///
    /// `Err` when the database belongs to something else or to a newer program.
    pub async fn migrate(&self) -> Result<SchemaState> {
        let before = self.schema_state().await?;
        if matches!(before, SchemaState::Ahead { .. } | SchemaState::Foreign) {
            return Err(self.refuse(before));
        }
        self.let_readers_beside_the_writer().await?;
        if matches!(before, SchemaState::Empty | SchemaState::Behind { .. }) {
            let turn = self.take_turn().await?;
            let outcome = self.take_steps(before).await;
            end_turn(turn).await?;
            outcome?;
        }
        self.fold_clients().await?;
        self.fill_login_keys().await?;
        Ok(before)
    }

    async fn take_turn(&self) -> Result<Reader> {
        let mut turn = self.read().await?;
        turn.connection().rows(query!(TAKE_TURN)).await?;
        Ok(turn)
    }

    async fn take_steps(&self, mut stood: SchemaState) -> Result<()> {
        if stood != SchemaState::Empty {
            self.require_distinct_logins().await?;
        }
        loop {
            let Err(error) = self.run_migrations(self.migrator()).await else {
                return Ok(());
            };
            // Programs that start together on SQLite race for each step; the loser of one goes on
            // from where the winner is.
            match self.schema_state().await? {
                SchemaState::Current(_) => return Ok(()),
                now if now != stood => stood = now,
                _ => return Err(Error::Migrate(error)),
            }
        }
    }

    /// Makes sure that the schema fits: a new database gets one, and so does an older `SQLite`
    /// file; an older `PostgreSQL` is left to its administrator.
    pub async fn ensure_schema(&self) -> Result<()> {
        self.ensure_schema_from(self.schema_state().await?).await
    }

    /// Makes sure that the schema fits, when it was just found in that state.
    pub async fn ensure_schema_from(&self, state: SchemaState) -> Result<()> {
        self.ensure_version(state).await?;
        // A program of an older version may have written some since the last time.
        self.fold_clients().await?;
        self.fill_login_keys().await
    }

    async fn ensure_version(&self, state: SchemaState) -> Result<()> {
        match (state, self.url().engine()) {
            (SchemaState::Current(_), EngineKind::Postgres) => Ok(()),
            (SchemaState::Current(_), EngineKind::Sqlite) => {
                self.let_readers_beside_the_writer().await
            }
            (SchemaState::Empty, _) | (SchemaState::Behind { .. }, EngineKind::Sqlite) => {
                self.migrate().await.map(drop)
            }
            (SchemaState::Behind { .. }, EngineKind::Postgres) => {
                // Another program may be in the middle of making it.
                end_turn(self.take_turn().await?).await?;
                match self.schema_state().await? {
                    SchemaState::Current(_) => Ok(()),
                    state => Err(self.refuse(state)),
                }
            }
            (state, _) => Err(self.refuse(state)),
        }
    }

    /// Done only once the database is known to be ours: the file remembers it.
    async fn let_readers_beside_the_writer(&self) -> Result<()> {
        let mut connection = self.writer_outside_transaction().await?;
        execute!(connection, WRITE_AHEAD)
    }

    fn refuse(&self, state: SchemaState) -> Error {
        let url = self.url();
        Error::Schema(match state {
            SchemaState::Behind { applied, newest } => format!(
                "{url} has schema version {applied}, this program needs {newest}; run `tawzi migrate` first"
            ),
            SchemaState::Ahead { applied, newest } => format!(
                "{url} has schema version {applied}, this program knows {newest}; use a newer tawzi"
            ),
            _ => format!(
                "{url} holds tables that are not Tawzi's; name another database, or import this one \
                 with `tawzi import django`"
            ),
        })
    }

    fn migrator(&self) -> &'static Migrator {
        match self.url().engine() {
            EngineKind::Sqlite => &SQLITE,
            EngineKind::Postgres => &POSTGRES,
        }
    }
}

async fn end_turn(mut turn: Reader) -> Result<()> {
    turn.connection().rows(query!(END_TURN)).await?;
    Ok(())
}

/// The steps in their order, each with what it does on that engine. A new one is written here, too.
macro_rules! steps {
    ($engine:literal) => {
        steps!(
            $engine:
            "0001_foundation",
            "0002_sign_in",
            "0003_people",
            "0004_moves_of_sweeps",
            "0005_api_keys",
            "0006_unique_phones",
            "0007_photos",
            "0008_client_lists",
            "0009_assignment_version",
            "0010_callers_by_version",
            "0011_nothing_remembered",
            "0012_kept_reasons",
            "0013_repetitions",
            "0014_found_by",
            "0015_waiting",
            "0016_clocks_of_workers",
            "0017_token_versions",
            "0018_code_requests",
            "0019_login_keys",
            "0020_plans",
            "0021_mail_codes",
            "0022_audit",
        )
    };
    ($engine:literal: $($name:literal,)+) => {
        &[$((
            $name,
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/migrations/", $engine, "/", $name, ".sql"
            )),
        )),+]
    };
}

static SQLITE: LazyLock<Migrator> = LazyLock::new(|| migrator(steps!("sqlite")));
static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| migrator(steps!("postgres")));

fn migrator(steps: &[(&str, &'static str)]) -> Migrator {
    let migrations = (1..).zip(steps).map(|(version, &(name, sql))| {
        let description = name.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic());
        Migration::new(
            version,
            description.replace('_', " ").into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}
