//! People: who they are, and whether they may sign in.

pub(crate) mod directory;
pub(crate) mod login_key;

pub use directory::{Taken, UserOrder, UserScope};

use crate::db::engine::{Reader, Tx};
use crate::error::Result;
use std::collections::BTreeSet;
use tawzi_core::id::{CompanyId, UserId};
use tawzi_core::login::LoginKey;
use tawzi_core::time::Timestamp;
use tawzi_core::user::{DisplayName, Role};

row! {
    /// A person, with what their company is called and whether it has a subscription.
    pub struct User {
        /// Their id.
        pub id: UserId,
        /// Their company; a super administrator has none.
        pub company_id: Option<CompanyId>,
        /// The company's name.
        pub company_name: Option<String>,
        /// What the company sells.
        pub company_specialization: Option<String>,
        /// Whether any subscription of the company is active.
        pub subscribed: bool,
        /// The name they sign in with.
        pub username: String,
        /// Their e-mail address.
        pub email: String,
        /// First name, perhaps empty.
        pub first_name: String,
        /// Last name, perhaps empty.
        pub last_name: String,
        /// Phone number.
        pub phone: Option<String>,
        /// Where the reference has their photo; what is there was not taken over.
        pub profile_photo: Option<String>,
        /// What their photo is found by; see [`Reader::photo`].
        pub photo_key: Option<String>,
        /// The word of their role, as stored; see [`User::role`].
        pub role_word: String,
        /// The password's hash.
        pub password_hash: String,
        /// Whether they may sign in and receive clients.
        pub is_active: bool,
        /// A flag of the reference, without meaning here.
        pub is_staff: bool,
        /// Whether they administer all companies.
        pub is_superuser: bool,
        /// Whether the e-mail address was confirmed.
        pub email_verified: bool,
        /// When they joined.
        pub date_joined: Timestamp,
        /// When they signed in last.
        pub last_login: Option<Timestamp>,
        /// How often their tokens were taken back: those of an earlier version are good for nothing.
        pub token_version: i64,
        /// Except those of this session.
        pub surviving_session: Option<String>,
    }
}

impl User {
    /// What they may do within their company.
    pub fn role(&self) -> Role {
        Role::from_stored(&self.role_word)
    }

    /// How they are called in timelines.
    pub fn display_name(&self) -> DisplayName {
        DisplayName::new(&self.first_name, &self.last_name, &self.username)
    }
}

/// A person to be created.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of User")]
pub struct NewUser<'a> {
    pub company: Option<CompanyId>,
    pub username: &'a str,
    pub email: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub phone: Option<&'a str>,
    pub role: &'a str,
    pub password_hash: &'a str,
    pub is_superuser: bool,
    pub date_joined: Timestamp,
}

row! {
    /// What somebody is called.
    pub struct NamedUser {
        /// Who.
        pub id: UserId,
        /// Their company.
        pub company_id: Option<CompanyId>,
        /// Whether they may sign in and receive clients.
        pub is_active: bool,
        /// The name they sign in with.
        pub username: String,
        /// First name, perhaps empty.
        pub first_name: String,
        /// Last name, perhaps empty.
        pub last_name: String,
    }
}

impl NamedUser {
    /// How they are called in timelines.
    pub fn display_name(&self) -> DisplayName {
        DisplayName::new(&self.first_name, &self.last_name, &self.username)
    }
}

/// The beginning of a statement that reads people.
macro_rules! users {
    () => {
        "SELECT u.id, u.company_id, c.name AS company_name,
             c.specialization AS company_specialization,
             EXISTS (SELECT 1 FROM subscription s WHERE s.company_id = u.company_id AND s.is_active)
                 AS subscribed,
             u.username, u.email, u.first_name, u.last_name, u.phone, u.profile_photo,
             p.photo_key, u.role AS role_word, u.password_hash, u.is_active, u.is_staff,
             u.is_superuser, u.email_verified, u.date_joined, u.last_login, u.token_version,
             u.surviving_session
         FROM user_account u
         LEFT JOIN company c ON c.id = u.company_id
         LEFT JOIN user_photo p ON p.user_id = u.id"
    };
}
pub(super) use users;

