//! The security log: attempts to get in, and whatever changes who may do what. Each is a line in the log of the program
//! and one in the database, written in the transaction that does what it tells of. What strangers do has no
//! transaction: it is counted, and written now and then (`refusals.rs`).

mod bounds;
mod changes;
mod refusals;

pub use bounds::prune_audit;
pub(crate) use changes::{company_changes, person_changes};
pub use refusals::Refusals;

use crate::error::Result;
use std::net::IpAddr;
use tawzi_core::audit::{AuditEvent, AuditKind};
use tawzi_core::id::{ApiKeyId, CompanyId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_store::{Author, Db, NewAuditEntry, Tx};

/// Who does something, and from which address.
#[derive(Clone, Copy, Debug)]
pub struct By {
    pub(crate) author: Author,
    pub(crate) address: Option<IpAddr>,
}

impl By {
    /// Whoever runs the server, by a command.
    pub const OPERATOR: Self = Self {
        author: Author::Nobody,
        address: None,
    };

    /// A person, who has proved it without signing in.
    pub(crate) const fn person(id: UserId, address: Option<IpAddr>) -> Self {
        Self {
            author: Author::User(id),
            address,
        }
    }
}

/// Commits what was done, together with the lines that tell of it.
pub(crate) async fn commit(
    mut tx: Tx,
    by: By,
    company: Option<CompanyId>,
    events: impl IntoIterator<Item = AuditEvent>,
    at: Timestamp,
) -> Result<()> {
    let entry = |event: AuditEvent| NewAuditEntry {
        company,
        record: event.record(),
        by: by.author,
        address: by.address.map(|address| address.to_string()),
        counted_as: None,
        at,
    };
    let entries: Vec<_> = events.into_iter().map(entry).collect();
    tx.record_audit(&entries).await?;
    tx.commit().await?;
    entries.iter().for_each(log);
    Ok(())
}

/// Writes a line about what has no transaction of its own, such as what was done in steps.
pub(crate) async fn note(
    db: &Db,
    by: By,
    company: Option<CompanyId>,
    event: AuditEvent,
    at: Timestamp,
) -> Result<()> {
    commit(db.begin().await?, by, company, [event], at).await
}

/// The line in the log of the program: ids, and no names.
fn log(entry: &NewAuditEntry) {
    let record = &entry.record;
    tracing::info!(
        kind = record.kind.as_str(),
        detail = record.detail,
        user.id = record.user.map(UserId::get),
        subject.id = record.subject,
        amount = record.amount,
        company.id = entry.company.map(CompanyId::get),
        actor.id = entry.by.user().map(UserId::get),
        actor.key = entry.by.api_key().map(ApiKeyId::get),
        address = entry.address,
        "{}",
        sentence(record.kind)
    );
}

const fn sentence(kind: AuditKind) -> &'static str {
    match kind {
        AuditKind::SignInRefused => "somebody was not let in",
        AuditKind::LimitMet => "somebody asked more often than they may",
        AuditKind::SignedOutEverywhere => "a person signed out everywhere",
        AuditKind::UserCreated => "a person was created",
        AuditKind::UserDeleted => "a person was deleted",
        AuditKind::UsernameChanged => "a person signs in with another name",
        AuditKind::EmailChanged => "a person has another e-mail address",
        AuditKind::PasswordChanged => "a person has another password",
        AuditKind::RoleChanged => "a person has another role",
        AuditKind::UserActivated => "a person may sign in again",
        AuditKind::UserDeactivated => "a person may not sign in any more",
        AuditKind::CompanyCreated => "a company was created",
        AuditKind::CompanyDeleted => "a company was deleted",
        AuditKind::OwnerChanged => "a company has another owner",
        AuditKind::SettingsChanged => "a company distributes its clients in another way",
        AuditKind::ApiKeyCreated => "an API key was created",
        AuditKind::ApiKeyRevoked => "an API key was revoked",
        AuditKind::ClientsImported => "clients were imported",
        AuditKind::ClientsExported => "clients were exported",
        AuditKind::DatabaseImported => "the database of a CRM was imported",
        AuditKind::SweepRun => "neglected clients were moved on by hand",
    }
}
