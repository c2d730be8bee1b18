//! People, as they are answered.

use crate::photos::address_of_photo;
use crate::wire::answer::answer;
use serde::Serialize;
use tawzi_app::{Company, Me, Subscription, User};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_web::ServerAddress;
use utoipa::ToSchema;

answer! {
    /// Everything about a person.
    pub(crate) struct UserBody of user: User, company: Option<MyCompany>, pending_email: Option<String>,
        viewer: Option<UserId>, server: &ServerAddress
    {
        always id: UserId;
        always username: String;
        always email: String;
        always first_name: String;
        always last_name: String;
        nullable phone: String;
        /// The path of a picture.
        nullable profile_photo: String = address_of_photo(user.photo_key.as_deref(), server);
        /// `admin` or `employee`; imported people may have other words.
        always role: String = user.role_word;
        nullable company: MyCompany = company;
        perhaps company_name: String;
        perhaps company_specialization: String;
        always is_active: bool;
        /// Kept from an import; means nothing here.
        always is_staff: bool;
        /// Whether the person administers all companies.
        always is_superuser: bool;
        always email_verified: bool;
        /// The address that the person is to have once it is confirmed.
        perhaps pending_email: String = pending_email;
        always date_joined: Timestamp;
        nullable last_login: Timestamp;
        /// Whether it is the caller.
        always is_me: bool = viewer == Some(user.id);
    }
}

answer! {
    pub(crate) struct MyCompany of company: Company, subscription: Option<Subscription> {
        always id: CompanyId;
        always name: String;
        always domain: String;
        /// `real_estate`, `services` or `products`.
        always specialization: String;
        always registration_completed: bool;
        nullable registration_completed_at: String =
            company.registration_completed_at.map(Timestamp::with_offset);
        always auto_assign_enabled: bool;
        always re_assign_enabled: bool;
        always re_assign_hours: ReAssignHours;
        nullable subscription: MySubscription = subscription.map(MySubscription::new);
    }
}

answer! {
    struct MySubscription of subscription: Subscription {
        always id: i64;
        always plan: MyPlan = MyPlan {
            id: subscription.plan_id,
            name: subscription.plan_name,
            name_ar: subscription.plan_name_ar,
        };
        always is_active: bool;
        always start_date: String = subscription.start_date.with_offset();
        always end_date: String = subscription.end_date.with_offset();
        always auto_renew: bool;
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct MyPlan {
    id: i64,
    name: String,
    name_ar: String,
}

impl UserBody {
    /// The person, as `viewer` sees them.
    pub(crate) fn of(me: Me, viewer: Option<UserId>, server: &ServerAddress) -> Self {
        let subscription = me.subscription;
        let company = me.company;
        let company = company.map(|company| MyCompany::new(company, subscription));
        Self::new(me.user, company, me.pending_email, viewer, server)
    }
}

answer! {
    /// A person in a list.
    pub(crate) struct UserRow of user: User, viewer: Option<UserId>, server: &ServerAddress {
        always id: UserId;
        always username: String;
        always email: String;
        always first_name: String;
        always last_name: String;
        nullable phone: String;
        /// The path of a picture.
        nullable profile_photo: String = address_of_photo(user.photo_key.as_deref(), server);
        /// `admin` or `employee`; imported people may have other words.
        always role: String = user.role_word;
        nullable company: CompanyId = user.company_id;
        perhaps company_name: String;
        perhaps company_specialization: String;
        always is_active: bool;
        always email_verified: bool;
        always date_joined: Timestamp;
        /// Whether it is the caller.
        always is_me: bool = viewer == Some(user.id);
    }
}
