//! What answers look like that are no success.

use serde::Serialize;
use std::borrow::Cow;
use tawzi_app::BadToken;
use tawzi_core::id::ClientId;
use utoipa::ToSchema;

/// The body of a 403 to somebody who signs in.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct ForbiddenBody {
    /// A sentence about why.
    pub(super) error: &'static str,
    /// A word by which programs know it.
    pub(super) code: &'static str,
    #[serde(rename = "subscriptionId", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(super) subscription: Option<i64>,
}

/// The body of a 401.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Unauthenticated {
    detail: &'static str,
    /// A word by which programs know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    messages: &'static [TokenMessage],
}

#[derive(Debug, Serialize, ToSchema)]
struct TokenMessage {
    token_class: &'static str,
    token_type: &'static str,
    message: &'static str,
}

impl Unauthenticated {
    /// No credentials were sent.
    pub(super) const MISSING: Self =
        Self::new("Authentication credentials were not provided.", None);
    /// The header is not `Bearer TOKEN`.
    pub(super) const BAD_HEADER: Self = Self::new(
        "Authorization header must contain two space-delimited values",
        Some("bad_authorization_header"),
    );
    /// The name or the password is wrong, or the account is inactive.
    pub(super) const BAD_CREDENTIALS: Self =
        Self::new("No active account found with the given credentials", None);
    const BAD_ACCESS: Self = Self {
        messages: &[TokenMessage {
            token_class: "AccessToken",
            token_type: "access",
            message: "Token is invalid",
        }],
        ..Self::new(
            "Given token not valid for any token type",
            Some("token_not_valid"),
        )
    };

    const fn new(detail: &'static str, code: Option<&'static str>) -> Self {
        Self {
            detail,
            code,
            messages: &[],
        }
    }

    /// What is said about the token in an `Authorization` header.
    pub(super) const fn of_access(bad: BadToken) -> Self {
        match bad {
            BadToken::Invalid | BadToken::WrongType => Self::BAD_ACCESS,
            BadToken::NoUser => Self::new("User not found", Some("user_not_found")),
            BadToken::Inactive => Self::new("User is inactive", Some("user_inactive")),
        }
    }

    /// What is said about a token in a body.
    pub(super) const fn of_body(bad: BadToken) -> Self {
        match bad {
            BadToken::Invalid => Self::new("Token is invalid", Some("token_not_valid")),
            BadToken::WrongType => Self::new("Token has wrong type", Some("token_not_valid")),
            BadToken::NoUser | BadToken::Inactive => Self::new(
                "No active account found for the given token.",
                Some("no_active_account"),
            ),
        }
    }
}

/// A sentence about what is wrong.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({"detail": "Not found."})))]
pub(crate) struct DetailBody {
    pub(super) detail: Cow<'static, str>,
}

/// The same under another name.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({"error": "Current password is incorrect."})))]
pub(crate) struct ErrorBody {
    /// A sentence about why.
    pub(super) error: Cow<'static, str>,
}

/// What 403 says where the reference has an `error` of its own for a missing role.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the answers for the document")]
#[serde(untagged)]
pub(crate) enum Refused {
    ByRole(ErrorBody),
    AsEverywhere(DetailBody),
}

/// Another client has the phone number already.
#[derive(Serialize, ToSchema)]
pub(crate) struct PhoneTakenBody {
    /// A sentence with the number.
    phone_number: [String; 1],
    #[schema(examples("phone_taken"))]
    code: &'static str,
    /// The client that has it.
    existing_client: ClientId,
}

impl PhoneTakenBody {
    pub(super) fn new(number: &str, existing_client: ClientId) -> Self {
        Self {
            phone_number: [format!(
                "A client with the phone number {number} already exists."
            )],
            code: "phone_taken",
            existing_client,
        }
    }
}
