//! People, as they are answered.

use serde::Serialize;
use tawzi_app::{Company, Me, Subscription, User};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::time::Timestamp;

/// Everything about a person.
#[derive(Debug, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the answer has them all, side by side"
)]
pub(crate) struct UserBody {
    id: UserId,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    phone: Option<String>,
    profile_photo: Option<String>,
    role: String,
    company: Option<MyCompany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_specialization: Option<String>,
    is_active: bool,
    is_staff: bool,
    is_superuser: bool,
    email_verified: bool,
    date_joined: Timestamp,
    last_login: Option<Timestamp>,
    is_me: bool,
}

#[derive(Debug, Serialize)]
struct MyCompany {
    id: CompanyId,
    name: String,
    domain: String,
    specialization: String,
    registration_completed: bool,
    registration_completed_at: Option<String>,
    auto_assign_enabled: bool,
    re_assign_enabled: bool,
    re_assign_hours: ReAssignHours,
    subscription: Option<MySubscription>,
}

#[derive(Debug, Serialize)]
struct MySubscription {
    id: i64,
    plan: MyPlan,
    is_active: bool,
    start_date: String,
    end_date: String,
    auto_renew: bool,
}

#[derive(Debug, Serialize)]
struct MyPlan {
    id: i64,
    name: String,
    name_ar: String,
}

impl UserBody {
    /// The person, as `viewer` sees them.
    pub(crate) fn new(me: Me, viewer: UserId) -> Self {
        let (user, subscription) = (me.user, me.subscription);
        Self {
            id: user.id,
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            phone: user.phone,
            profile_photo: user.profile_photo.filter(|path| !path.is_empty()),
            role: user.role_word,
            company: me
                .company
                .map(|company| MyCompany::new(company, subscription)),
            company_name: user.company_name,
            company_specialization: user.company_specialization,
            is_active: user.is_active,
            is_staff: user.is_staff,
            is_superuser: user.is_superuser,
            email_verified: user.email_verified,
            date_joined: user.date_joined,
            last_login: user.last_login,
            is_me: user.id == viewer,
        }
    }
}

impl MyCompany {
    fn new(company: Company, subscription: Option<Subscription>) -> Self {
        Self {
            id: company.id,
            name: company.name,
            domain: company.domain,
            specialization: company.specialization,
            registration_completed: company.registration_completed,
            registration_completed_at: company
                .registration_completed_at
                .map(Timestamp::with_offset),
            auto_assign_enabled: company.auto_assign_enabled,
            re_assign_enabled: company.re_assign_enabled,
            re_assign_hours: company.re_assign_hours,
            subscription: subscription.map(MySubscription::from),
        }
    }
}

impl From<Subscription> for MySubscription {
    fn from(subscription: Subscription) -> Self {
        Self {
            id: subscription.id,
            plan: MyPlan {
                id: subscription.plan_id,
                name: subscription.plan_name,
                name_ar: subscription.plan_name_ar,
            },
            is_active: subscription.is_active,
            start_date: subscription.start_date.with_offset(),
            end_date: subscription.end_date.with_offset(),
            auto_renew: subscription.auto_renew,
        }
    }
}

/// A person in a list.
#[derive(Debug, Serialize)]
pub(crate) struct UserRow {
    id: UserId,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    phone: Option<String>,
    profile_photo: Option<String>,
    role: String,
    company: Option<CompanyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_specialization: Option<String>,
    is_active: bool,
    email_verified: bool,
    date_joined: Timestamp,
    is_me: bool,
}

impl UserRow {
    /// The person, as `viewer` sees them.
    pub(crate) fn new(user: User, viewer: UserId) -> Self {
        Self {
            is_me: user.id == viewer,
            id: user.id,
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            phone: user.phone,
            profile_photo: user.profile_photo.filter(|path| !path.is_empty()),
            role: user.role_word,
            company: user.company_id,
            company_name: user.company_name,
            company_specialization: user.company_specialization,
            is_active: user.is_active,
            email_verified: user.email_verified,
            date_joined: user.date_joined,
        }
    }
}
