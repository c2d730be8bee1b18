//! What somebody is told who has signed in.

use crate::photos::address_of_photo;
use serde::Serialize;
use tawzi_app::{SignedIn, User};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_web::ServerAddress;
use utoipa::ToSchema;

/// Tokens and whose they are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LoginBody {
    /// Good for longer; it is exchanged for new tokens.
    refresh: String,
    /// What requests carry.
    access: String,
    user: LoginUser,
}

#[derive(Debug, Serialize, ToSchema)]
struct LoginUser {
    id: UserId,
    username: String,
    email: String,
    first_name: String,
    last_name: String,
    /// Unlike elsewhere, empty when there is none.
    phone: String,
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
    /// Not said to somebody who signs in with a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    is_active: Option<bool>,
    email_verified: bool,
}

impl LoginBody {
    pub(super) fn new(signed_in: SignedIn, server: &ServerAddress) -> Self {
        Self {
            refresh: signed_in.refresh,
            access: signed_in.access,
            user: LoginUser::new(signed_in.user, server),
        }
    }

    /// The body without what the reference does not say after a code.
    pub(super) fn after_code(signed_in: SignedIn, server: &ServerAddress) -> Self {
        let mut body = Self::new(signed_in, server);
        body.user.is_active = None;
        body
    }
}

impl LoginUser {
    fn new(user: User, server: &ServerAddress) -> Self {
        Self {
            profile_photo: address_of_photo(&user, server),
            id: user.id,
            username: user.username,
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            phone: user.phone.unwrap_or_default(),
            role: user.role_word,
            company: user.company_id,
            company_name: user.company_name,
            company_specialization: user.company_specialization,
            is_active: Some(user.is_active),
            email_verified: user.email_verified,
        }
    }
}
