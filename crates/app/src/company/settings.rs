//! A company's settings: how its clients are distributed, and whose phone numbers may be the same.

use crate::access::actor::Actor;
use crate::app::App;
use crate::assignment::waiting::hand_out_in;
use crate::error::{Denied, Result, Submitted, Thing};
use crate::patch::{set, set_or_clear};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::CompanyId;
use tawzi_core::phone::PhoneRegion;
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{Company, Tx};

/// What is to change; what is `None` stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of a company")]
pub struct SettingsChange {
    pub auto_assign_enabled: Option<bool>,
    pub re_assign_enabled: Option<bool>,
    pub re_assign_hours: Option<ReAssignHours>,
    pub unique_phones: Option<bool>,
    pub phone_region: Option<Option<PhoneRegion>>,
}

/// Changes the settings: a super administrator everywhere, an administrator in their own company
/// (contract, section 2.6). No client is touched but those that wait, once the company assigns by itself again.
pub async fn update_assignment_settings(
    app: &App,
    actor: &Actor,
    company: CompanyId,
    change: impl Into<Submitted<SettingsChange>>,
) -> Result<Company> {
    let user = actor.require_user()?;
    let own = user.company_id == Some(company) && user.role() == Role::Admin;
    if !own && !user.is_superuser {
        let found = app.db.read().await?.company(company).await?;
        found.ok_or(Thing::Company)?;
        return Err(Denied::NotAdmin.into());
    }
    let mut tx = app.db.begin().await?;
    let before = tx.lock_company(company).await?.ok_or(Thing::Company)?;
    save(tx, &before, change.into().require([])?, app.now()).await
}

/// Changes the settings, as the operator of an installation does.
pub async fn change_company(app: &App, id: CompanyId, change: SettingsChange) -> Result<Company> {
    let mut tx = app.db.begin().await?;
    let before = tx.lock_company(id).await?.ok_or(Thing::Company)?;
    save(tx, &before, change, app.now()).await
}

async fn save(
    mut tx: Tx,
    before: &Company,
    change: SettingsChange,
    now: Timestamp,
) -> Result<Company> {
    let mut new = before.clone();
    set(&mut new.auto_assign_enabled, change.auto_assign_enabled);
    set(&mut new.re_assign_enabled, change.re_assign_enabled);
    set(&mut new.re_assign_hours, change.re_assign_hours);
    set(&mut new.unique_phones, change.unique_phones);
    set_or_clear(&mut new.phone_region, change.phone_region);
    tx.save_company(&new).await?;
    let mut tenant = tx.tenant_tx(before.id);
    if !new.unique_phones {
        tenant.delete_phone_keys().await?;
    } else if !before.unique_phones || new.phone_region != before.phone_region {
        tenant.rebuild_phone_keys(new.phone_region).await?;
    }
    if new.auto_assign_enabled && !before.auto_assign_enabled {
        hand_out_in(&mut tx, before.id, now).await?;
    }
    tx.commit().await?;
    Ok(new)
}
