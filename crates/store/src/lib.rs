//! Everything that is kept: all SQL, the migrations, and the two engines behind one text.
//!
//! A [`Db`] gives out a [`Reader`], which cannot write, or a [`Tx`], which is one transaction.
//! Tables of a company are reached only through [`Tenant`] and [`TenantTx`], which carry the
//! company, so that a query without its company cannot be written.

#[macro_use]
mod dialect;
#[macro_use]
mod record;

mod api_keys;
mod author;
mod backup;
mod channels;
mod clients;
mod companies;
mod django;
mod engine;
mod error;
mod events;
mod import;
mod intake;
mod jobs;
mod loads;
mod migrate;
mod phone_keys;
mod phones;
mod photos;
mod schedule;
mod sequence;
mod sign_in_codes;
mod stages;
mod statuses;
mod subscriptions;
mod sweeps;
mod tasks;
mod tenant;
mod tokens;
mod url;
mod users;
mod workers;

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
mod statements_test;

pub use api_keys::{ApiKey, ApiKeyHolder, ApiKeyUse, NewApiKey};
pub use author::Author;
pub use channels::{Channel, ChannelEdit, NewChannel};
pub use clients::{
    Client, ClientEdit, ClientFilter, ClientOrder, ClientSelection, DueClient, OwnedClient,
    RowCount, SortKey, StaleOfHolder, StatusCount, TouchedClient, UnassignedClient, Viewer,
};
pub use companies::{Company, CompanyEdit, CompanySettings, NewCompany};
pub use django::{DjangoSource, SourceError, SourceTable};
pub use engine::{Db, Durability, EngineKind, Reader, Tx};
pub use error::{Error, Result};
pub use events::{ClientEvent, NewEvent};
pub use import::{ImportRows, IndexesAside};
pub use intake::{CreateBasis, Created, NewClient, NewPhone, RecentCreate};
pub use jobs::{Attempt, Claim, Job, JobState, NewJob};
pub use loads::{LoadChange, LoadDifference, RosterEntry};
pub use migrate::SchemaState;
pub use phones::ClientPhone;
pub use photos::{NewPhoto as NewUserPhoto, Photo};
pub use schedule::{NewSchedule, Schedule};
pub use sequence::Sequence;
pub use sign_in_codes::{NewSignInCode, SignInCode};
pub use stages::{NewStage, Stage, StageEdit};
pub use statuses::{NewStatus, Status, StatusEdit};
pub use subscriptions::{NewSubscription, Plan, Subscription};
pub use sweeps::{CompanySweepRecord, CompanyTally, Sweep, SweepCause, SweepMove};
pub use tasks::{ClientTask, NewTask, TaskEdit, TaskOrder};
pub use tenant::{Tenant, TenantTx};
pub use url::DatabaseUrl;
pub use users::{NewUser, PersonName, Taken, User, UserEdit, UserOrder, UserScope};
pub use workers::WorkerSeen;
