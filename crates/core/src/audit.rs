//! What the security log tells: attempts to get in, and whatever changes who may do what. It is told with ids and a few
//! numbers, never with what somebody typed or is called.

use crate::id::{ApiKeyId, SweepId, UserId};

crate::words! {
    /// What happened, as the log and its lists name it. A program of an older version does not know every word.
    AuditKind {
        /// Somebody was not let in.
        SignInRefused = "sign_in_refused",
        /// Somebody asked more often than they may.
        LimitMet = "limit_met",
        /// A person took all of their tokens back.
        SignedOutEverywhere = "signed_out_everywhere",
        /// A person is there who was not.
        UserCreated = "user_created",
        /// A person is not there any more.
        UserDeleted = "user_deleted",
        /// A person signs in with another name.
        UsernameChanged = "username_changed",
        /// A person has another e-mail address.
        EmailChanged = "email_changed",
        /// A person has another password.
        PasswordChanged = "password_changed",
        /// A person may do more, or less.
        RoleChanged = "role_changed",
        /// A person may sign in again.
        UserActivated = "user_activated",
        /// A person may not sign in any more.
        UserDeactivated = "user_deactivated",
        /// A company is there that was not.
        CompanyCreated = "company_created",
        /// A company is not there any more.
        CompanyDeleted = "company_deleted",
        /// A company belongs to somebody else.
        OwnerChanged = "owner_changed",
        /// A company distributes its clients in another way.
        SettingsChanged = "settings_changed",
        /// A program may work for a company.
        ApiKeyCreated = "api_key_created",
        /// A program may not work for a company any more.
        ApiKeyRevoked = "api_key_revoked",
        /// Clients came from a file.
        ClientsImported = "clients_imported",
        /// Clients went to a file.
        ClientsExported = "clients_exported",
        /// The database of another CRM was taken over.
        DatabaseImported = "database_imported",
        /// A person let neglected clients move on.
        SweepRun = "sweep_run",
    }
}

crate::words! {
    /// Why somebody was not let in.
    SignInRefusal {
        /// Nobody has the name that was shown.
        UnknownName = "unknown_name",
        /// The password is another one.
        WrongPassword = "wrong_password",
        /// The code is another one, was used or has expired.
        WrongCode = "wrong_code",
        /// The person, or their company, may not work.
        Inactive = "inactive",
    }
}

crate::words! {
    /// What there can be too much of.
    Limit {
        /// Attempts to sign in.
        SignIn = "sign_in",
        /// Connections, in all or from one address.
        Connections = "connections",
        /// Requests under way, in all or for one address.
        Requests = "requests",
        /// Questions whether a name, an address or a number is somebody's.
        Names = "names",
    }
}

/// Something for the security log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditEvent {
    /// Somebody was not let in: the person whose name was shown, if it is anybody's.
    SignInRefused(SignInRefusal, Option<UserId>),
    /// Somebody met a limit: the person, where that is known.
    LimitMet(Limit, Option<UserId>),
    /// A person took all of their tokens back.
    SignedOutEverywhere(UserId),
    /// A person is there who was not, with that role.
    UserCreated(UserId, String),
    /// A person is not there any more.
    UserDeleted(UserId),
    /// A person signs in with another name.
    UsernameChanged(UserId),
    /// A person has another e-mail address.
    EmailChanged(UserId),
    /// A person has another password.
    PasswordChanged(UserId),
    /// A person has that role now.
    RoleChanged(UserId, String),
    /// A person may sign in again.
    UserActivated(UserId),
    /// A person may not sign in any more.
    UserDeactivated(UserId),
    /// A company is there that was not.
    CompanyCreated,
    /// A company is not there any more.
    CompanyDeleted,
    /// The company belongs to that person now, if to anybody.
    OwnerChanged(Option<UserId>),
    /// The company's settings that changed, as they are now.
    SettingsChanged(String),
    /// A key was made.
    ApiKeyCreated(ApiKeyId),
    /// A key was revoked.
    ApiKeyRevoked(ApiKeyId),
    /// So many lines of a file were to become clients.
    ClientsImported(i64),
    /// So many clients, or more, went to a file.
    ClientsExported(i64),
    /// The database of another CRM was taken over, with so many companies.
    DatabaseImported(i64),
    /// Somebody let neglected clients move on by hand.
    SweepRun(SweepId),
}

