//! Codes from mails: a new address counts once it is confirmed, and a forgotten password is set anew.

mod addresses;
mod mails;
mod passwords;
mod person;
