//! The steps of the schema, a file for each engine in `migrations`.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::sync::LazyLock;

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

pub(super) static SQLITE: LazyLock<Migrator> = LazyLock::new(|| migrator(steps!("sqlite")));
pub(super) static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| migrator(steps!("postgres")));

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

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[tokio::test]
    async fn every_file_is_a_step_with_its_number() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        for (engine, steps) in [("sqlite", &SQLITE), ("postgres", &POSTGRES)] {
            let files = Migrator::new(folder.join(engine)).await.unwrap();

            assert!(files.iter().count() > 5, "{engine}");
            let described = |migrator: &Migrator| {
                let steps = migrator.iter();
                let step = |step: &Migration| {
                    let text = step.description.to_string();
                    (step.version, text, step.checksum.to_vec(), step.no_tx)
                };
                steps.map(step).collect::<Vec<_>>()
            };
            assert_eq!(described(steps), described(&files), "{engine}");
        }
    }
}
