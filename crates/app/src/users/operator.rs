//! Companies and people, as the operator of an installation creates and changes them.

use crate::access::password::{self, MIN_PASSWORD_LENGTH};
use crate::access::sign_in::lock_company_of;
use crate::app::App;
use crate::error::{Error, Result};
use crate::text::{require_length, require_no_nul};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{NewChannel, NewCompany, NewStage, NewStatus, NewSubscription, NewUser, Tx};

/// What the reference allows a company to sell.
const SPECIALIZATIONS: [&str; 3] = ["real_estate", "services", "products"];

/// For how long a company that the operator creates is subscribed: until 2099.
const SUBSCRIBED_UNTIL: Timestamp = Timestamp::from_microseconds(4_070_908_800_000_000);

/// A company as the operator describes it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a company")]
pub struct CompanyDraft {
    pub name: String,
    pub domain: String,
    pub specialization: String,
    pub auto_assign_enabled: bool,
    pub re_assign_enabled: bool,
    pub re_assign_hours: ReAssignHours,
}

/// A person as the operator describes them.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of a user")]
pub struct PersonDraft {
    pub company: CompanyId,
    pub username: String,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role: Role,
    pub password: String,
}

impl CompanyDraft {
    /// Whether such a company can be created, if nobody else has its domain.
    pub fn check(&self) -> Result<()> {
        require_length("name", &self.name, 64)?;
        require_length("domain", &self.domain, 256)?;
        if SPECIALIZATIONS.contains(&&*self.specialization) {
            return Ok(());
        }
        refuse(format!(
            "{:?} is no specialization; use one of {}",
            self.specialization,
            SPECIALIZATIONS.join(", ")
        ))
    }
}

/// Creates a company that can be worked with at once: subscribed, with a few statuses, stages and
/// a channel.
pub async fn create_company(app: &App, draft: &CompanyDraft, now: Timestamp) -> Result<CompanyId> {
    draft.check()?;
    let mut tx = app.db.begin().await?;
    let new = NewCompany {
        name: &draft.name,
        domain: &draft.domain,
        specialization: &draft.specialization,
        auto_assign_enabled: draft.auto_assign_enabled,
        re_assign_enabled: draft.re_assign_enabled,
        re_assign_hours: draft.re_assign_hours,
        created_at: now,
    };
    let company = tx.create_company(new).await.map_err(|error| {
        taken(error, || {
            format!(
                "there is already a company with the domain {}",
                draft.domain
            )
        })
    })?;
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
        let is_default = place == 0;
        let status = NewStatus {
            name,
            category,
            color,
            is_default,
        };
        tenant.create_status(status, now).await?;
    }
    for (name, position) in [("Call", 0), ("Meeting", 1), ("Offer", 2)] {
        tenant
            .create_stage(NewStage { name, position }, now)
            .await?;
    }
    let channel = NewChannel {
        name: "Website",
        channel_type: "Web",
    };
    tenant.create_channel(channel, now).await?;
    Ok(())
}

/// Creates a person. The first administrator of a company becomes its owner.
pub async fn create_person(app: &App, draft: &PersonDraft, now: Timestamp) -> Result<UserId> {
    let role = match draft.role {
        Role::Admin => "admin",
        Role::Employee => "employee",
        Role::Other => return refuse("a person is an admin or an employee".to_owned()),
    };
    check_username(&draft.username)?;
    check_email(&draft.email)?;
    require_no_nul("first name", &draft.first_name)?;
    require_no_nul("last name", &draft.last_name)?;
    check_password(&draft.password)?;
    let password_hash = password::hash(&draft.password).await?;

    let mut tx = app.db.begin().await?;
    let company = tx
        .lock_company(draft.company)
        .await?
        .ok_or(Error::NotFound("Company"))?;
    let new = NewUser {
        company: Some(draft.company),
        username: &draft.username,
        email: &draft.email,
        first_name: &draft.first_name,
        last_name: &draft.last_name,
        phone: None,
        role,
        password_hash: &password_hash,
        is_superuser: false,
        date_joined: now,
    };
    let sentence = || {
        format!(
            "there is already a user {} or one with the address {}",
            draft.username, draft.email
        )
    };
    // The address in whatever case: people sign in with it in any.
    let found = tx.taken(&draft.username, &draft.email, None, None).await?;
    if found.username || found.email {
        return refuse(sentence());
    }
    let created = tx.create_user(new).await;
    let user = created.map_err(|error| taken(error, sentence))?;
    if company.owner_id.is_none() && draft.role == Role::Admin {
        tx.save_owner(draft.company, user).await?;
    }
    tx.commit().await?;
    Ok(user)
}

/// Sets the password of the person with that user name or e-mail address, and signs them out
/// everywhere.
pub async fn set_password(app: &App, login: &str, password: &str) -> Result<()> {
    let now = app.now();
    check_password(password)?;
    let user = app
        .db
        .read()
        .await?
        .find_user(login)
        .await?
        .ok_or(Error::NotFound("User"))?;
    let hash = password::hash(password).await?;
    let mut tx = app.db.begin().await?;
    lock_company_of(&mut tx, &user).await?;
    tx.save_password(user.id, &hash).await?;
    tx.revoke_tokens(user.id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether a user name is made of what user names are made of. An `@` is not: whoever signs in with
/// one is looked for by e-mail address.
pub fn is_username(text: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '+' | '-' | '_');
    text.chars().all(allowed)
}

/// Whether a text has the form of an e-mail address.
pub fn is_email(text: &str) -> bool {
    let well_formed = text
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    well_formed && !text.contains(char::is_whitespace)
}

fn check_username(username: &str) -> Result<()> {
    require_length("user name", username, 150)?;
    if is_username(username) {
        return Ok(());
    }
    refuse("a user name has letters, digits and . + - _ only".to_owned())
}

fn check_email(email: &str) -> Result<()> {
    require_length("e-mail address", email, 254)?;
    if is_email(email) {
        return Ok(());
    }
    refuse(format!("{email:?} is no e-mail address"))
}

fn check_password(password: &str) -> Result<()> {
    if password.chars().count() >= MIN_PASSWORD_LENGTH {
        return Ok(());
    }
    refuse(format!(
        "the password is too short; use at least {MIN_PASSWORD_LENGTH} characters"
    ))
}

fn refuse<T>(sentence: String) -> Result<T> {
    Err(Error::Refused(sentence))
}

fn taken(error: tawzi_store::Error, sentence: impl FnOnce() -> String) -> Error {
    match error {
        tawzi_store::Error::Conflict(_) => Error::Refused(sentence()),
        error => error.into(),
    }
}