statements! {
    const READ_NAMES = [
        "SELECT id, company_id, is_active, username, first_name, last_name
         FROM user_account
         WHERE id" IN_IDS
    ];
    const FIND_BY_NAME = [(TEXT users) " WHERE u.username_key = $1"];
    const FIND_BY_EMAIL = [(TEXT users) " WHERE u.email_key = $1"];
    const LOCK = ["SELECT id FROM user_account WHERE id = $1" LOCK_ROWS];
    const LOCK_UNREVOKED = [
        "SELECT id
         FROM user_account
         WHERE id = $1 AND token_version = $2 AND is_active" LOCK_ROWS
    ];

    impl Reader {
        /// The people with those ids, in no particular order.
        pub fn users_with(ids: &[UserId]) -> Vec<User> {
            (TEXT users) " WHERE u.id" IN_IDS
        }

        /// The people of a company, or everybody, by id.
        pub fn users(company: Option<CompanyId>)
            with (company.map_or(0, CompanyId::get)) -> Vec<User>
        {
            (TEXT users) " WHERE $1 = 0 OR u.company_id = $1 ORDER BY u.id"
        }

        /// How many users there are.
        pub fn count_users() -> i64 {
            "SELECT COUNT(*) FROM user_account"
        }

        /// The password's hash of whoever that number falls on, always the same person for a number while
        /// nobody comes or goes; `None` when there is nobody at all.
        pub fn somebodys_password_hash(number: u64)
            with ((number >> 1).cast_signed()) -> Option<String>
        {
            "SELECT password_hash
             FROM user_account
             WHERE id >= $1 % (SELECT MAX(id) + 1 FROM user_account)
             ORDER BY id
             LIMIT 1"
        }
    }

    impl Tx {
        fn insert_user(id: UserId, new: &NewUser<'_>)
            with (id, new.company, new.username, new.email, new.first_name, new.last_name, new.role,
                new.password_hash, new.is_superuser, new.date_joined, new.phone,
                LoginKey::of(new.username), LoginKey::of(new.email))
        {
            "INSERT INTO user_account (id, company_id, username, email, first_name, last_name, role,
                 password_hash, is_active, is_staff, is_superuser, email_verified, date_joined,
                 phone, username_key, email_key)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, TRUE, $9, $9, FALSE, $10, $11, $12, $13)"
        }

        /// Sets the password's hash. Whoever knew the old password must not stay signed in: see
        /// [`Tx::revoke_tokens`].
        pub fn save_password(user: UserId, hash: &str) {
            "UPDATE user_account SET password_hash = $2 WHERE id = $1"
        }

        /// Replaces a password's hash, unless it has changed meanwhile; whether it did.
        pub fn replace_password(user: UserId, old: &str, new: &str) -> bool {
            "UPDATE user_account SET password_hash = $3 WHERE id = $1 AND password_hash = $2"
        }

        /// Notes that the person has signed in.
        pub fn save_last_login(user: UserId, at: Timestamp) {
            "UPDATE user_account SET last_login = $2 WHERE id = $1"
        }

        /// Lets the person sign in and receive clients, or not. Their tokens are to be taken back
        /// together with it, lest they come back to life one day: see [`Tx::revoke_tokens`].
        pub fn save_active(user: UserId, is_active: bool) {
            "UPDATE user_account SET is_active = $2 WHERE id = $1"
        }

        /// Takes back all tokens of a person that there are, whichever server issued them and whatever its
        /// clock says; but those of the session `surviving` stay good. To be called when a password is set, and
        /// when a person is made inactive.
        pub fn revoke_tokens(user: UserId, surviving: Option<&str>) {
            "UPDATE user_account
             SET token_version = token_version + 1, surviving_session = $2
             WHERE id = $1"
        }
    }
}

impl Reader {
    /// The person with that id.
    pub async fn user(&mut self, id: UserId) -> Result<Option<User>> {
        Ok(self.users_with(&[id]).await?.pop())
    }

    /// What those people are called; ids that are nobody's are left out.
    pub async fn named_users(&mut self, ids: &BTreeSet<UserId>) -> Result<Vec<NamedUser>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        fetch!(self, READ_NAMES, ids)
    }

    /// The person with that e-mail address or user name, however it is written; see [`LoginKey`].
    pub async fn find_user(&mut self, login: &str) -> Result<Option<User>> {
        let key = &LoginKey::of(login);
        if login.contains('@')
            && let Some(found) = fetch!(self, FIND_BY_EMAIL, key)?
        {
            return Ok(Some(found));
        }
        fetch!(self, FIND_BY_NAME, key)
    }
}

impl Tx {
    /// Creates a person who may sign in; [`crate::Error::Conflict`] when the user name, the
    /// e-mail address or the phone number is taken.
    pub async fn create_user(&mut self, new: NewUser<'_>) -> Result<UserId> {
        let id = self.writer().take_id().await?;
        self.insert_user(id, &new).await?;
        Ok(id)
    }

    /// Whether the person is there; until commit nobody else locks or changes them.
    pub async fn lock_user(&mut self, user: UserId) -> Result<bool> {
        let found: Option<UserId> = fetch!(self, LOCK, user)?;
        Ok(found.is_some())
    }

    /// Whether the person may still sign in and nobody has taken back their tokens since
    /// `token_version` was read; until commit it stays so.
    pub async fn lock_unrevoked(&mut self, user: UserId, token_version: i64) -> Result<bool> {
        let found: Option<UserId> = fetch!(self, LOCK_UNREVOKED, user, token_version)?;
        Ok(found.is_some())
    }
}
