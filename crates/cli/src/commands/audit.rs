//! `tawzi audit`

use crate::args::AuditArgs;
use crate::output;
use tawzi_app::App;
use tawzi_core::id::{ApiKeyId, CompanyId, UserId};
use tawzi_store::{AuditEntry, AuditFilter};

pub(super) async fn run(app: &App, args: &AuditArgs) -> anyhow::Result<()> {
    let kinds = args.kind.iter().map(|kind| kind.as_str().to_owned());
    let filter = AuditFilter {
        company: args.company,
        kinds: kinds.collect(),
        since: args.since,
        ..AuditFilter::default()
    };
    let mut reader = app.db().read().await?;
    let entries = reader.audit_entries(&filter, 0, args.limit).await?;
    if entries.is_empty() {
        return output::line("There is nothing in the security log.");
    }
    let header = [
        "id", "when", "what", "detail", "user", "on", "how many", "company", "by", "from",
    ];
    output::table(header, entries.into_iter().map(row))
}

fn row(entry: AuditEntry) -> [String; 10] {
    let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let by_user = entry.actor_id.map(UserId::get);
    let by_key = entry.actor_key_id.map(ApiKeyId::get);
    let by = match (by_user, by_key) {
        (Some(user), _) => format!("user {user}"),
        (None, Some(key)) => format!("API key {key}"),
        (None, None) => String::new(),
    };
    [
        entry.id.to_string(),
        entry.created_at.to_string(),
        entry.kind,
        entry.detail.unwrap_or_default(),
        number(entry.user_id.map(UserId::get)),
        number(entry.subject_id),
        number(entry.amount),
        number(entry.company_id.map(CompanyId::get)),
        by,
        entry.address.unwrap_or_default(),
    ]
}
