//! What differs between two states of a person or a company, as far as the security log tells of it.

use tawzi_core::audit::AuditEvent;
use tawzi_core::phone::PhoneRegion;
use tawzi_store::{Company, User};

/// What has changed about a person; everything that counts when there was nobody before.
pub(crate) fn person_changes(before: Option<&User>, after: &User) -> Vec<AuditEvent> {
    let id = after.id;
    let Some(before) = before else {
        return vec![AuditEvent::UserCreated(id, after.role_word.clone())];
    };
    let activity = if after.is_active {
        AuditEvent::UserActivated(id)
    } else {
        AuditEvent::UserDeactivated(id)
    };
    let changes = [
        (
            before.username != after.username,
            AuditEvent::UsernameChanged(id),
        ),
        (before.email != after.email, AuditEvent::EmailChanged(id)),
        (
            before.password_hash != after.password_hash,
            AuditEvent::PasswordChanged(id),
        ),
        (
            before.role_word != after.role_word,
            AuditEvent::RoleChanged(id, after.role_word.clone()),
        ),
        (before.is_active != after.is_active, activity),
    ];
    let changed = changes.into_iter().filter(|(changed, _)| *changed);
    changed.map(|(_, event)| event).collect()
}

/// What has changed about who owns a company, and how it distributes its clients.
pub(crate) fn company_changes(before: &Company, after: &Company) -> Vec<AuditEvent> {
    let owner =
        (before.owner_id != after.owner_id).then_some(AuditEvent::OwnerChanged(after.owner_id));
    let settings = |company: &Company| {
        let region = company.phone_region.as_ref().map(PhoneRegion::as_str);
        [
            ("auto_assign", company.auto_assign_enabled.to_string()),
            ("re_assign", company.re_assign_enabled.to_string()),
            ("hours", company.re_assign_hours.get().to_string()),
            ("unique_phones", company.unique_phones.to_string()),
            ("phone_region", region.unwrap_or("none").to_owned()),
        ]
    };
    let both = settings(before).into_iter().zip(settings(after));
    let changed = both.filter(|(before, after)| before != after);
    let changed: Vec<_> = changed
        .map(|(_, (name, value))| format!("{name}={value}"))
        .collect();
    let settings = (!changed.is_empty()).then(|| AuditEvent::SettingsChanged(changed.join(" ")));
    owner.into_iter().chain(settings).collect()
}
