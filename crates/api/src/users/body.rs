//! People, as they are answered.

use crate::photos::address_of_photo;
use serde::Serialize;
use tawzi_app::{Company, Me, Subscription, User};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_web::ServerAddress;
use utoipa::ToSchema;

/// Everything about a person.
#[derive(Debug, Serialize, ToSchema)]
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
    #[schema(required)]
    phone: Option<String>,
    /// The path of a picture.
    #[schema(required)]
    profile_photo: Option<String>,
    /// `admin` or `employee`; imported people may have other words.
    role: String,
    #[schema(required)]
    company: Option<MyCompany>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_specialization: Option<String>,
    is_active: bool,
    /// Kept from an import; means nothing here.
    is_staff: bool,
    /// Whether the person administers all companies.
    is_superuser: bool,
    email_verified: bool,
    date_joined: Timestamp,
    #[schema(required)]
    last_login: Option<Timestamp>,
    /// Whether it is the caller.
    is_me: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct MyCompany {
    id: CompanyId,
    name: String,
    domain: String,
    /// `real_estate`, `services` or `products`.
    specialization: String,
    registration_completed: bool,
    #[schema(required)]
    registration_completed_at: Option<String>,
    auto_assign_enabled: bool,
    re_assign_enabled: bool,
    re_assign_hours: ReAssignHours,
    #[schema(required)]
    subscription: Option<MySubscription>,
}

#[derive(Debug, Serialize, ToSchema)]
struct MySubscription {
    id: i64,
    plan: MyPlan,
    is_active: bool,
    start_date: String,
    end_date: String,
    auto_renew: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct MyPlan {
    id: i64,
    name: String,
    name_ar: String,
}

impl UserBody {
    /// The person, as `viewer` sees them.
    pub(crate) fn new(me: Me, viewer: Option<UserId>, server: &ServerAddress) -> Self {
        let (user, subscription) = (me.user, me.subscription);
        Self {
            profile_photo: address_of_photo(&user, server),
            id: user.id,
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            phone: user.phone,
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
            is_me: viewer == Some(user.id),
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
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserRow {
    id: UserId,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    #[schema(required)]
    phone: Option<String>,
    /// The path of a picture.
    #[schema(required)]
    profile_photo: Option<String>,
    /// `admin` or `employee`; imported people may have other words.
    role: String,
    #[schema(required)]
    company: Option<CompanyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    company_specialization: Option<String>,
    is_active: bool,
    email_verified: bool,
    date_joined: Timestamp,
    /// Whether it is the caller.
    is_me: bool,
}

impl UserRow {
    /// The person, as `viewer` sees them.
    pub(crate) fn new(user: User, viewer: Option<UserId>, server: &ServerAddress) -> Self {
        Self {
            profile_photo: address_of_photo(&user, server),
            is_me: viewer == Some(user.id),
            id: user.id,
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            phone: user.phone,
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
