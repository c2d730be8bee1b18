//! A company's settings for distributing its clients.

use crate::actor::Actor;
use crate::error::{Denied, Error, Result};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::CompanyId;
use tawzi_core::user::Role;
use tawzi_store::{Company, Db};

/// What is to change; what is `None` stays.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "the fields are those of a company")]
pub struct SettingsChange {
    pub auto_assign_enabled: Option<bool>,
    pub re_assign_enabled: Option<bool>,
    pub re_assign_hours: Option<ReAssignHours>,
}

/// Changes the settings: a super administrator everywhere, an administrator in their own company
/// (contract, section 2.6). No client is touched.
pub async fn update_assignment_settings(
    db: &Db,
    actor: &Actor,
    company: CompanyId,
    change: impl FnOnce() -> Result<SettingsChange>,
) -> Result<Company> {
    let mut tx = db.begin().await?;
    let before = tx
        .lock_company(company)
        .await?
        .ok_or(Error::NotFound("Company"))?;
    let own = actor.company() == Some(company) && actor.user().role() == Role::Admin;
    if !own && !actor.user().is_superuser {
        return Err(Denied::NotAdmin.into());
    }
    let change = change()?;
    tx.save_settings(
        company,
        change
            .auto_assign_enabled
            .unwrap_or(before.auto_assign_enabled),
        change.re_assign_enabled.unwrap_or(before.re_assign_enabled),
        change.re_assign_hours.unwrap_or(before.re_assign_hours),
    )
    .await?;
    let after = tx
        .company(company)
        .await?
        .ok_or(Error::NotFound("Company"))?;
    tx.commit().await?;
    Ok(after)
}