/// An event in the words of the log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AuditRecord {
    /// What happened.
    pub kind: AuditKind,
    /// A word or two more.
    pub detail: Option<String>,
    /// The person to whom it happened.
    pub user: Option<UserId>,
    /// The id of what else it happened to: the kind says whether that is a key or a sweep.
    pub subject: Option<i64>,
    /// How many it was about.
    pub amount: Option<i64>,
}

impl AuditEvent {
    /// The event in the words of the log.
    pub fn record(self) -> AuditRecord {
        use AuditKind as Kind;
        match self {
            Self::SignInRefused(why, person) => AuditRecord::of(Kind::SignInRefused)
                .on(person)
                .with(why.as_str()),
            Self::LimitMet(limit, person) => AuditRecord::of(Kind::LimitMet)
                .on(person)
                .with(limit.as_str()),
            Self::SignedOutEverywhere(person) => {
                AuditRecord::of(Kind::SignedOutEverywhere).on(person)
            }
            Self::UserCreated(person, role) => {
                AuditRecord::of(Kind::UserCreated).on(person).with(role)
            }
            Self::UserDeleted(person) => AuditRecord::of(Kind::UserDeleted).on(person),
            Self::UsernameChanged(person) => AuditRecord::of(Kind::UsernameChanged).on(person),
            Self::EmailChanged(person) => AuditRecord::of(Kind::EmailChanged).on(person),
            Self::PasswordChanged(person) => AuditRecord::of(Kind::PasswordChanged).on(person),
            Self::RoleChanged(person, role) => {
                AuditRecord::of(Kind::RoleChanged).on(person).with(role)
            }
            Self::UserActivated(person) => AuditRecord::of(Kind::UserActivated).on(person),
            Self::UserDeactivated(person) => AuditRecord::of(Kind::UserDeactivated).on(person),
            Self::CompanyCreated => AuditRecord::of(Kind::CompanyCreated),
            Self::CompanyDeleted => AuditRecord::of(Kind::CompanyDeleted),
            Self::OwnerChanged(owner) => AuditRecord::of(Kind::OwnerChanged).on(owner),
            Self::SettingsChanged(settings) => {
                AuditRecord::of(Kind::SettingsChanged).with(settings)
            }
            Self::ApiKeyCreated(key) => AuditRecord::of(Kind::ApiKeyCreated).about(key.get()),
            Self::ApiKeyRevoked(key) => AuditRecord::of(Kind::ApiKeyRevoked).about(key.get()),
            Self::ClientsImported(clients) => AuditRecord::of(Kind::ClientsImported).many(clients),
            Self::ClientsExported(clients) => AuditRecord::of(Kind::ClientsExported).many(clients),
            Self::DatabaseImported(companies) => {
                AuditRecord::of(Kind::DatabaseImported).many(companies)
            }
            Self::SweepRun(sweep) => AuditRecord::of(Kind::SweepRun).about(sweep.get()),
        }
    }
}

impl AuditRecord {
    const fn of(kind: AuditKind) -> Self {
        Self {
            kind,
            detail: None,
            user: None,
            subject: None,
            amount: None,
        }
    }

    fn on(self, user: impl Into<Option<UserId>>) -> Self {
        let user = user.into();
        Self { user, ..self }
    }

    fn with(self, detail: impl Into<String>) -> Self {
        let detail = Some(detail.into());
        Self { detail, ..self }
    }

    fn about(self, subject: i64) -> Self {
        let subject = Some(subject);
        Self { subject, ..self }
    }

    fn many(self, amount: i64) -> Self {
        let amount = Some(amount);
        Self { amount, ..self }
    }
}
