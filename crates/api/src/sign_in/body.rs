//! What somebody is told who has signed in.

use crate::photos::address_of_photo;
use crate::wire::answer::answer;
use tawzi_app::{SignedIn, User};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_web::ServerAddress;

answer! {
    /// Tokens and whose they are.
    pub(crate) struct LoginBody of signed_in: SignedIn, server: &ServerAddress {
        /// Good for longer; it is exchanged for new tokens.
        always refresh: String;
        /// What requests carry.
        always access: String;
        always user: LoginUser = LoginUser::new(signed_in.user, server);
    }
}

answer! {
    struct LoginUser of user: User, server: &ServerAddress {
        always id: UserId;
        always username: String;
        always email: String;
        always first_name: String;
        always last_name: String;
        /// Unlike elsewhere, empty when there is none.
        always phone: String = user.phone.unwrap_or_default();
        /// The path of a picture.
        nullable profile_photo: String = address_of_photo(user.photo_key.as_deref(), server);
        /// `admin` or `employee`; imported people may have other words.
        always role: String = user.role_word;
        nullable company: CompanyId = user.company_id;
        perhaps company_name: String;
        perhaps company_specialization: String;
        /// Not said to somebody who signs in with a code.
        perhaps is_active: bool = Some(user.is_active);
        always email_verified: bool;
    }
}

impl LoginBody {
    /// The body without what the reference does not say after a code.
    pub(super) fn after_code(signed_in: SignedIn, server: &ServerAddress) -> Self {
        let mut body = Self::new(signed_in, server);
        body.user.is_active = None;
        body
    }
}
