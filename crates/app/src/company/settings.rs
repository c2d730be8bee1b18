//! A company's settings: how its clients are distributed, and whose phone numbers may be the same.

use crate::access::actor::Actor;
use crate::app::App;
use crate::assignment::waiting::hand_out_in;
use crate::audit::{self, By, company_changes};
use crate::company::unique_phones;
use crate::error::{Denied, Result, Submitted, Thing, require};
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
    let may = own || user.is_superuser;
    let mut reader = app.db.read().await?;
    // Who may not is not told which companies are there.
    let there = if may {
        reader.company(company).await?.is_some()
    } else {
        reader.company_id_given(company).await?
    };
    drop(reader);
    require(there, Thing::Company)?;
    require(may, Denied::NotAdmin)?;
    change_by(app, actor.by(), company, change.into().require([])?).await
}

/// Changes the settings, as the operator of an installation does.
pub async fn change_company(app: &App, id: CompanyId, change: SettingsChange) -> Result<Company> {
    change_by(app, By::OPERATOR, id, change).await
}

async fn change_by(app: &App, by: By, id: CompanyId, change: SettingsChange) -> Result<Company> {
    let mut tx = app.db.begin().await?;
    let before = tx.lock_company(id).await?.ok_or(Thing::Company)?;
    let new = change.applied_to(&before);
    if unique_phones::needs_others(&before, &new) {
        drop(tx);
        return unique_phones::change(app, by, before, change).await;
    }
    save(tx, by, &before, &new, app.now()).await?;
    Ok(new)
}

/// Saves the settings, and commits. With auto-assign, those who wait are handed out.
pub(super) async fn save(
    mut tx: Tx,
    by: By,
    before: &Company,
    new: &Company,
    now: Timestamp,
) -> Result<()> {
    tx.save_company(new).await?;
    if new.auto_assign_enabled && !before.auto_assign_enabled {
        hand_out_in(&mut tx, before.id, now).await?;
    }
    audit::commit(tx, by, Some(new.id), company_changes(before, new), now).await
}

impl SettingsChange {
    /// The company with these settings.
    pub(super) fn applied_to(self, before: &Company) -> Company {
        let mut new = before.clone();
        set(&mut new.auto_assign_enabled, self.auto_assign_enabled);
        set(&mut new.re_assign_enabled, self.re_assign_enabled);
        set(&mut new.re_assign_hours, self.re_assign_hours);
        set(&mut new.unique_phones, self.unique_phones);
        set_or_clear(&mut new.phone_region, self.phone_region);
        new
    }
}
