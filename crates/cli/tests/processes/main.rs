//! The program as its users run it: real processes on real databases, the tests of each module on
//! both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[macro_use]
mod support;

#[path = "../../../app/tests/verbs/mail_server.rs"]
mod mail_server;

mod audit;
mod backups;
mod clocks;
mod codes;
mod companies;
mod connections;
mod csv_files;
mod doctor;
mod first_start;
mod import_django;
mod import_postgres;
mod import_refused;
mod imports_beside_others;
mod killed_workers;
mod missing_database;
mod output;
mod passwords_of_databases;
mod private_files;
mod reassign;
mod schedule;
mod servers;
mod set_back;
mod users;
mod workers;
