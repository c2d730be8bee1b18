//! Who asks, and what they may see and do.
//!
//! A person may do what their role says. A key is no person: it belongs to its company, not to whoever
//! made it, and goes on working when that person leaves. With it a program sees everything of the
//! company, as an administrator does, and works on its clients: it creates, edits, assigns and deletes
//! clients and client tasks. Whatever is about people, passwords, settings, companies, sweeping by hand
//! or keys needs a person; [`Actor::require_admin`] and [`Actor::require_user`] say so.

use crate::access::asker::Asker;
use crate::access::token::Session;
use crate::audit::By;
use crate::error::{Denied, Error, Result, Thing, require};
use std::net::IpAddr;
use std::sync::Arc;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::user::Role;
use tawzi_store::{ApiKeyIdentity, Author, User, UserScope, Viewer};

/// A person who has proved who they are, or a program with a key of a company.
#[derive(Clone, Debug)]
pub struct Actor {
    identity: Identity,
    session: Option<Session>,
    address: Option<IpAddr>,
}

#[derive(Clone, Debug)]
enum Identity {
    User(Arc<User>),
    Key(ApiKeyIdentity),
}

impl Actor {
    /// The person, whose identity the caller has checked.
    pub fn new(user: User) -> Self {
        Self {
            identity: Identity::User(Arc::new(user)),
            session: None,
            address: None,
        }
    }

    /// The person, proved by an access token of that session.
    pub(crate) fn with_token(user: User, session: Session) -> Self {
        Self {
            session: Some(session),
            ..Self::new(user)
        }
    }

    /// A program with a good key.
    pub(crate) const fn with_key(key: ApiKeyIdentity) -> Self {
        Self {
            identity: Identity::Key(key),
            session: None,
            address: None,
        }
    }

    /// The same, asking from that address.
    #[must_use]
    pub fn at_address(self, address: Option<IpAddr>) -> Self {
        Self { address, ..self }
    }

    /// Who does what is done now, for the security log.
    pub fn by(&self) -> By {
        By {
            author: self.author(),
            address: self.address,
        }
    }

    /// The session whose token proved who it is; `None` when it was no token.
    pub(crate) const fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The key, if it is one.
    pub(crate) const fn key(&self) -> Option<&ApiKeyIdentity> {
        match &self.identity {
            Identity::User(_) => None,
            Identity::Key(key) => Some(key),
        }
    }

    /// The person, if it is one.
    pub fn user(&self) -> Option<&User> {
        match &self.identity {
            Identity::User(user) => Some(user),
            Identity::Key(_) => None,
        }
    }

    /// The person's id; `None` for a key, which is nobody.
    pub fn id(&self) -> Option<UserId> {
        self.user().map(|user| user.id)
    }

    /// Whose turn it is when many ask for what takes long.
    pub(crate) fn asker(&self) -> Asker {
        self.id().map_or(Asker::Line(None), Asker::Person)
    }

    /// Who has done what is done now. A key is named itself, and not whoever made it: they did nothing.
    pub fn author(&self) -> Author {
        match &self.identity {
            Identity::User(user) => Author::User(user.id),
            Identity::Key(key) => Author::ApiKey(key.id),
        }
    }

    /// Their company.
    pub fn company(&self) -> Option<CompanyId> {
        match &self.identity {
            Identity::User(user) => user.company_id,
            Identity::Key(key) => Some(key.company_id),
        }
    }

    /// What their company is called.
    pub fn company_name(&self) -> Option<&str> {
        match &self.identity {
            Identity::User(user) => user.company_name.as_deref(),
            Identity::Key(key) => Some(&key.company_name),
        }
    }

    /// Whether they administer all companies.
    pub fn is_superuser(&self) -> bool {
        self.user().is_some_and(|user| user.is_superuser)
    }

    /// Whether they may work at all: super administrators, and everybody and every key of a company
    /// with an active subscription (contract, section 2.3). Whatever else is required of them is required after that.
    pub fn require_subscription(&self) -> Result<()> {
        let may_work = match &self.identity {
            Identity::User(user) => user.is_superuser || user.subscribed,
            Identity::Key(key) => key.subscribed,
        };
        require(may_work, Denied::NoSubscription)
    }

    /// The person, for what no key may do.
    pub fn require_user(&self) -> Result<&User> {
        self.user().ok_or_else(|| Denied::NoPerson.into())
    }

    /// The company whose clients they see, and with whose eyes; `None` when they see no client.
    pub fn sight(&self) -> Option<(CompanyId, Viewer)> {
        let company = self.company()?;
        match self.user().map(|user| (user.id, user.role())) {
            None | Some((_, Role::Admin)) => Some((company, Viewer::Everything)),
            Some((id, Role::Employee)) => Some((company, Viewer::AssignedTo(id))),
            Some((_, Role::Other)) => None,
        }
    }

    /// The company whose clients they see, for verbs about one thing: what cannot be seen is not there.
    pub(crate) fn require_sight(&self, thing: Thing) -> Result<(CompanyId, Viewer)> {
        self.require_subscription()?;
        self.sight().ok_or(Error::NotFound(thing))
    }

    /// The company of which they see everything: as its administrator, or with its key.
    pub fn require_full_sight(&self) -> Result<CompanyId> {
        self.require_subscription()?;
        match self.sight() {
            Some((company, Viewer::Everything)) => Ok(company),
            _ => Err(Denied::NotAdmin.into()),
        }
    }

    /// The people they see: everybody, those of the company they see all of, or themselves.
    pub(crate) fn user_scope(&self) -> UserScope {
        match &self.identity {
            Identity::Key(key) => UserScope::Company(key.company_id),
            Identity::User(user) => match (user.company_id, user.role()) {
                _ if user.is_superuser => UserScope::Everybody,
                (Some(company), Role::Admin) => UserScope::Company(company),
                _ => UserScope::Only(user.id),
            },
        }
    }

    /// Whether they administer all companies.
    pub fn require_superuser(&self) -> Result<()> {
        require(self.require_user()?.is_superuser, Denied::NotAdmin)
    }

    /// Whether they administer all companies, or their own.
    pub fn require_any_admin(&self) -> Result<()> {
        if self.is_superuser() {
            return Ok(());
        }
        self.require_admin().map(drop)
    }

    /// The company they belong to: as its administrator, as an employee, or as its key.
    pub(crate) fn require_company(&self) -> Result<CompanyId> {
        self.require_subscription()?;
        let (company, _) = self.sight().ok_or(Denied::NoCompany)?;
        Ok(company)
    }

    /// The company they administer, in person.
    pub fn require_admin(&self) -> Result<CompanyId> {
        self.require_subscription()?;
        let user = self.require_user()?;
        match (user.company_id, user.role()) {
            (Some(company), Role::Admin) => Ok(company),
            _ => Err(Denied::NotAdmin.into()),
        }
    }
}
