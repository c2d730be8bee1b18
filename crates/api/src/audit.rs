//! The security log of a company, for its administrators.

use crate::Shared;
use crate::wire::answer::answer;
use crate::wire::caller::Subscriber;
use crate::wire::conditions::{ConditionReader, day_or_moment, id};
use crate::wire::failure::Answer;
use crate::wire::list::{ListQuery, Listed, PageQuery};
use crate::wire::openapi::DayOrMoment;
use axum::Json;
use axum::extract::State;
use tawzi_app::{AuditEntry, AuditSearch, list_audit};
use tawzi_core::audit::AuditKind;
use tawzi_core::id::{ApiKeyId, AuditEntryId, CompanyId, UserId};
use tawzi_core::time::Timestamp;
use utoipa::IntoParams;

answer! {
    /// A line of the security log.
    pub(crate) struct AuditBody of entry: AuditEntry {
        always id: AuditEntryId;
        /// The company that it concerns; null for none.
        nullable company: CompanyId = entry.company_id;
        /// What happened, such as `sign_in_refused` or `role_changed`.
        always kind: String;
        /// A word or two more: why somebody was not let in, which role it is now, which settings.
        nullable detail: String;
        /// The person to whom it happened.
        nullable user: UserId = entry.user_id;
        /// The id of what else it happened to: a key or a sweep, as the kind says.
        nullable subject: i64 = entry.subject_id;
        /// How many it was about: clients of a file; how often something was refused in that minute.
        nullable amount: i64;
        /// The person who did it; null for a command, and for strangers.
        nullable actor: UserId = entry.actor_id;
        /// The key with which it was done.
        nullable actor_key: ApiKeyId = entry.actor_key_id;
        /// From which address; null for a command.
        nullable address: String;
        always created_at: Timestamp;
    }
}

/// Which lines are looked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query for the document")]
pub(crate) struct AuditQuery {
    /// What happened; several with commas.
    #[param(required = false, example = "role_changed,owner_changed")]
    kind: String,
    /// The id of the person who did it.
    #[param(required = false, pattern = "^ *[0-9]{0,18} *$", example = "1")]
    actor: String,
    /// The id of the person to whom it happened.
    #[param(required = false, pattern = "^ *[0-9]{0,18} *$", example = "2")]
    user: String,
    /// What happened since then: a moment, or a day for its first moment in UTC.
    #[param(required = false, inline, example = "2025-12-31")]
    from: DayOrMoment,
    /// What happened before then.
    #[param(required = false, inline, example = "2025-12-31T15:00:00Z")]
    until: DayOrMoment,
}

/// Lists attempts to sign in that were refused, and who changed what others may do, the newest first.
///
/// Only administrators may, and see what concerns their company. Super administrators see everything.
#[utoipa::path(
    get,
    path = "/api/audit/",
    tag = "audit",
    operation_id = "list_audit",
    params(PageQuery, AuditQuery),
    responses((status = 200, body = Listed<AuditBody>))
)]
pub(crate) async fn list(
    State(state): State<Shared>,
    Subscriber(actor): Subscriber,
    query: ListQuery,
) -> Answer<Json<Listed<AuditBody>>> {
    let search = search(&query)?;
    let fetch = |page| list_audit(&state.app, &actor, search.clone(), page);
    query.list(fetch, AuditBody::new).await
}

/// What is looked for, or what is wrong with it.
fn search(query: &ListQuery) -> Answer<AuditSearch> {
    let mut conditions = ConditionReader::of(query);
    let kind = |word: &str| AuditKind::parse(word).ok_or_else(|| format!("\"{word}\" is no kind."));
    let person = |text: &str| id(text).map(UserId::new);
    let search = AuditSearch {
        kinds: conditions.values("kind", kind),
        actor: conditions.values("actor", person).pop(),
        user: conditions.values("user", person).pop(),
        since: conditions.value("from", day_or_moment),
        before: conditions.value("until", day_or_moment),
    };
    conditions.require_good()?;
    Ok(search)
}
