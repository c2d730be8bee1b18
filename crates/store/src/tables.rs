//! The tables, a file for each: its rows, its statements, and the functions that run them.

#[macro_use]
mod named;

pub(crate) mod api_key;
pub(crate) mod audit_entry;
pub(crate) mod channel;
pub(crate) mod client;
pub(crate) mod client_event;
pub(crate) mod client_phone;
pub(crate) mod client_task;
pub(crate) mod code_request;
pub(crate) mod company;
pub(crate) mod create_key;
pub(crate) mod employee_load;
pub(crate) mod import_run;
pub(crate) mod job;
pub(crate) mod mail_code;
pub(crate) mod phone_key;
pub(crate) mod schedule;
pub(crate) mod stage;
pub(crate) mod status;
pub(crate) mod subscription;
pub(crate) mod sweep;
pub(crate) mod user_account;
pub(crate) mod user_photo;
pub(crate) mod worker;
