//! The person who asks.

use crate::error::{Denied, Error, Result};
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::time::Timestamp;
use tawzi_core::user::Role;
use tawzi_store::{User, UserScope, Viewer};

/// A person who has proved who they are.
#[derive(Clone, Debug)]
pub struct Actor {
    user: User,
    /// When the token was issued that proved it.
    token_issued_at: Option<Timestamp>,
}

impl Actor {
    /// The person, whose identity the caller has checked.
    pub const fn new(user: User) -> Self {
        Self {
            user,
            token_issued_at: None,
        }
    }

    /// The same, proved by an access token of that moment.
    pub(crate) const fn with_token(user: User, issued_at: Timestamp) -> Self {
        Self {
            user,
            token_issued_at: Some(issued_at),
        }
    }

    /// When the token was issued that proved who it is; `None` when it was no token.
    pub(crate) const fn token_issued_at(&self) -> Option<Timestamp> {
        self.token_issued_at
    }

    /// Who it is.
    pub const fn user(&self) -> &User {
        &self.user
    }

    /// Their id.
    pub const fn id(&self) -> UserId {
        self.user.id
    }

    /// Their company.
    pub const fn company(&self) -> Option<CompanyId> {
        self.user.company_id
    }

    /// Whether they may work at all: super administrators, and everybody of a company with an
    /// active subscription (contract, section 2.3).
    pub fn require_subscription(&self) -> Result<()> {
        if self.user.is_superuser || self.user.subscribed {
            Ok(())
        } else {
            Err(Denied::NoSubscription.into())
        }
    }

    /// The company whose clients they see, and with whose eyes; `None` when they see no client.
    pub fn sight(&self) -> Option<(CompanyId, Viewer)> {
        let company = self.user.company_id?;
        match self.user.role() {
            Role::Admin => Some((company, Viewer::Everything)),
            Role::Employee => Some((company, Viewer::AssignedTo(self.user.id))),
            Role::Other => None,
        }
    }

    /// The same, for verbs about one thing: what cannot be seen is not there.
    pub(crate) fn require_sight(&self, thing: &'static str) -> Result<(CompanyId, Viewer)> {
        self.sight().ok_or(Error::NotFound(thing))
    }

    /// The people they see: everybody, those of the company they administer, or themselves.
    pub(crate) fn people(&self) -> UserScope {
        match (self.user.company_id, self.user.role()) {
            _ if self.user.is_superuser => UserScope::Everybody,
            (Some(company), Role::Admin) => UserScope::Company(company),
            _ => UserScope::Only(self.user.id),
        }
    }

    /// Whether they administer all companies.
    pub fn require_superuser(&self) -> Result<()> {
        if self.user.is_superuser {
            Ok(())
        } else {
            Err(Denied::NotAdmin.into())
        }
    }

    /// The company they belong to, as its administrator or as an employee.
    pub(crate) fn require_member(&self) -> Result<CompanyId> {
        match (self.user.company_id, self.user.role()) {
            (Some(company), Role::Admin | Role::Employee) => Ok(company),
            _ => Err(Denied::NoCompany.into()),
        }
    }

    /// The company they administer.
    pub fn require_admin(&self) -> Result<CompanyId> {
        match (self.user.company_id, self.user.role()) {
            (Some(company), Role::Admin) => Ok(company),
            _ => Err(Denied::NotAdmin.into()),
        }
    }
}
