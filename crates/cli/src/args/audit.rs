//! Which lines of the security log are shown.

use super::values::{audit_kind, company_id};
use clap::Args as ClapArgs;
use tawzi_core::audit::AuditKind;
use tawzi_core::id::CompanyId;
use tawzi_core::time::Timestamp;

#[derive(Debug, ClapArgs)]
pub(crate) struct AuditArgs {
    /// Only of this company
    #[arg(long, value_name = "ID", value_parser = company_id)]
    pub(crate) company: Option<CompanyId>,
    /// Only of this kind, such as sign_in_refused or role_changed
    #[arg(long, value_name = "KIND", value_parser = audit_kind)]
    pub(crate) kind: Option<AuditKind>,
    /// Only since this moment, such as 2025-12-31T15:00:00Z
    #[arg(long, value_name = "RFC3339", value_parser = Timestamp::parse)]
    pub(crate) since: Option<Timestamp>,
    /// How many lines, the newest first
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=100_000))]
    pub(crate) limit: i64,
}
