//! Everything that is kept: all SQL, the migrations, and the two engines behind one text.
//!
//! A [`Db`] gives out a [`Reader`], which cannot write, or a [`Tx`], which is one transaction.
//! Tables of a company are reached only through [`Tenant`] and [`TenantTx`], which carry the
//! company, so that a query without its company cannot be written.

#[macro_use]
mod db;
mod django;
mod error;
mod private_file;
mod tables;

// The tests of both engines share what makes databases with those in `tests`, where this crate
// has its full name.
#[cfg(test)]
extern crate self as tawzi_store;
#[cfg(test)]
#[path = "../tests/conformance/database.rs"]
mod database;
#[cfg(test)]
mod plans_test;
#[cfg(test)]
#[path = "../tests/conformance/source_texts.rs"]
mod source_texts;
#[cfg(test)]
mod statements_test;

pub use db::engine::{Db, Durability, EngineKind, Reader, Tx, Waiting};
pub use db::indexes::IndexesAside;
pub use db::keyset::{Position, PositionKey, Start};
pub use db::migrate::SchemaState;
pub use db::tenant::{Tenant, TenantTx};
pub use db::url::DatabaseUrl;
pub use django::{DjangoSource, ImportError, SourceCount, SourceError, SourceRows, SourceTable};
pub use error::{Error, Result};
pub use private_file::{PrivateFile, is_open_to_others};
pub use tables::api_key::{ApiKey, ApiKeyIdentity, ApiKeyUse, NewApiKey};
pub use tables::audit_entry::{AuditBounds, AuditEntry, AuditFilter, NewAuditEntry};
pub use tables::channel::Channel;
pub use tables::client::create::{CreateAnswers, CreateQuestions};
pub use tables::client::reassign::Reassignment;
pub use tables::client::write::{NewClient, NewPhone, Writes, WrittenIds};
pub use tables::client::{
    Client, ClientFilter, ClientOrder, ClientSelection, Counting, FutureClients, OwnedClient,
    RowCount, SortKey, StaleOfAssignee, StatusCount, TouchedClient, UnassignedCount, Viewer,
};
pub use tables::client_event::{Author, ClientEvent, EventFilter, NewEvent};
pub use tables::client_phone::ClientPhone;
pub use tables::client_task::{ClientTask, NewTask, TaskOrder};
pub use tables::code_request::{CodeRequest, NewCodeRequest};
pub use tables::company::{Company, NewCompany};
pub use tables::create_key::{CreateKey, Earlier, KeyQuestion};
pub use tables::employee_load::{LoadChange, LoadDifference, RosterEntry};
pub use tables::job::{Attempt, Claim, Job, JobState, NewJob};
pub use tables::mail_code::{MailCode, MailPurpose};
pub use tables::schedule::{NewSchedule, Schedule};
pub use tables::stage::Stage;
pub use tables::status::Status;
pub use tables::subscription::{NewSubscription, Plan, Subscription};
pub use tables::sweep::{CompanySweepRow, CompanyTally, SweepCause, SweepMove};
pub use tables::user_account::{NamedUser, NewUser, Taken, User, UserOrder, UserScope};
pub use tables::user_photo::{NewPhoto as NewUserPhoto, Photo};
pub use tables::worker::WorkerSeen;
