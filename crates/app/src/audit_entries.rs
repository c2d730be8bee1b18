//! Reading the security log.

use crate::access::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::page::{Page, PageRequest};
use tawzi_core::audit::AuditKind;
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;
use tawzi_store::{AuditEntry, AuditFilter};

/// Which lines of the log are looked for; what is empty or `None` leaves none out.
#[derive(Clone, Debug, Default)]
pub struct AuditSearch {
    /// What happened.
    pub kinds: Vec<AuditKind>,
    /// Who did it.
    pub actor: Option<UserId>,
    /// To whom it happened.
    pub user: Option<UserId>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Before when.
    pub before: Option<Timestamp>,
}

/// A page of the security log, the newest first: of their company for its administrators, everything for super
/// administrators.
pub async fn list_audit(
    app: &App,
    actor: &Actor,
    search: AuditSearch,
    page: PageRequest,
) -> Result<Page<AuditEntry>> {
    actor.require_subscription()?;
    let company = if actor.is_superuser() {
        None
    } else {
        Some(actor.require_admin()?)
    };
    app.refusals.write().await?;
    let kinds = search.kinds.into_iter();
    let filter = AuditFilter {
        company,
        kinds: kinds.map(|kind| kind.as_str().to_owned()).collect(),
        actor: search.actor,
        user: search.user,
        since: search.since,
        before: search.before,
    };
    let mut reader = app.read_list(actor).await?;
    let rows = reader.count_audit_entries(&filter, page.counting).await?;
    let entries = reader
        .audit_entries(&filter, page.offset(), page.size)
        .await?;
    page.of(rows, entries)
}
