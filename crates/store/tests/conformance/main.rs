//! Every function of the store, on both engines: what holds on one must hold on the other.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// Makes two tests of each function, one on each engine, with a new database of its own.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                let store = crate::database::TestDb::new(tawzi_store::EngineKind::Sqlite).await;
                super::$name(&store).await;
            })+
        }

        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                let store = crate::database::TestDb::new(tawzi_store::EngineKind::Postgres).await;
                super::$name(&store).await;
            })+
        }
    };
}

mod api_keys;
mod assignments;
mod audit;
mod backup;
mod client_counts;
mod client_found;
mod client_lists;
mod client_search;
mod clients;
mod code_requests;
mod companies;
mod create_answers;
mod database;
mod directory;
mod due;
mod events;
mod given;
mod import;
mod jobs;
mod jobs_put_off;
mod loads;
mod login_keys;
mod mail_codes;
mod migrations;
mod opening;
mod phone_keys;
mod phones;
mod photos;
mod reference;
mod schedule;
mod settings;
mod settings_deletions;
mod settings_edits;
mod source_texts;
mod sources;
mod statement_texts;
mod subscriptions;
mod sweeps;
mod tasks;
mod tenants;
mod tokens;
mod transactions;
mod users;
mod waiting;
mod workers;
mod writes;
