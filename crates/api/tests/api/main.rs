//! The API as its clients see it, on both engines: each test starts from an import of the recorded
//! database (`testdata/` at the root) and sends requests to the router.

#![cfg(test)]

#[macro_use]
mod database;
mod world;

mod api_keys;
mod assignments;
mod audit;
mod bad_input;
mod bodies;
mod browsers;
mod changed_rights;
mod channels;
mod client_files;
mod client_files_refused;
mod client_phones;
mod clients;
mod companies;
mod cursors;
mod departures;
mod docs;
mod document;
mod documented_fields;
mod isolation;
mod lists;
mod logins;
mod mail_codes;
mod methods;
mod names;
mod not_held;
mod owners;
mod people;
mod photo_refusals;
mod photos;
mod programs;
mod recorded;
mod routes;
mod searches;
mod settings;
mod sign_in;
mod sign_in_codes;
mod sign_in_floods;
mod sign_in_limits;
mod sign_out;
mod stages;
mod statuses;
mod sweeps;
mod tasks;
mod unique_phones;
