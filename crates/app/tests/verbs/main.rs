//! The verbs on a real `SQLite` file: what the rules decide is written whole, and only what may be
//! done is done. The scenarios are those of the contract, section 7.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api_key_rights;
mod api_keys;
mod assignments;
mod audit;
mod batches;
mod between_creates;
mod contacts;
mod csv_files;
mod demo;
mod edits;
mod exports;
mod files;
mod intake;
mod languages;
mod lookups;
mod mail_codes;
mod mail_server;
mod mail_settings;
mod photos;
mod repetitions;
mod sessions;
mod settings;
mod sign_in;
mod sign_in_codes;
mod stages_and_channels;
mod statuses;
mod sweeps;
mod tokens;
mod unique_phones;
mod waiting;
