//! Companies and people, as the operator of an installation creates and changes them.

use crate::access::password;
use crate::access::sign_in::lock_company_of;
use crate::app::App;
use crate::error::{Error, Problem, Result, Thing};
use crate::users::rights::require_free;
use crate::users::role_word;
use tawzi_core::company::{ReAssignHours, Specialization};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_core::text::{CompanyName, Domain, Email, NamePart, NewPassword, Username};
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{Channel, NewCompany, NewSubscription, NewUser, Stage, Status, Tx};

/// For how long a company that the operator creates is subscribed: until 2099.
const SUBSCRIBED_UNTIL: Timestamp = Timestamp::from_microseconds(4_070_908_800_000_000);

/// A company as the operator describes it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a company")]
pub struct CompanyDraft {
    pub name: CompanyName,
    pub domain: Domain,
    pub specialization: Specialization,
    pub auto_assign_enabled: bool,
    pub re_assign_enabled: bool,
    pub re_assign_hours: ReAssignHours,
}

/// A person as the operator describes them.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a user")]
pub struct OperatorUserDraft {
    pub company: CompanyId,
    pub username: Username,
    pub email: Email,
    pub first_name: NamePart,
    pub last_name: NamePart,
    pub role: Role,
    pub password: NewPassword,
}

/// Creates a company that can be worked with at once: subscribed, with a few statuses, stages and
/// a channel.
pub async fn create_company(app: &App, draft: &CompanyDraft, now: Timestamp) -> Result<CompanyId> {
    let mut tx = app.db.begin().await?;
    let new = NewCompany {
        name: draft.name.as_str(),
        domain: draft.domain.as_str(),
        specialization: draft.specialization.as_str(),
        auto_assign_enabled: draft.auto_assign_enabled,
        re_assign_enabled: draft.re_assign_enabled,
        re_assign_hours: draft.re_assign_hours,
        created_at: now,
    };
    let company = match tx.create_company(new).await {
        Err(tawzi_store::Error::Conflict(_)) => {
            return Err(Error::of_field("domain", Problem::Taken));
        }
        created => created?,
    };
    let subscription = NewSubscription {
        plan: "Tawzi",
        plan_ar: "توزيع",
        start: now,
        end: SUBSCRIBED_UNTIL,
    };
    tx.create_subscription(company, subscription).await?;
    furnish(&mut tx, company, now).await?;
    tx.commit().await?;
    Ok(company)
}

/// Gives a new company what its first client needs.
async fn furnish(tx: &mut Tx, company: CompanyId, now: Timestamp) -> Result<()> {
    let mut tenant = tx.tenant_tx(company);
    let statuses = [
        ("New", StatusCategory::Active, "#3b82f6"),
        ("Following up", StatusCategory::FollowUp, "#f59e0b"),
        ("Dormant", StatusCategory::Inactive, "#808080"),
        ("Won", StatusCategory::Closed, "#22c55e"),
        ("Lost", StatusCategory::Closed, "#ef4444"),
    ];
    for (place, (name, category, color)) in statuses.into_iter().enumerate() {
        let status = Status {
            color: color.to_owned(),
            is_default: place == 0,
            ..Status::new(name, category, now)
        };
        tenant.create_status(status).await?;
    }
    for (name, position) in [("Call", 0), ("Meeting", 1), ("Offer", 2)] {
        tenant.create_stage(Stage::new(name, position, now)).await?;
    }
    tenant
        .create_channel(Channel::new("Website", "Web", now))
        .await?;
    Ok(())
}

/// Creates a person. The first administrator of a company becomes its owner.
pub async fn create_user_as_operator(
    app: &App,
    draft: &OperatorUserDraft,
    now: Timestamp,
) -> Result<UserId> {
    let password_hash = password::hash(draft.password.as_str()).await?;
    let mut tx = app.db.begin().await?;
    let company = tx
        .lock_company(draft.company)
        .await?
        .ok_or(Thing::Company)?;
    let (username, email) = (draft.username.as_str(), draft.email.as_str());
    require_free(&mut tx, username, email, None, None).await?;
    let new = NewUser {
        company: Some(draft.company),
        username,
        email,
        first_name: draft.first_name.as_str(),
        last_name: draft.last_name.as_str(),
        phone: None,
        role: role_word(draft.role),
        password_hash: &password_hash,
        is_superuser: false,
        date_joined: now,
    };
    let user = tx.create_user(new).await?;
    if company.owner_id.is_none() && draft.role == Role::Admin {
        tx.save_owner(draft.company, user).await?;
    }
    tx.commit().await?;
    Ok(user)
}

/// Sets the password of the person with that user name or e-mail address, and signs them out
/// everywhere.
pub async fn set_password(app: &App, login: &str, password: &NewPassword) -> Result<()> {
    let now = app.now();
    let user = app
        .db
        .read()
        .await?
        .find_user(login)
        .await?
        .ok_or(Thing::User)?;
    let hash = password::hash(password.as_str()).await?;
    let mut tx = app.db.begin().await?;
    lock_company_of(&mut tx, &user).await?;
    tx.save_password(user.id, &hash).await?;
    tx.revoke_tokens(user.id, now).await?;
    tx.commit().await?;
    Ok(())
}
